//! Columns that are not for others: left out where nothing looks at them, else with other values in place of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use polars::prelude::{
    AnyValue, Column, DataFrame, DataType, IntoColumn, IntoLazy, PolarsResult, Series, TimeUnit,
};

use crate::backend::{BackendError, HiddenColumn};
use crate::database::{Roles, Table};
use crate::diagnostic::Diagnostic;
use crate::local::cut::UsedColumns;
use crate::local::engine::Engine;
use crate::local::error::unreadable;
use crate::local::files::{LocalDatabase, LocalTable};
use crate::local::values::is_blank;
use crate::local::view::View;

/// The columns that the segment and the insights look at, by the name of the table.
pub(super) struct InUse(BTreeSet<(String, String)>);

/// What the insights look at in tables that play a part, whichever it is.
const OF_INSIGHTS: &[&str] = &[
    "email",
    "phone",
    "address",
    "city",
    "state",
    "postal",
    "order_id",
    "order_datetime",
    "order_revenue",
    "order_quantity",
    "l12m_order_frequency",
    "l12m_order_revenue",
    "contactable_email",
    "contactable_phone",
    "contactable_address",
];

impl InUse {
    pub fn new(view: &View<'_>, used: UsedColumns) -> Self {
        let mut all = BTreeSet::new();
        for (key, columns) in used {
            let name = view.database.table_by_key(&key).map_or(key, |table| table.name.clone());
            all.extend(columns.into_iter().map(|column| (name.clone(), column)));
        }
        let Roles { customers, orders, items, attributes, predicted, contact, items_columns } =
            &view.database.roles;
        let items_columns = [
            &items_columns.order_id,
            &items_columns.order_datetime,
            &items_columns.item_revenue,
            &items_columns.item_quantity,
            &items_columns.is_return,
            &items_columns.is_cancellation,
        ];
        let columns = OF_INSIGHTS.iter().copied().chain(items_columns.into_iter().map(String::as_str));
        let columns: Vec<&str> = columns.collect();
        for table in [customers, orders, items, attributes, predicted, contact].into_iter().flatten() {
            all.extend(columns.iter().map(|column| (table.clone(), (*column).to_owned())));
        }
        for table in &view.database.tables {
            for lookup in table.content.iter().flat_map(|content| &content.lookups) {
                let keys = [&table.name, &lookup.table].map(|name| (name.clone(), lookup.on.clone()));
                all.extend(keys);
            }
        }
        Self(all)
    }

    fn has(&self, table: &str, column: &str) -> bool {
        self.0.contains(&(table.to_owned(), column.to_owned()))
    }
}

/// What becomes of the columns that are to be hidden.
#[derive(Default)]
pub(super) struct Hiding {
    /// By table and column, whether other values stand in for its own.
    columns: BTreeMap<(String, String), bool>,
    stand_ins: StandIns,
}

impl Hiding {
    /// # Errors
    /// There is no such column, or nobody can be told from another without it.
    pub fn new(
        wanted: &[String],
        view: &View<'_>,
        cut: &LocalDatabase,
        in_use: &InUse,
    ) -> Result<Self, BackendError> {
        let mut columns = BTreeMap::new();
        for name in wanted {
            let named = named(name, cut, view);
            if named.is_empty() {
                return Err(refused(
                    format!("no table of the case has a column {name:?}"),
                    "name it as COLUMN or TABLE.COLUMN",
                ));
            }
            for (table, column) in named {
                let id = view.database.table(&table).and_then(|table| table.id_column(view.activation_id));
                if id == Some(column.as_str()) {
                    return Err(refused(
                        format!(
                            "{column:?} of {table:?} is the activation ID, by which the customers are known"
                        ),
                        "hide other columns",
                    ));
                }
                let is_replaced = in_use.has(&table, &column);
                columns.insert((table, column), is_replaced);
            }
        }
        // What is looked up is hidden where it comes from too, and the other way round, in one way.
        for table in &view.database.tables {
            for lookup in table.content.iter().flat_map(|content| &content.lookups) {
                for column in lookup.columns.iter().chain([&lookup.on]) {
                    let ends = [&lookup.table, &table.name].map(|name| (name.clone(), column.clone()));
                    if ends.iter().any(|end| columns.contains_key(end)) {
                        let is_replaced = ends.iter().any(|(table, column)| in_use.has(table, column));
                        columns.extend(ends.map(|end| (end, is_replaced)));
                    }
                }
            }
        }
        Ok(Self { columns, stand_ins: StandIns::new(cut) })
    }

    /// The columns, with what became of them.
    pub fn columns(&self) -> Vec<HiddenColumn> {
        let column = |((table, column), is_replaced): (&(String, String), &bool)| HiddenColumn {
            table: table.clone(),
            column: column.clone(),
            is_replaced: *is_replaced,
        };
        self.columns.iter().map(column).collect()
    }

    /// Whether a column is hidden.
    pub fn hides(&self, table: &str, column: &str) -> bool {
        self.columns.contains_key(&(table.to_owned(), column.to_owned()))
    }

    /// An engine on the same database without what is hidden.
    pub fn apply(&self, cut: &Engine) -> Result<Engine, BackendError> {
        let database = &cut.database;
        let tables = database.tables.iter().map(|table| {
            let Some(content) = table.content.as_ref().ok().filter(|content| content.rows.is_some()) else {
                return Ok(LocalTable { table: table.clone(), frame: None });
            };
            let names: Vec<&str> = content.columns.iter().map(|column| column.name.as_str()).collect();
            let failed = unreadable(&table.name);
            let frame = database.read(table, &names).map_err(&failed)?;
            let frame = self.frame(&table.name, frame)?;
            let kept = |name: &str| frame.get_column_index(name).is_some();
            let mut content = content.clone();
            content.columns.to_mut().retain(|column| kept(&column.name));
            let content = Ok(content);
            Ok(LocalTable { table: Table { content, ..table.clone() }, frame: Some(frame.lazy().into()) })
        });
        let tables = tables.collect::<Result<Vec<_>, BackendError>>()?;
        let plain = (**database.plain()).clone();
        Ok(cut.on_other(Arc::new(LocalDatabase::new(plain, tables))))
    }

    /// The rows of a table without what is hidden.
    pub fn frame(&self, table: &str, frame: DataFrame) -> Result<DataFrame, BackendError> {
        let failed = unreadable(table);
        let mut columns = Vec::new();
        for column in frame.columns() {
            match self.columns.get(&(table.to_owned(), column.name().to_string())) {
                None => columns.push(column.clone()),
                Some(false) => {}
                Some(true) => columns.push(self.stand_ins.column(table, column)?),
            }
        }
        DataFrame::new(frame.height(), columns).map_err(failed)
    }
}

/// The columns that a name means: of one table, or of all.
fn named(name: &str, cut: &LocalDatabase, view: &View<'_>) -> Vec<(String, String)> {
    let has_rows = |table: &Table| table.content.as_ref().is_ok_and(|content| content.rows.is_some());
    let looked_up = |table: &Table| {
        let lookups = view.database.tables.iter().flat_map(|table| table.content.iter());
        lookups.flat_map(|content| &content.lookups).any(|lookup| lookup.table == table.name)
    };
    let tables = || cut.tables.iter().filter(|table| has_rows(table) || looked_up(table));
    let of_table = |table: &Table, column: &str| {
        table.column(column).map(|column| (table.name.clone(), column.name.clone()))
    };
    let qualified = tables().filter_map(|table| {
        let column = name.strip_prefix(table.name.as_str())?.strip_prefix('.')?;
        of_table(table, column)
    });
    let qualified: Vec<_> = qualified.collect();
    if qualified.is_empty() {
        tables().filter_map(|table| of_table(table, name)).collect()
    } else {
        qualified
    }
}

/// Values that stand in for others: the same for the same, in all columns of a type.
#[derive(Default)]
struct StandIns(std::sync::Mutex<HashMap<String, i64>>, i64);

impl StandIns {
    /// None of them is a value of the database, as long as that has no fewer than so many rows.
    fn new(cut: &LocalDatabase) -> Self {
        let rows = cut.tables.iter().filter_map(|table| table.content.as_ref().ok()?.rows).sum::<u64>();
        Self(std::sync::Mutex::default(), i64::try_from(rows).unwrap_or_default())
    }

    /// The number of a value, from 1 on in the order in which they come.
    fn number(&self, value: &AnyValue<'_>) -> i64 {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let next = i64::try_from(known.len()).unwrap_or_default() + 1;
        *known.entry(format!("{value:?}")).or_insert(next)
    }

    fn column(&self, table: &str, column: &Column) -> Result<Column, BackendError> {
        let name = column.name();
        let cannot = |what: &str| {
            refused(
                format!("{name:?} of {table:?} is looked at, and {what} cannot stand in for one another"),
                "hide other columns",
            )
        };
        let failed = unreadable(table);
        let mut values = Vec::with_capacity(column.len());
        let texts: Vec<AnyValue<'_>> =
            (0..column.len()).map(|row| column.get(row)).collect::<PolarsResult<_>>().map_err(&failed)?;
        for value in texts {
            let number = || self.number(&value);
            values.push(match &value {
                AnyValue::Null => AnyValue::Null,
                AnyValue::String(_) | AnyValue::StringOwned(_) if value.get_str().is_some_and(is_blank) => {
                    value.clone()
                }
                AnyValue::String(_) | AnyValue::StringOwned(_) => {
                    AnyValue::StringOwned(format!("hidden {}", number()).into())
                }
                AnyValue::Int64(_) => AnyValue::Int64(7_000_000_000 + self.1 + number()),
                #[allow(clippy::cast_precision_loss)] // far below 2^53
                AnyValue::Float64(_) => AnyValue::Float64((7_000_000_000 + self.1 + number()) as f64),
                AnyValue::Date(_) => AnyValue::Date(i32::try_from(number()).unwrap_or_default()),
                AnyValue::Datetime(..) => {
                    AnyValue::Datetime(number() * 86_400_000_000, TimeUnit::Microseconds, None)
                }
                AnyValue::Boolean(_) => return Err(cannot("true and false")),
                _ => return Err(cannot("exact decimals")),
            });
        }
        let data_type: &DataType = column.dtype();
        let series = Series::from_any_values_and_dtype(name.clone(), &values, data_type, true);
        Ok(series.map_err(&failed)?.into_column())
    }
}

pub(super) fn refused(message: String, help: &str) -> BackendError {
    BackendError::Missing(Diagnostic::new(message).with_help(help))
}
