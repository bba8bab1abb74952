//! How SQL reads: whole queries, to be looked at.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{Cancel, Task};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{CheckedSegment, Lists, NoLists, Problem, Segment, check};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use serde_json::{Value, json};

use crate::conformance::{folder, lists, open};

fn document(of: Value, but: Value, activation_id: &str) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_look", "name": "Look_At_Me", "database": "nasty",
        "activation_id": activation_id, "include": {"match": "all", "of": of}, "exclude": {"match": "any", "of": but},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

/// A segment on a database, ready to be written.
struct Subject {
    database: Arc<LocalDatabase>,
    lists: Arc<dyn Lists>,
    as_of: NaiveDate,
    segment: Segment,
}

impl Subject {
    fn conformance(segment: Segment) -> Self {
        let as_of = "2024-02-29".parse().unwrap();
        Self { database: open(&folder(None, "parquet")), lists: lists(), as_of, segment }
    }

    fn checked(&self) -> CheckedSegment {
        check(&self.segment, &self.view(), &*self.lists, self.as_of)
    }

    fn view(&self) -> DatabaseView<'_> {
        DatabaseView { database: &self.database, activation_id: &self.segment.activation_id }
    }

    fn write(&self, dialect: Dialect, dates: DateStyle) -> Result<String, Problem> {
        let checked = self.checked();
        assert!(checked.problems.is_empty(), "{:?}", checked.problems);
        let (view, as_of) = (self.view(), self.as_of);
        let engine = Engine::new(Arc::clone(&self.database)).with_lists(Arc::clone(&self.lists));
        let cancel = Cancel::default();
        let request = ExportRequest {
            segment: &self.segment,
            checked: &checked,
            view,
            as_of,
            backend: &engine,
            task: Task::new(&cancel),
        };
        sql::write(&request, dialect, dates)
    }

    fn look(&self, name: &str, dates: DateStyle) {
        for dialect in Dialect::external() {
            let name = format!("{name}-{}", dialect.id());
            insta::assert_snapshot!(name, self.write(dialect, dates).unwrap());
        }
    }

    fn converted(&self, name: &str) {
        let name = format!("{name}-converted");
        insta::assert_snapshot!(name, self.write(Dialect::Embedded, DateStyle::Relative).unwrap());
    }
}

/// The example of `docs/reference/segment-language.md`, over the demo database.
fn churn() -> Subject {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let path = "workspace/segments/churn/churn-activecoolingdownatrisk-highvalue-socks.segment.json";
    let segment = Segment::from_json(&fs::read_to_string(root.join(path)).unwrap()).unwrap();
    let as_of = "2025-12-31".parse().unwrap();
    Subject { database: open(&root), lists: Arc::new(NoLists), as_of, segment }
}

#[test]
fn churn_reads_as_written_by_hand() {
    churn().look("churn", DateStyle::Resolved);
    churn().look("churn-relative", DateStyle::Relative);
    churn().converted("churn");
}

#[test]
fn every_kind_of_condition_reads_well() {
    let people = |column: &str, op: &str, value: Value| json!({"attribute": {"table": "Customer_360", "column": column}, "op": op, "value": value});
    let answered = |rows: &str| {
        json!({"attribute": {"table": "Survey_Answers", "column": "rating"}, "op": "is_greater_than", "value": 3,
               "rows": rows, "where": [{"column": "question", "op": "is_exactly", "value": "NPS"},
                                       {"column": "answer", "op": "is_not_empty"}]})
    };
    let of = |function: &str, column: &str, op: &str, value: Value| {
        json!({"aggregate": {"table": "Unified_Transactions", "fn": function, "column": column},
               "op": op, "value": value})
    };
    let socks = json!([{"column": "product_category", "op": "is_exactly", "value": "Socks"}]);
    let segment = document(
        json!([
            {"match": "any", "title": "Near by, or rich", "of": [
                people("city", "starts_with", json!("São")),
                people("postal", "is_like", json!("98_0%\\_x")),
                people("score", "is_between", json!([0.5, 2.25])),
                people("loyalty_tier", "is_empty", Value::Null),
                people("birthdate", "anniversary_is_between", json!([{"relative": "today"}, {"relative": "30 days from now"}])),
            ]},
            {"match": "any", "of": [
                answered("any"), answered("none"), answered("every"),
                of("count_distinct", "store_id", "is_less_than", json!(2)),
                of("avg", "order_revenue", "is_greater_than", json!(50)),
                of("max", "purchase_channel", "is_exactly", json!("online")),
            ]},
            {"purchase": "first_purchase", "where": socks},
            {"purchase": "most_frequent_order", "where": socks,
             "when": {"op": "between", "value": ["2023-01-01", {"relative": "start of month"}], "inclusive": true}},
            {"purchase": "total_value_of_orders", "op": "between", "value": [0, 99.99], "where": socks},
            {"list": {"segment": "seg_loyal"}, "op": "is_not_member"},
        ]),
        json!([
            {"list": {"file": "vip.csv"}, "op": "is_member"},
            {"purchase": "has_not_purchased", "when": {"op": "after", "value": "2023-12-24 18:00:00"}},
        ]),
        "amperity_id",
    );
    let subject = Subject::conformance(segment);
    subject.look("conditions", DateStyle::Resolved);
    subject.converted("conditions");
}

/// Columns that join in, an id that is called otherwise, names that need quotes, no customers table.
#[test]
fn what_the_manifest_says_is_in_the_query() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "database.toml",
        "name = \"Shop\"\nid = \"customer\"\n[tables.baskets]\nid = { customer = \"Household No\" }\n\
         lookups = [{ table = \"products\", on = \"product_id\" }]\n[tables.stays]\nid = { customer = \"guest\" }\n\
         types = { guest = \"integer\" }\n[roles]\nitems = \"baskets\"\n",
    );
    file("products.csv", "product_id,color\np1,Red\np2,Blue\n");
    file(
        "baskets.csv",
        "Household No,order_id,order_datetime,product_id,item_revenue\n7,1,2024-01-01,p1,2.5\n8,2,2024-01-02,p2,1.5\n",
    );
    file("stays.csv", "guest,order\n7,x\n9,y\n");
    let red = json!({"column": "color", "op": "is_exactly", "value": "red"});
    let segment = document(
        json!([
            {"match": "any", "of": [
                {"attribute": {"table": "stays", "column": "order"}, "op": "is_exactly", "value": "x"},
                {"attribute": {"table": "baskets", "column": "color"}, "op": "is_exactly", "value": "blue"},
            ]},
            {"purchase": "repeat_purchase", "where": [red]},
        ]),
        json!([]),
        "customer",
    );
    let as_of = "2024-02-29".parse().unwrap();
    let subject = Subject { database: open(folder.path()), lists: Arc::new(NoLists), as_of, segment };
    subject.look("manifest", DateStyle::Resolved);
}

#[test]
fn what_cannot_be_said_is_refused_by_name() {
    let refused = |value: Value, op: &str, column: &str| {
        let filter =
            json!([{"column": "rating", "op": "is_not_null"}, {"column": column, "op": op, "value": value}]);
        let condition = json!({"attribute": {"table": "Survey_Answers", "column": "question"}, "op": "is_not_null",
                               "where": filter});
        let subject = Subject::conformance(document(json!([condition]), json!([]), "amperity_id"));
        subject.write(Dialect::DuckDb, DateStyle::Resolved).unwrap_err()
    };
    let problem = refused(json!("a\0b"), "is_exactly", "answer");
    assert_eq!(problem.diagnostic.place.to_string(), "include.0.where.1");
    assert!(problem.diagnostic.message.contains("U+0000"), "{}", problem.diagnostic.message);
    let problem = refused(json!({"relative": "9000 years ago"}), "is_after", "answered_on");
    assert_eq!(problem.diagnostic.place.to_string(), "include.0.where.1");
    assert!(problem.diagnostic.message.contains("beyond the calendars"), "{}", problem.diagnostic.message);
}

/// What a comment or a text holds must not end it.
#[test]
fn values_cannot_break_out() {
    let nasty = "x'); DROP TABLE Customer_360; -- \u{1b}[2J\r\n*/ \u{202e}";
    let condition =
        json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_exactly", "value": nasty});
    let mut subject = Subject::conformance(document(json!([condition]), json!([]), "amperity_id"));
    subject.segment.name = nasty.to_owned();
    insta::assert_snapshot!("nasty", subject.write(Dialect::Postgres, DateStyle::Resolved).unwrap());
}
