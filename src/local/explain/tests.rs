//! Explanations over a small database of files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::backend::{
    Cancel, Distance, DroppedBy, Evidence, Explain, ExplainedCustomer, Explanation, IdStanding,
    MOST_WITH_ROWS, NearestMiss, RowEvidence, Task,
};
use crate::diagnostic::Diagnostic;
use crate::local::Engine;
use crate::segment::{Ids, Lists, Segment};

const FILES: [(&str, &str); 4] = [
    (
        "Customers.csv",
        "id,city,age,joined\n\
         c1,Chicago,30,2024-01-10\nc2,,41,2023-05-01\nC3 ,Boston,,2020-02-29\nc4,Boston,30,2024-01-01\n",
    ),
    (
        "Items.csv",
        "id,order_id,product_id,order_datetime,item_revenue,item_quantity,is_return,is_cancellation,color\n\
         c1,o1,p1,2024-01-05 10:00:00,10.50,1,false,false,red\n\
         c1,o2,p2,2024-02-20 09:00:00,20.25,2,false,false,red\n\
         c1,o2,p3,2024-02-20 09:00:00,5.25,1,false,false,blue\n\
         c1,o3,p1,2024-02-25 09:00:00,99.00,1,true,false,red\n\
         c1,,p1,2024-02-26 09:00:00,99.00,1,false,false,red\n\
         c2,o1,p1,2023-11-30 10:00:00,7.005,3,false,false,\n\
         gone,o9,p1,2024-02-20 10:00:00,1.00,1,false,false,red\n",
    ),
    ("Hidden.csv", "id,note\ngone,x\nc1,y\n"),
    (
        "database.toml",
        "name = \"t\"\nid = \"id\"\nas_of = \"2024-02-29\"\n[ids.id]\n[roles]\ncustomers = \"Customers\"\nitems = \"Items\"\n\
         [tables.Hidden]\nhidden = true\n",
    ),
];

/// Segments and a list to refer to.
struct Known;

impl Lists for Known {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        let line = match id {
            "boston" => city("Boston"),
            "sql" => return Ok(Arc::new(sql("SELECT id FROM Customers WHERE age = 30"))),
            // Twice as many ways to the one before as to itself.
            id => match id.strip_prefix("deep").and_then(|depth| depth.parse::<u32>().ok()) {
                Some(0) => city("Boston"),
                Some(depth) => {
                    return Ok(Arc::new(segment(&vec![list(&format!("deep{}", depth - 1)); 2], &[])));
                }
                None => return Err(Diagnostic::new("there is none")),
            },
        };
        Ok(Arc::new(segment(&[line], &[])))
    }

    fn file(&self, _: &str, _: &str) -> Result<Ids, Diagnostic> {
        Ok(Ids::from(vec!["c1".to_owned(), "nobody".to_owned()]))
    }

    fn query(&self, _: &str) -> Result<String, Diagnostic> {
        Err(Diagnostic::new("there is none"))
    }
}

fn sql(text: &str) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "s", "name": "s", "activation_id": "id", "database": "t",
        "sql": text,
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn segment(include: &[Json], exclude: &[Json]) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "s", "name": "s", "activation_id": "id", "database": "t",
        "include": {"match": "all", "of": include}, "exclude": {"match": "any", "of": exclude},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn list(id: &str) -> Json {
    json!({"list": {"segment": id}, "op": "is_member"})
}

fn city(value: &str) -> Json {
    json!({"attribute": {"table": "Customers", "column": "city"}, "op": "is_exactly", "value": value})
}

fn engine(folder: &Path) -> Engine {
    for (name, text) in FILES {
        fs::write(folder.join(name), text).unwrap();
    }
    let database = crate::local::files::open(folder, &|_| {}).unwrap();
    Engine::new(Arc::new(database)).with_chunk_rows(2).with_lists(Arc::new(Known))
}

fn explain(segment: Segment, ids: &[&str]) -> Explanation {
    let folder = tempfile::tempdir().unwrap();
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let question = Explain { segment: Arc::new(segment), as_of: "2024-02-29".parse().unwrap(), ids };
    let task = Task { cancel: &Cancel::default(), progress: &|_| {} };
    engine(folder.path()).explain(&question, task).unwrap()
}

fn explained(segment: Segment, id: &str) -> ExplainedCustomer {
    explain(segment, &[id]).customers.remove(0)
}

/// What a condition that stands alone comes to, and why.
fn alone(condition: Json, id: &str) -> (Option<bool>, RowEvidence) {
    let customer = explained(segment(&[condition], &[]), id);
    let Evidence::Group { of, .. } = &customer.verdict.sides[0].evidence else { panic!() };
    let Evidence::Rows(rows) = &of[0].evidence else { panic!() };
    (of[0].result, rows.clone())
}

fn rows(evidence: &RowEvidence) -> Vec<(u64, Option<bool>, Option<DroppedBy>)> {
    evidence.rows.iter().map(|row| (row.row, row.result, row.dropped)).collect()
}

fn miss(
    row: Option<u64>,
    column: Option<&str>,
    value: Option<&str>,
    distance: Distance,
) -> Option<NearestMiss> {
    Some(NearestMiss { row, column: column.map(str::to_owned), value: value.map(str::to_owned), distance })
}

fn number(distance: &str) -> Distance {
    Distance::Number(distance.to_owned())
}

#[test]
fn attributes_show_the_rows_that_decide() {
    let (result, why) = alone(city("Chicago"), "c1");
    assert_eq!((result, rows(&why), &why.nearest), (Some(true), vec![(0, Some(true), None)], &None));
    assert_eq!(why.rows[0].values, [("city".to_owned(), Some("Chicago".to_owned()))]);
    let (result, why) = alone(city("Chicago"), "c2");
    assert_eq!((result, rows(&why)), (None, vec![(1, None, None)]));
    assert_eq!(why.nearest, miss(Some(1), Some("city"), None, Distance::Null));
    let older =
        json!({"attribute": {"table": "Customers", "column": "age"}, "op": "is_greater_than", "value": 40});
    let (result, why) = alone(older, "c1");
    assert_eq!((result, why.nearest), (Some(false), miss(Some(0), Some("age"), Some("30"), number("11"))));
    let joined = json!({
        "attribute": {"table": "Customers", "column": "joined"}, "op": "is_before", "value": "2024-01-01",
    });
    let (_, why) = alone(joined, "c1");
    assert_eq!(why.nearest, miss(Some(0), Some("joined"), Some("2024-01-10"), Distance::Days(-10)));
}

#[test]
fn filters_and_numbers_of_rows_decide_too() {
    let colored = |rows: &str, color: &str| {
        json!({
            "attribute": {"table": "Items", "column": "item_quantity"}, "op": "is", "value": 2, "rows": rows,
            "where": [{"column": "color", "op": "is_exactly", "value": color}],
        })
    };
    let (result, why) = alone(colored("any", "red"), "c1");
    let filtered = (2, Some(false), Some(DroppedBy::Filter(0)));
    assert_eq!((result, rows(&why)), (Some(true), vec![(1, Some(true), None), filtered]));
    let names: Vec<&str> = why.rows[0].values.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["order_id", "product_id", "order_datetime", "item_quantity", "color"]);
    let (result, why) = alone(colored("none", "red"), "c1");
    assert_eq!((result, why.nearest), (Some(false), miss(None, None, Some("1"), number("-1"))));
    let (result, why) = alone(colored("every", "red"), "c1");
    assert_eq!(result, Some(false));
    assert_eq!(why.nearest, miss(Some(0), Some("item_quantity"), Some("1"), number("1")));
    // No row is green; but one with two pieces nearly is.
    let (result, why) = alone(colored("any", "green"), "c1");
    assert_eq!((result, why.rows.len()), (Some(false), 5));
    assert_eq!(why.nearest, miss(Some(1), Some("color"), Some("red"), Distance::Value));
    let (_, why) = alone(colored("any", "red"), "c4");
    assert_eq!((rows(&why), why.nearest), (vec![], miss(None, None, None, Distance::NoRow)));
}

fn purchase(kind: &str, rest: Json) -> Json {
    let mut condition = json!({"purchase": kind});
    condition.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    condition
}

#[test]
fn purchases_say_what_drops_a_row() {
    let when = json!({"op": "on_or_after", "value": "2024-02-01"});
    let red = json!([{"column": "color", "op": "is_exactly", "value": "red"}]);
    let bought = |op: &str, value: u32| {
        purchase("has_purchased", json!({"op": op, "value": value, "when": when, "where": red}))
    };
    let (result, why) = alone(bought("exactly", 1), "c1");
    assert_eq!((result, &why.computed, &why.nearest), (Some(true), &Some(Some("1".to_owned())), &None));
    let dropped = |row, by| (row, Some(true), Some(by));
    assert_eq!(
        rows(&why),
        [
            (1, Some(true), None),
            dropped(0, DroppedBy::Window),
            dropped(2, DroppedBy::Filter(0)),
            dropped(3, DroppedBy::Return),
            dropped(4, DroppedBy::NoOrder),
        ]
    );
    let of = |row: usize| why.rows[row].values.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(of(0), ["order_id", "product_id", "order_datetime", "color"]);
    assert_eq!(of(3), ["order_id", "product_id", "order_datetime", "color", "is_return", "is_cancellation"]);
    let (result, why) = alone(bought("at_least", 3), "c1");
    assert_eq!((result, why.nearest), (Some(false), miss(None, None, Some("1"), number("2"))));
    let (_, why) =
        alone(purchase("has_purchased", json!({"op": "at_least", "value": 1, "when": when})), "c2");
    let last = Some("2023-11-30 10:00:00.000000");
    assert_eq!(why.nearest, miss(Some(5), Some("order_datetime"), last, Distance::Days(63)));
    let (result, why) = alone(purchase("has_not_purchased", json!({})), "c1");
    assert_eq!((result, why.nearest), (Some(false), miss(None, None, Some("2"), number("-2"))));
    assert_eq!(alone(purchase("has_not_purchased", json!({})), "c4").0, Some(true));
}

#[test]
fn first_and_repeat_purchases_say_which_is_the_first() {
    let blue = json!({"where": [{"column": "color", "op": "is_exactly", "value": "blue"}]});
    let (result, why) = alone(purchase("first_purchase", blue.clone()), "c1");
    assert_eq!((result, why.computed.clone()), (Some(false), Some(Some("o1".to_owned()))));
    assert_eq!(rows(&why)[0], (2, Some(false), None));
    assert_eq!(why.nearest, miss(Some(0), Some("color"), Some("red"), Distance::Value));
    let (result, why) = alone(purchase("repeat_purchase", blue), "c1");
    assert_eq!((result, rows(&why)[0]), (Some(true), (2, Some(true), None)));
    let (result, why) = alone(purchase("repeat_purchase", json!({})), "c2");
    assert_eq!((result, rows(&why)), (Some(false), vec![(5, Some(false), None)]));
    assert_eq!(why.nearest, miss(None, None, None, Distance::NoRow));
}

#[test]
fn sums_and_favourites_say_what_is_missing() {
    let value = |op: &str, value: f64| purchase("total_value_of_orders", json!({"op": op, "value": value}));
    let (result, why) = alone(value("more_than", 36.0), "c1");
    assert_eq!((result, why.computed), (Some(false), Some(Some("36".to_owned()))));
    assert_eq!(why.nearest, miss(None, None, Some("36"), number("0.01")));
    let (_, why) = alone(value("at_least", 8.0), "c2");
    assert_eq!(why.nearest, miss(None, None, Some("7.01"), number("0.99")));
    let (_, why) = alone(value("at_least", 8.0), "c4");
    assert_eq!((why.computed, why.nearest), (Some(None), miss(None, None, None, Distance::NoRow)));
    let favourite = |color: &str| {
        purchase(
            "most_frequent_order",
            json!({"where": [{"column": "color", "op": "is_exactly", "value": color}]}),
        )
    };
    let (result, why) = alone(favourite("red"), "c1");
    assert_eq!((result, why.computed, why.nearest), (Some(true), Some(Some("2".to_owned())), None));
    let (result, why) = alone(favourite("blue"), "c1");
    assert_eq!((result, why.nearest), (Some(false), miss(None, None, Some("1"), number("1"))));
}

#[test]
fn aggregates_are_what_was_compared() {
    let of = |function: &str, column: &str, op: &str, value: Json| {
        let mut aggregate = json!({"table": "Items", "fn": function});
        if !column.is_empty() {
            aggregate["column"] = column.into();
        }
        json!({"aggregate": aggregate, "op": op, "value": value})
    };
    let computed = |condition: Json, id: &str| {
        let (result, why) = alone(condition, id);
        (result, why.computed.unwrap(), why.nearest.map(|nearest| nearest.distance))
    };
    let is = |text: &str| Some(text.to_owned());
    let condition = of("count", "", "is_greater_than", json!(7));
    assert_eq!(computed(condition, "c1"), (Some(false), is("5"), Some(number("3"))));
    let condition = of("count", "order_id", "is", json!(4));
    assert_eq!(computed(condition, "c1"), (Some(true), is("4"), None));
    let condition = of("count_distinct", "product_id", "is", json!(2));
    assert_eq!(computed(condition, "c1"), (Some(false), is("3"), Some(number("-1"))));
    let condition = of("sum", "item_revenue", "is_greater_than", json!(234.0));
    assert_eq!(computed(condition, "c1"), (Some(false), is("234"), Some(number("0.01"))));
    let condition = of("avg", "item_quantity", "is_greater_than_or_equal_to", json!(2));
    assert_eq!(computed(condition.clone(), "c1"), (Some(false), is("1.2"), Some(number("0.8"))));
    assert_eq!(computed(condition, "c4"), (Some(false), None, Some(Distance::NoRow)));
    let condition = of("max", "color", "is_exactly", json!("blue"));
    assert_eq!(computed(condition.clone(), "c1"), (Some(false), is("red"), Some(Distance::Value)));
    assert_eq!(computed(condition, "c2"), (None, None, Some(Distance::Null)));
    let condition = of("min", "order_datetime", "is_before", json!("2024-01-01"));
    assert_eq!(
        computed(condition, "c1"),
        (Some(false), is("2024-01-05 10:00:00.000000"), Some(Distance::Days(-5)))
    );
}

#[test]
fn ids_that_are_no_customers_say_what_they_are() {
    let ids = ["gone", " c3", "C1", "nobody", " ", "c1"];
    let answer = explain(segment(&[], &[]), &ids);
    let standings: Vec<&IdStanding> = answer.customers.iter().map(|customer| &customer.standing).collect();
    let similar =
        |ids: &[&str]| IdStanding::Unknown { similar: ids.iter().map(|id| (*id).to_owned()).collect() };
    let orphan = IdStanding::Orphan { tables: vec!["Hidden".to_owned(), "Items".to_owned()] };
    let expected =
        [&orphan, &similar(&["C3 "]), &similar(&["c1"]), &similar(&[]), &similar(&[]), &IdStanding::Customer];
    assert_eq!(standings, expected);
    for customer in answer.customers {
        assert_eq!(customer.verdict.is_member, customer.standing == IdStanding::Customer);
        assert_eq!(customer.verdict.sides.is_empty(), customer.standing != IdStanding::Customer);
        assert!(customer.flips.is_empty());
    }
}

fn lines(customer: &ExplainedCustomer) -> Vec<Evidence> {
    let Evidence::Group { of, .. } = &customer.verdict.sides[0].evidence else { panic!() };
    of.iter().map(|node| node.evidence.clone()).collect()
}

#[test]
fn lists_are_explained_by_what_they_refer_to() {
    let file = json!({"list": {"file": "vip.csv"}, "op": "is_not_member"});
    let customer = explained(segment(&[file, list("boston"), list("sql")], &[]), "c4");
    assert!(customer.verdict.is_member);
    assert_eq!(customer.flips.len(), 3);
    let lines = lines(&customer);
    assert_eq!(lines[0], Evidence::List { path: "lists/vip.csv".to_owned(), is_in: false });
    let Evidence::Segment { id, verdict } = &lines[1] else { panic!() };
    assert_eq!((id.as_str(), verdict.is_member, verdict.sides.len()), ("boston", true, 2));
    let Evidence::Segment { verdict, .. } = &lines[2] else { panic!() };
    assert_eq!((verdict.is_member, verdict.sides.len()), (true, 0));
}

#[test]
fn the_reasons_of_a_segment_are_told_once() {
    fn count(evidence: &Evidence) -> usize {
        match evidence {
            Evidence::Group { of, .. } => of.iter().map(|node| count(&node.evidence)).sum(),
            Evidence::Segment { verdict, .. } => {
                assert!(verdict.is_member);
                1 + verdict.sides.iter().map(|side| count(&side.evidence)).sum::<usize>()
            }
            Evidence::Rows(_) | Evidence::List { .. } => 1,
        }
    }
    let customer = explained(segment(&[list("deep40")], &[]), "c4");
    assert!(customer.verdict.is_member);
    assert_eq!(lines(&customer).iter().map(count).sum::<usize>(), 2 * 40 + 2);
}

#[test]
fn of_many_customers_only_the_results_are_told() {
    let ids: Vec<&str> = std::iter::repeat_n("c2", MOST_WITH_ROWS + 1).collect();
    let answer = explain(segment(&[city("Boston")], &[]), &ids);
    assert_eq!(answer.customers.len(), ids.len());
    for customer in &answer.customers {
        let empty = RowEvidence { table: "Customers".to_owned(), ..RowEvidence::default() };
        assert_eq!((customer.verdict.is_member, lines(customer)), (false, vec![Evidence::Rows(empty)]));
    }
}

#[test]
fn lines_with_a_problem_are_left_out_and_named() {
    let gone = json!({"attribute": {"table": "Gone", "column": "x"}, "op": "is_true"});
    let answer = explain(segment(&[gone, city("Boston")], &[]), &["c4"]);
    assert_eq!((answer.problems.len(), lines(&answer.customers[0]).len()), (1, 1));
    assert!(answer.customers[0].verdict.is_member);
}
