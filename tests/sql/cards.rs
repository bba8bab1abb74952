//! The figures of the cards are the same in SQL, on the engines that it is written for.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{
    BreakDown, Cancel, ColumnName, Compare, DayRange, Evaluate, FollowTrend, ListedValue, Metric,
    MetricFormat, MetricFunction, MetricKind, MetricValue, Money, PageAnswer, PageQuestion, RevenueTree,
    Summarize, Summary, Task, TrendStep, WantedNumbers, WrongConditions,
};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Lists, NoLists, Number, Segment};
use segtui::sql::{self, Card, DateStyle, Dialect, ExportRequest};

use crate::conformance::{cases, folder, lists, open};

use super::engines::{Engines, Job, Returned};

/// A segment whose cards are looked at.
struct Subject {
    database: usize,
    engine: Engine,
    segment: Arc<Segment>,
    as_of: NaiveDate,
}

impl Subject {
    fn new(
        number: usize,
        database: &Arc<LocalDatabase>,
        segment: Segment,
        lists: Arc<dyn Lists>,
        as_of: NaiveDate,
    ) -> Self {
        let engine = Engine::new(Arc::clone(database)).with_lists(lists);
        Self { database: number, engine, segment: Arc::new(segment), as_of }
    }

    fn sql(&self, card: &Card, dialect: Dialect) -> Result<String, String> {
        let cancel = Cancel::default();
        let task = Task::new(&cancel);
        let backend: &dyn segtui::backend::Backend = &self.engine;
        let (checked, database) = backend.check_readable(&self.segment, self.as_of, task).unwrap();
        let view = DatabaseView { database: &database, activation_id: database.activation_id(&self.segment) };
        let segment = &self.segment;
        let request = ExportRequest { segment, checked: &checked, view, as_of: self.as_of, backend, task };
        sql::write_card(&request, card, dialect, DateStyle::Resolved).map_err(|problem| problem.to_string())
    }

    fn ask(&self, question: &PageQuestion) -> PageAnswer {
        question.ask(&self.engine, Task::new(&Cancel::default())).unwrap()
    }

    fn summary(&self) -> Summary {
        let (segment, as_of, wrong) = (Arc::clone(&self.segment), self.as_of, WrongConditions::Refuse);
        let question = Summarize { segment, as_of, metrics: self.metrics(), wrong };
        match self.ask(&PageQuestion::Summary(question)) {
            PageAnswer::Summary(summary) => summary,
            other => panic!("{other:?}"),
        }
    }

    /// One of each kind, of a table that most databases have.
    fn metrics(&self) -> Vec<Metric> {
        use MetricFunction as F;
        let metric = |name: &str, kind, table: &str, column: Option<&str>, function| Metric {
            database: String::new(),
            activation_id: "amperity_id".to_owned(),
            name: name.to_owned(),
            kind,
            table: table.to_owned(),
            column: column.map(str::to_owned),
            function,
            format: MetricFormat::Integer,
            unit: String::new(),
        };
        let items = "Unified_Itemized_Transactions";
        let numbers = [F::Count, F::Distinct, F::Sum, F::Avg, F::Min, F::Max].map(|function| {
            metric(&format!("{function:?}"), MetricKind::Number, items, Some("item_revenue"), function)
        });
        let rows = metric("rows", MetricKind::Number, items, None, F::Rows);
        let bars = metric("bars", MetricKind::Bars, "Customer_360", Some("city"), F::Rows);
        numbers.into_iter().chain([rows, bars]).collect()
    }
}

impl Returned {
    fn cell(&self, row: &[Option<String>], column: &str) -> Option<String> {
        let at = self.columns.iter().position(|known| known == column);
        row[at.unwrap_or_else(|| panic!("no column {column} in {:?}", self.columns))].clone()
    }

    /// The row whose first column says this.
    fn row(&self, first: Option<&str>) -> Option<&[Option<String>]> {
        self.rows.iter().find(|row| row[0].as_deref() == first).map(Vec::as_slice)
    }

    /// A number; of a row that is not there, 0.
    fn number(&self, first: Option<&str>, column: &str) -> Option<f64> {
        match self.row(first) {
            None => Some(0.0),
            Some(row) => self.cell(row, column).map(|text| text.parse().unwrap()),
        }
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }
}

/// Whether a figure is what the engine says: to the cent, to the sixth decimal, or to the fifteenth digit.
fn agree(ours: Option<f64>, theirs: Option<f64>, decimals: i32) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            let half = 0.500_001 * 10_f64.powi(-decimals);
            (ours - theirs).abs() <= half.max(ours.abs() * 1e-12)
        }
        (None, None) => true,
        _ => false,
    }
}

/// What does not agree, in words.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check(&mut self, what: &str, ours: Option<f64>, theirs: Option<f64>, decimals: i32) {
        if !agree(ours, theirs, decimals) {
            self.0.push(format!("{what}: {ours:?}, in SQL {theirs:?}"));
        }
    }

    fn counts(&mut self, what: &str, ours: Option<u64>, theirs: Option<f64>) {
        self.check(what, ours.map(|count| count as f64), theirs, 6);
    }

    fn tree(&mut self, tree: &RevenueTree, returned: &Returned, audience: &str) {
        let sql = |column: &str| returned.number(Some(audience), column);
        let number = |number: Option<Number>| number.map(|number| number.as_f64());
        self.counts("customers", Some(tree.customers), sql("customers"));
        let figures = [
            ("revenue_per_customer", tree.revenue_per_customer),
            ("orders_per_customer", tree.orders_per_customer),
            ("average_order_value", tree.average_order_value),
            ("units_per_transaction", tree.units_per_transaction),
            ("average_unit_revenue", tree.average_unit_revenue),
        ];
        for (name, figure) in figures {
            if returned.has(name) {
                self.check(name, number(figure), sql(name), 6);
            } else {
                self.check(name, number(figure), None, 6);
            }
        }
        let revenue = returned.has("net_revenue").then(|| sql("net_revenue")).flatten();
        self.check("net_revenue", tree.net_revenue.map(Money::as_f64), revenue, 2);
    }
}

/// The text of a value in the first column of a query.
fn first_column(value: &ListedValue) -> Option<&str> {
    match value {
        ListedValue::Value(text) => Some(text),
        ListedValue::Blank => Some(""),
        ListedValue::Null => None,
    }
}

/// What the summary says beside what the queries return.
fn summary_differences(subject: &Subject, card: &Card, returned: &Returned) -> Vec<String> {
    let mut differences = Differences::default();
    let summary = subject.summary();
    let both = |returned: &Returned, column: &str| {
        ["segment", "all"].map(|audience| returned.number(Some(audience), column))
    };
    match card {
        Card::Insights => {
            let insights = &summary.insights;
            for (audience, of) in [("segment", &insights.segment), ("all", &insights.all)] {
                let sql = |column| {
                    if returned.has(column) { returned.number(Some(audience), column) } else { None }
                };
                differences.counts("unique", Some(of.unique_customers), sql("unique_customers"));
                if returned.has("active_customers_1y") {
                    differences.counts("active", of.active_customers_1y, sql("active_customers_1y"));
                }
                if returned.has("revenue_1y") {
                    differences.check("revenue", of.revenue_1y.map(Money::as_f64), sql("revenue_1y"), 2);
                }
                differences.counts("reachable", of.reachable_customers, sql("reachable_customers"));
            }
        }
        Card::RevenueTree => {
            let tree = summary.revenue_tree.unwrap();
            differences.tree(&tree.segment, returned, "segment");
            differences.tree(&tree.all, returned, "all");
        }
        Card::Predicted => {
            let predicted = summary.predicted.unwrap();
            let figures = [
                ("clv", predicted.segment.clv, predicted.all.clv),
                (
                    "average_order_revenue",
                    predicted.segment.average_order_revenue,
                    predicted.all.average_order_revenue,
                ),
                ("order_frequency", predicted.segment.order_frequency, predicted.all.order_frequency),
            ];
            for (name, segment, all) in figures {
                let sql = if returned.has(name) { both(returned, name) } else { [None; 2] };
                differences.check(name, segment.map(|number| number.as_f64()), sql[0], 6);
                differences.check(name, all.map(|number| number.as_f64()), sql[1], 6);
            }
        }
        Card::Reachability => {
            let ways = summary.reachability.unwrap();
            for (audience, of) in [("segment", ways.segment), ("all", ways.all)] {
                let figures = [
                    ("email", of.email),
                    ("phone", of.phone),
                    ("address", of.address),
                    ("paid_social", of.paid_social),
                ];
                for (name, count) in figures {
                    let sql = returned.has(name).then(|| returned.number(Some(audience), name)).flatten();
                    differences.counts(name, count, sql);
                }
            }
        }
        Card::Channels => {
            let channels = summary.channels.unwrap();
            differences.counts(
                "channels",
                Some(channels.values.len() as u64),
                Some(returned.rows.len() as f64),
            );
            for (value, counts) in &channels.values {
                let sql = |column| returned.number(first_column(value), column);
                differences.counts("channel", Some(counts.segment), sql("segment_customers"));
                differences.counts("channel", Some(counts.all), sql("all_customers"));
            }
        }
        Card::LifetimeSpend => {
            for (band, of) in (1..).zip(summary.lifetime_spend.unwrap()) {
                let band = format!("{band}");
                let sql = |column| returned.number(Some(&band), column);
                differences.counts("band", Some(of.segment.customers), sql("segment_customers"));
                differences.counts("band", Some(of.all.customers), sql("all_customers"));
                let money = |money: Option<Money>| money.map(Money::as_f64);
                differences.check("band", money(of.segment.revenue), sql("segment_revenue"), 2);
                differences.check("band", money(of.all.revenue), sql("all_revenue"), 2);
            }
        }
        Card::NewPurchasers => {
            for of in summary.new_purchasers.unwrap() {
                let month = of.month.to_string();
                let sql = |column| returned.number(Some(&month), column);
                differences.counts("month", Some(of.customers.segment), sql("segment_customers"));
                differences.counts("month", Some(of.customers.all), sql("all_customers"));
            }
        }
        Card::Metric(metric) => {
            let (_, value) = summary.metrics.iter().find(|(name, _)| *name == metric.name).unwrap();
            match value.as_ref().unwrap() {
                MetricValue::Number(number) => {
                    let sql = both(returned, "metric");
                    differences.check(&metric.name, number.segment.map(|number| number.as_f64()), sql[0], 6);
                    differences.check(&metric.name, number.all.map(|number| number.as_f64()), sql[1], 6);
                }
                MetricValue::Bars(bars) => {
                    for (value, counts) in &bars.values {
                        let sql = |column| returned.number(first_column(value), column);
                        differences.counts("bar", Some(counts.segment), sql("segment_customers"));
                        differences.counts("bar", Some(counts.all), sql("all_customers"));
                    }
                }
            }
        }
        Card::Trend(_) | Card::Breakdown(..) | Card::Compare(..) => {}
    }
    differences.0
}

fn trend_differences(subject: &Subject, days: &[NaiveDate], returned: &Returned) -> Vec<String> {
    let mut differences = Differences::default();
    assert_eq!(returned.rows.len(), days.len());
    for day in days {
        let question = Evaluate {
            segment: Arc::clone(&subject.segment),
            as_of: *day,
            wrong: WrongConditions::Refuse,
            wanted: WantedNumbers::All,
        };
        let backend: &dyn segtui::backend::Backend = &subject.engine;
        let insights = backend.evaluate(&question, Task::new(&Cancel::default())).unwrap().insights;
        let day = day.to_string();
        let sql = |column| returned.number(Some(&day), column);
        differences.counts("unique", Some(insights.unique_customers), sql("unique_customers"));
        differences.counts("active", insights.active_customers_1y, sql("active_customers_1y"));
        differences.check("revenue", insights.revenue_1y.map(Money::as_f64), sql("revenue_1y"), 2);
        differences.counts("reachable", insights.reachable_customers, sql("reachable_customers"));
    }
    differences.0
}

fn breakdown_differences(
    subject: &Subject,
    attribute: &ColumnName,
    range: DayRange,
    returned: &Returned,
) -> Vec<String> {
    let mut differences = Differences::default();
    let question = BreakDown {
        segment: Arc::clone(&subject.segment),
        attributes: vec![attribute.clone()],
        range,
        as_of: subject.as_of,
        wrong: WrongConditions::Refuse,
    };
    let PageAnswer::Breakdown(answer) = subject.ask(&PageQuestion::Breakdown(question)) else { panic!() };
    let values = &answer.attributes[0].1.as_ref().unwrap().values.values;
    differences.counts("values", Some(values.len() as u64), Some(returned.rows.len() as f64));
    for (value, of) in values {
        let sql = |column| returned.number(first_column(value), column);
        differences.counts("purchasers", Some(of.segment.purchasers), sql("segment_purchasers"));
        differences.counts("purchasers", Some(of.all.purchasers), sql("all_purchasers"));
        if returned.has("all_revenue") {
            let money = |money: Option<Money>| money.map(Money::as_f64);
            differences.check("revenue", money(of.segment.revenue), sql("segment_revenue"), 2);
            differences.check("revenue", money(of.all.revenue), sql("all_revenue"), 2);
        }
    }
    differences.0
}

fn compare_differences(
    subject: &Subject,
    segments: &[Arc<Segment>],
    range: DayRange,
    returned: &Returned,
) -> Vec<String> {
    let mut differences = Differences::default();
    let (segments, as_of) = (segments.to_vec(), subject.as_of);
    let labels: Vec<String> =
        (1..).zip(&segments).map(|(number, segment)| format!("{number} {}", segment.name)).collect();
    let question = Compare { segments, range, as_of, wrong: WrongConditions::Refuse };
    let PageAnswer::Compare(answer) = subject.ask(&PageQuestion::Compare(question)) else { panic!() };
    for (label, of) in labels.iter().map(String::as_str).chain(["all"]).zip(&answer.columns) {
        let tree = RevenueTree {
            net_revenue: of.revenue,
            customers: of.active_customers.unwrap_or_default(),
            revenue_per_customer: of.revenue_per_customer,
            orders_per_customer: of.orders_per_customer,
            average_order_value: of.average_order_value,
            units_per_transaction: of.units_per_order,
            average_unit_revenue: None,
        };
        differences.counts(
            "unique",
            Some(of.unique_customers),
            returned.number(Some(label), "unique_customers"),
        );
        let without = Returned {
            columns: returned.columns.iter().map(|name| name.replace("average_unit_revenue", "-")).collect(),
            rows: returned.rows.clone(),
        };
        differences.tree(&tree, &without, label);
    }
    differences.0
}

fn cards(subject: &Subject) -> Vec<Card> {
    let year = DayRange::past_year(subject.as_of);
    let city = ColumnName { table: "Customer_360".to_owned(), column: "city".to_owned() };
    let everybody = Segment::new("everybody", "", subject.segment.activation_id.clone());
    let days = match subject.ask(&PageQuestion::Trend(FollowTrend {
        segment: Arc::clone(&subject.segment),
        step: TrendStep::Month,
        as_of: subject.as_of,
        wrong: WrongConditions::Refuse,
    })) {
        PageAnswer::Trend(trend) => trend.points.into_iter().map(|(day, _)| day).collect(),
        other => panic!("{other:?}"),
    };
    let fixed = [
        Card::Insights,
        Card::RevenueTree,
        Card::Predicted,
        Card::Reachability,
        Card::Channels,
        Card::LifetimeSpend,
        Card::NewPurchasers,
        Card::Trend(days),
        Card::Breakdown(city, year),
        Card::Compare(vec![Arc::clone(&subject.segment), Arc::new(everybody)], year),
    ];
    fixed.into_iter().chain(subject.metrics().into_iter().map(Card::Metric)).collect()
}

/// Runs every card of every subject in some dialects. What a database lacks, both refuse.
fn judge(databases: &[Arc<LocalDatabase>], subjects: &[Subject], dialects: &[Dialect]) {
    let Some(engines) = Engines::find() else { return };
    let (mut asked, mut jobs) = (Vec::new(), Vec::new());
    for subject in subjects {
        for card in cards(subject) {
            for dialect in dialects {
                if let Ok(sql) = subject.sql(&card, *dialect) {
                    asked.push((subject, card.clone()));
                    jobs.push(Job { database: subject.database, dialect: *dialect, sql });
                }
            }
        }
    }
    assert!(jobs.len() >= subjects.len() * 4, "only {} queries", jobs.len());
    let mut wrong = Vec::new();
    for (((subject, card), answer), job) in asked.into_iter().zip(engines.rows(databases, &jobs)).zip(&jobs) {
        let differences = match answer {
            Err(error) => vec![error],
            Ok(returned) => match &card {
                Card::Trend(days) => trend_differences(subject, days, &returned),
                Card::Breakdown(attribute, range) => {
                    breakdown_differences(subject, attribute, *range, &returned)
                }
                Card::Compare(segments, range) => compare_differences(subject, segments, *range, &returned),
                card => summary_differences(subject, card, &returned),
            },
        };
        if !differences.is_empty() {
            let what = format!("{} of {:?} in {}", card.title(), subject.segment.name, job.dialect.title());
            wrong.push(format!("{what}: {}\n{}", differences.join("; "), job.sql));
        }
    }
    let first: Vec<&str> = wrong.iter().take(3).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong, the first:\n{}",
        wrong.len(),
        jobs.len(),
        first.join("\n")
    );
}

/// Every so many of the cases with members, on the databases that they are on.
fn of_conformance(every: usize) -> (Vec<Arc<LocalDatabase>>, Vec<Subject>) {
    let (mut folders, mut databases, mut subjects) = (Vec::new(), Vec::new(), Vec::new());
    let with_members = cases().into_iter().filter(|case| case.expect.get("members").is_some());
    for case in with_members.step_by(every) {
        let folder = folder(case.db.as_deref(), "parquet");
        let number = folders.iter().position(|known| *known == folder).unwrap_or_else(|| {
            databases.push(open(&folder));
            folders.push(folder);
            databases.len() - 1
        });
        subjects.push(Subject::new(number, &databases[number], case.segment, lists(), case.as_of));
    }
    (databases, subjects)
}

#[test]
fn cards_have_the_same_figures_in_every_dialect() {
    let (databases, subjects) = of_conformance(19);
    let dialects: Vec<Dialect> = Dialect::external().collect();
    judge(&databases, &subjects, &dialects);
}

#[test]
fn cards_of_the_demo_have_the_same_figures_in_duckdb() {
    let folder = crate::flows::harness::demo_folder();
    let database = open(&folder);
    let as_of = database.as_of.unwrap();
    let workspace = Arc::new(segtui::workspace::Workspace::new(folder.join("workspace"), true));
    let mut subjects = Vec::new();
    for entry in &workspace.list().unwrap().segments {
        let segment = workspace.load(&entry.id).unwrap().0;
        let lists: Arc<dyn Lists> = Arc::new(segtui::local::WorkspaceLists::new(workspace.clone()));
        subjects.push(Subject::new(0, &database, segment, lists, as_of));
    }
    let everybody = Segment::new("everybody", "", "amperity_id");
    subjects.push(Subject::new(0, &database, everybody, Arc::new(NoLists), as_of));
    judge(&[database], &subjects, &[Dialect::DuckDb]);
}
