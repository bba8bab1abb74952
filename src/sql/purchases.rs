//! The rows of the items table that are purchases (`segment-language.md`, Purchase behaviours).

use super::names::Names;
use super::predicate::Value;
use super::select::Select;
use super::table::{Source, id_text};
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, ColumnTest, Criterion, DataType, ListMembers, PurchaseTest,
};

/// The common table expression of purchases and what its columns are called.
pub struct Purchases {
    /// Its name.
    pub name: String,
    /// The order.
    pub order: String,
    /// The customer's first order.
    pub first_order: String,
    columns: Vec<Named>,
}

/// A column of the items table under its name here.
struct Named {
    column: String,
    value: Value,
}

/// What conditions ask of purchases.
#[derive(Default)]
struct Needs {
    table: Option<String>,
    columns: Vec<String>,
    first_order: bool,
}

impl Purchases {
    /// Adds them to a query, if any condition asks for them.
    pub fn find(writer: &mut Writer, sides: [&CheckedGroup; 2]) -> Result<Option<Self>, Unsupported> {
        let mut needs = Needs::default();
        sides.into_iter().for_each(|side| needs.group(side));
        match needs.table.clone() {
            Some(table) => Self::add(writer, &table, &needs).map(Some),
            None => Ok(None),
        }
    }

    fn add(writer: &mut Writer, table: &str, needs: &Needs) -> Result<Self, Unsupported> {
        let (tongue, roles) = (writer.tongue, &writer.asked.view.database.roles.items_columns);
        let flags = [roles.is_return.as_str(), roles.is_cancellation.as_str()];
        let always = [roles.order_id.as_str(), roles.order_datetime.as_str()];
        let asked = needs.columns.iter().map(String::as_str);
        let in_use: Vec<&str> = always.into_iter().chain(asked).collect();
        let source = writer.table(table, &[in_use.as_slice(), &flags].concat())?;
        let id = writer.asked.view.activation_id;
        let mut names = Names::with([id]);
        let mut selected = vec![source.named_id()?];
        let mut columns: Vec<Named> = Vec::new();
        for column in in_use {
            if columns.iter().any(|known| known.column == column) {
                continue;
            }
            let (sql, plain) = (source.column(column), tongue.name(column));
            let name = if column == id && selected.first() == Some(&plain) {
                plain
            } else if names.take(column) {
                selected.push(sql);
                plain
            } else {
                let name = tongue.name(&names.give(column));
                selected.push(format!("{sql} AS {name}"));
                name
            };
            let value = Value { sql: name, data_type: source.data_type(column) };
            columns.push(Named { column: column.to_owned(), value });
        }
        let (order, time) = (source.column(&roles.order_id), source.column(&roles.order_datetime));
        let first_order = tongue.name(&names.give(&format!("first_{}", roles.order_id)));
        if needs.first_order {
            let text = id_text(&order, source.data_type(&roles.order_id), tongue);
            let text = tongue.by_code_point(&text.unwrap_or_else(|| order.clone()));
            let (partition, by) = (source.raw_id(), format!("{time}, {text}"));
            selected.push(format!(
                "first_value({order}) OVER (\n    PARTITION BY {partition}\n    ORDER BY {by}\n) AS {first_order}"
            ));
        }
        let flags = flags.into_iter().filter(|flag| is_flag(&source, flag));
        let flags = flags.map(|flag| format!("NOT coalesce({}, FALSE)", source.column(flag)));
        let filters = [format!("{order} IS NOT NULL"), format!("{time} IS NOT NULL")];
        let filters = filters.into_iter().chain(flags).collect();
        let select = Select { columns: selected, from: source.from(), filters, ..Select::default() };
        let comment = "What was bought: no returns, no cancellations";
        let name = writer.with.add("purchases", comment, select.to_string());
        let purchases = Self { name, order: String::new(), first_order, columns };
        Ok(Self { order: purchases.column(&roles.order_id).sql, ..purchases })
    }

    /// A column of the items table.
    pub fn column(&self, column: &str) -> Value {
        let known = self.columns.iter().find(|known| known.column == column);
        // They have all been asked for.
        known.map_or_else(
            || Value { sql: column.to_owned(), data_type: DataType::String },
            |known| known.value.clone(),
        )
    }
}

/// A flag without any value has no type of its own and drops nothing.
fn is_flag(source: &Source, column: &str) -> bool {
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
