//! The rows of the items table that are purchases (`segment-language.md`, Purchase behaviours).

use super::names::Names;
use super::select::Select;
use super::table::{Source, id_text};
use super::tongue::Unsayable;
use super::writer::Writer;
use crate::segment::{
    CheckedGroup, CheckedNode, ColumnTest, Criterion, DataType, ListMembers, Meaning, PurchaseTest,
};

/// The common table expression of purchases and what its columns are called.
pub struct Purchases {
    /// Its name.
    pub name: String,
    /// Column of the items table, its type, its name here.
    columns: Vec<(String, DataType, String)>,
    /// The name of the customer's first order.
    pub first_order: String,
    /// The name of the order.
    pub order: String,
    /// The column of the order's date and time.
    pub order_datetime: String,
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
    pub fn find(writer: &mut Writer, sides: [&CheckedGroup; 2]) -> Result<Option<Self>, Unsayable> {
        let mut needs = Needs::default();
        sides.into_iter().for_each(|side| needs.group(side));
        match needs.table.clone() {
            Some(table) => Self::add(writer, &table, &needs).map(Some),
            None => Ok(None),
        }
    }

    fn add(writer: &mut Writer, table: &str, needs: &Needs) -> Result<Self, Unsayable> {
        let (source, tongue) = (writer.table(table)?, writer.tongue);
        let roles = &writer.asked.view.database.roles.items_columns;
        let id = writer.asked.view.activation_id;
        let mut names = Names::with([id]);
        let mut selected = vec![source.named_id()?];
        let mut columns: Vec<(String, DataType, String)> = Vec::new();
        let always = [&roles.order_id, &roles.order_datetime];
        for column in always.into_iter().chain(&needs.columns) {
            if columns.iter().any(|(known, ..)| known == column) {
                continue;
            }
            let sql = source.column(column);
            let is_the_id = *column == id && selected.first() == Some(&sql);
            let name = if is_the_id {
                sql
            } else if names.take(column) {
                selected.push(sql.clone());
                sql
            } else {
                let name = names.give(column);
                selected.push(format!("{sql} AS {}", tongue.name(&name)));
                tongue.name(&name)
            };
            columns.push((column.clone(), source.data_type(column), name));
        }
        let (order, order_datetime) = (source.column(&roles.order_id), source.column(&roles.order_datetime));
        let first_order = tongue.name(&names.give(&format!("first_{}", roles.order_id)));
        if needs.first_order {
            let text = id_text(&order, source.data_type(&roles.order_id), tongue);
            let text = tongue.by_code_point(&text.unwrap_or_else(|| order.clone()));
            selected.push(format!(
                "first_value({order}) OVER (\n    PARTITION BY {}\n    ORDER BY {order_datetime}, {text}\n) AS {first_order}",
                source.raw_id()
            ));
        }
        let flags = [&roles.is_return, &roles.is_cancellation];
        let mut filters = vec![format!("{order} IS NOT NULL"), format!("{order_datetime} IS NOT NULL")];
        filters.extend(
            flags
                .into_iter()
                .filter(|flag| is_flag(&source, flag))
                .map(|flag| format!("NOT coalesce({}, FALSE)", source.column(flag))),
        );
        let select = Select { columns: selected, from: source.from(), filters, ..Select::default() };
        let comment = "What was bought: no returns, no cancellations";
        let name = writer.with.add("purchases", comment, select.to_string());
        let order = column_named(&columns, &roles.order_id);
        Ok(Self { name, columns, first_order, order, order_datetime: roles.order_datetime.clone() })
    }

    /// The name and type of a column of the items table.
    pub fn column(&self, column: &str) -> (String, DataType) {
        let known = self.columns.iter().find(|(known, ..)| known == column);
        known.map_or_else(
            || (column.to_owned(), DataType::String),
            |(_, data_type, name)| (name.clone(), *data_type),
        )
    }
}

fn column_named(columns: &[(String, DataType, String)], column: &str) -> String {
    let known = columns.iter().find(|(known, ..)| known == column);
    known.map(|(.., name)| name.clone()).unwrap_or_default()
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
                        && let Meaning::Visual { include, exclude } = &checked.meaning
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
