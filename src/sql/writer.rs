//! What all parts of a query share while it is written.

use std::collections::HashMap;

use super::purchases::Purchases;
use super::select::{Select, combined};
use super::table::Source;
use super::tongue::{SqlDialect, Unsupported};
use super::with::{With, commented};
use super::{DateStyle, Dialect, ExportRequest, universe};
use crate::segment::{CheckedGroup, Place, Problem};

/// A query in the making.
pub struct Writer<'a> {
    pub asked: &'a ExportRequest<'a>,
    pub tongue: &'a dyn SqlDialect,
    pub dates: DateStyle,
    pub with: With,
    /// The name of all customers.
    pub universe: String,
    /// The rows that are purchases, where a condition asks for them.
    pub purchases: Option<Purchases>,
    /// The names of the members of segments that lists refer to, by id.
    pub segments: HashMap<String, String>,
    /// The names of the rows of the workspace's tables, by key.
    pub lists: HashMap<String, String>,
    dialect: Dialect,
}

impl<'a> Writer<'a> {
    pub fn new(
        asked: &'a ExportRequest<'a>,
        dialect: Dialect,
        tongue: &'a dyn SqlDialect,
        dates: DateStyle,
    ) -> Self {
        let tables = asked.view.database.tables.iter().map(|table| table.name.as_str());
        Self {
            asked,
            tongue,
            dates,
            with: With::new(tables),
            universe: String::new(),
            purchases: None,
            segments: HashMap::new(),
            lists: HashMap::new(),
            dialect,
        }
    }

    /// The whole query.
    pub fn segment(mut self, include: &CheckedGroup, exclude: &CheckedGroup) -> Result<String, Problem> {
        let of_the_whole = |unsupported: Unsupported| {
            Problem::unsupported(Place::ActivationId, unsupported.message).with_help(unsupported.help)
        };
        let universe = universe::query(&self).map_err(of_the_whole)?;
        let people = self.asked.view.database.words(self.asked.view.activation_id).plural;
        self.universe =
            self.with.add("universe", &format!("All {people}: the ids that are not blank"), universe);
        self.purchases = Purchases::find(&mut self, [include, exclude]).map_err(of_the_whole)?;
        let members = self.members(self.asked.segment, include, exclude)?;
        let members = self.with.add("members", "Include, without exclude", members);
        let last = Select { distinct: true, ..self.ids_of(&members) };
        let quoted = |name: &str| self.tongue.name(name);
        let with = self.with.sql(&quoted);
        Ok(self.tongue.finished(format!("{}{with}\n\n{last}\n", self.head(&with))))
    }

    /// What a person should know before running it.
    fn head(&self, with: &str) -> String {
        let (asked, database) = (self.asked, &self.asked.view.database.name);
        let day = match self.dates {
            DateStyle::Resolved => format!("as of {}", asked.as_of),
            DateStyle::Relative => format!("as of {}, which is to be in UTC", self.tongue.today()),
        };
        if self.dialect == Dialect::Embedded {
            let converted = commented("Converted from conditions");
            return format!("{}{converted}", commented(&asked.segment.name));
        }
        let mut head = vec![
            asked.segment.name.clone(),
            format!("For {} and the database {database}, {day}", self.dialect.title()),
            format!("Columns of {}", self.tongue.column_types()),
        ];
        if with.contains("'İ'") {
            head.push("İ is replaced before lower(), as its lower case has two letters".to_owned());
        }
        head.iter().map(|line| commented(line)).collect()
    }

    /// The name of the activation ID.
    pub fn id(&self) -> String {
        self.tongue.name(self.asked.view.activation_id)
    }

    /// The ids of a common table expression.
    pub fn ids_of(&self, name: &str) -> Select {
        Select { columns: vec![self.id()], from: self.tongue.name(name), ..Select::default() }
    }

    /// Everybody but the ids of a query.
    pub fn everybody_but(&self, ids: &Select) -> String {
        combined("EXCEPT", &[self.ids_of(&self.universe).to_string(), ids.to_string()])
    }

    /// A table, by key, of which a condition uses these columns.
    pub fn table(&self, name: &str, columns: &[&str]) -> Result<Source<'a>, Unsupported> {
        let view = self.asked.view;
        let table = view.database.table_by_key(name);
        let source = table.and_then(|table| Source::of(table, columns, view.activation_id, self.tongue));
        let source = source.map(|source| source.map(|source| source.named(self.lists.get(name))));
        source.unwrap_or_else(|| {
            Err(Unsupported {
                message: format!("there is no table {name:?} with the activation ID"),
                help: "open the database again".to_owned(),
            })
        })
    }
}
