//! The common table expression of purchases (`docs/reference/segment-language.md`, Purchase behaviours).

use super::purchases::{Purchases, RenamedColumn, find};
use super::table::{TableSource, id_text};
use super::writer::QueryWriter;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, ColumnTest, Criterion, DataType, ListMembers, PurchaseTest,
};
use crate::sql::layout::{Fragment, Select, UniqueNames, sql};
use crate::sql::predicate::TypedExpr;
use crate::sql::unsupported::Unsupported;

/// What conditions ask of purchases.
#[derive(Default)]
struct Needs {
    table: Option<String>,
    columns: Vec<String>,
    first_order: bool,
}

impl QueryWriter<'_> {
    /// Adds the purchases to the query, if any condition asks for them.
    pub(crate) fn add_purchases<'g>(
        &mut self,
        sides: impl IntoIterator<Item = &'g CheckedGroup>,
    ) -> Result<(), Unsupported> {
        let mut needs = Needs::default();
        sides.into_iter().for_each(|side| needs.group(side));
        if let Some(table) = needs.table.clone() {
            self.purchases = Some(self.purchases_table(&table, &needs)?);
        }
        Ok(())
    }

    fn purchases_table(&mut self, table: &str, needs: &Needs) -> Result<Purchases, Unsupported> {
        let roles = &self.request.view.database.roles.items_columns;
        let flags = [roles.is_return.as_str(), roles.is_cancellation.as_str()];
        let always = [roles.order_id.as_str(), roles.order_datetime.as_str()];
        let needed = needs.columns.iter().map(String::as_str);
        let in_use: Vec<&str> = always.into_iter().chain(needed).collect();
        let source = self.table(table, &[in_use.as_slice(), &flags].concat())?;
        let mut names = UniqueNames::reserving([self.request.view.activation_id]);
        let mut selected = vec![source.aliased_id()?];
        let columns = self.renamed_columns(&source, &in_use, &mut names, &mut selected);
        let (order, time) = (source.column(&roles.order_id), source.column(&roles.order_datetime));
        let first_order: Fragment =
            self.dialect.identifier(&names.allocate(&format!("first_{}", roles.order_id))).into();
        if needs.first_order {
            let text = id_text(&order, source.data_type(&roles.order_id), self.dialect);
            let text = self.dialect.by_code_point(&text.unwrap_or_else(|| order.clone()));
            let by = sql!["ORDER BY ", &time, ", ", text];
            let window = sql!["PARTITION BY ", source.raw_id(), Fragment::LineBreak, by].in_parentheses();
            selected.push(sql!["first_value(", &order, ") OVER ", window, " AS ", &first_order]);
        }
        let filters = self.is_purchase(&source);
        let select = Fragment::from(Select { filters, ..Select::new(selected, source.from()) });
        let name = self.with.add("purchases", "What was bought: no returns, no cancellations", &select);
        let order = find(&columns, &roles.order_id).sql;
        Ok(Purchases { name, order, first_order, columns })
    }

    /// That a row of the items table is a purchase.
    pub(crate) fn is_purchase(&self, items: &TableSource) -> Vec<Fragment> {
        let roles = &self.request.view.database.roles.items_columns;
        let flags = [roles.is_return.as_str(), roles.is_cancellation.as_str()];
        let flags = flags.into_iter().filter(|flag| is_flag(items, flag));
        let flags = flags.map(|flag| sql!["NOT coalesce(", items.column(flag), ", FALSE)"]);
        let has_value = |column: &str| sql![items.column(column), " IS NOT NULL"];
        [has_value(&roles.order_id), has_value(&roles.order_datetime)].into_iter().chain(flags).collect()
    }

    /// The columns in use, each once, under names that no other has.
    fn renamed_columns(
        &self,
        source: &TableSource,
        in_use: &[&str],
        names: &mut UniqueNames,
        selected: &mut Vec<Fragment>,
    ) -> Vec<RenamedColumn> {
        let id = self.request.view.activation_id;
        let mut columns: Vec<RenamedColumn> = Vec::new();
        for &column in in_use {
            if columns.iter().any(|known| known.column == column) {
                continue;
            }
            let (sql, plain) = (source.column(column), Fragment::from(self.dialect.identifier(column)));
            let name = if column == id && selected.first() == Some(&plain) {
                plain
            } else if names.reserve(column) {
                selected.push(sql);
                plain
            } else {
                let name = self.dialect.identifier(&names.allocate(column));
                selected.push(sql![sql, " AS ", &name]);
                name.into()
            };
            let renamed = TypedExpr { sql: name, data_type: source.data_type(column) };
            columns.push(RenamedColumn { column: column.to_owned(), renamed });
        }
        columns
    }
}

/// A flag without any value has no type of its own and drops nothing.
fn is_flag(source: &TableSource, column: &str) -> bool {
    source.has(column) && source.data_type(column) == DataType::Boolean
}

impl Needs {
    fn group(&mut self, group: &CheckedGroup) {
        for node in &group.nodes {
            match node {
                CheckedNode::Group(group) => self.group(group),
                CheckedNode::Condition(_, criterion) => self.criterion(criterion),
                CheckedNode::List(_, list) => {
                    if let ListMembers::Segment(_, checked) = &list.members
                        && let CheckedDefinition::Visual { include, exclude } = &checked.meaning
                    {
                        self.group(include);
                        self.group(exclude);
                    }
                }
            }
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let Criterion::Purchase { table, test, filters, .. } = criterion else { return };
        self.table = Some(table.clone());
        self.columns.extend(filters.iter().map(|filter: &ColumnTest| filter.column.clone()));
        match test {
            PurchaseTest::First | PurchaseTest::Repeat => self.first_order = true,
            PurchaseTest::Total { column, .. } => self.columns.push(column.clone()),
            PurchaseTest::Orders(_) | PurchaseTest::None | PurchaseTest::MostFrequent => {}
        }
    }
}
