use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::segment::words::{canonical, sentence};
use crate::segment::{Condition, DataType, Node, Schema, Segment};

/// Tables as a list of columns with their types.
struct Shop;

const TABLES: [(&str, &[(&str, DataType)]); 4] = [
    (
        "Customer_360",
        &[
            ("city", DataType::String),
            ("state", DataType::String),
            ("points", DataType::Integer),
            ("is_loyal", DataType::Boolean),
            ("birthdate", DataType::Date),
            ("first_purchase_date", DataType::Date),
        ],
    ),
    ("Merged_Customers", &[("state", DataType::String), ("email", DataType::String)]),
    (
        "Orders",
        &[
            ("order_revenue", DataType::Decimal),
            ("average_order_revenue", DataType::Decimal),
            ("rows", DataType::Integer),
        ],
    ),
    (
        "Items",
        &[
            ("product_category", DataType::String),
            ("color", DataType::String),
            ("order_datetime", DataType::Datetime),
            ("spent", DataType::Decimal),
        ],
    ),
];

fn missing(what: &str) -> Diagnostic {
    Diagnostic::new(format!("there is no {what:?}"))
}

impl Schema for Shop {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
    fn table(&self, table: &str) -> Result<(), Diagnostic> {
        self.tables().contains(&table).then_some(()).ok_or_else(|| missing(table))
    }
    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Diagnostic> {
        let of = TABLES.iter().find(|(name, _)| *name == table).map(|(_, columns)| *columns);
        let found = of.unwrap_or_default().iter().find(|(name, _)| *name == column);
        found.map(|(_, data_type)| *data_type).ok_or_else(|| missing(column))
    }
    fn tables(&self) -> Vec<&str> {
        TABLES.iter().map(|(name, _)| *name).collect()
    }
    fn columns(&self, table: &str) -> Vec<&str> {
        let of = TABLES.iter().find(|(name, _)| *name == table).map(|(_, columns)| *columns);
        of.unwrap_or_default().iter().map(|(name, _)| *name).collect()
    }
    fn items_table(&self) -> Result<String, Diagnostic> {
        Ok("Items".to_owned())
    }
    fn item_revenue(&self) -> Result<String, Diagnostic> {
        Ok("spent".to_owned())
    }
    fn item_quantity(&self) -> Result<String, Diagnostic> {
        Err(missing("item_quantity"))
    }
    fn segment_name(&self, id: &str) -> Option<String> {
        self.segments().iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned())
    }
    fn segments(&self) -> Vec<(&str, &str)> {
        vec![("seg_1", "Loyal"), ("seg_2", "Twice"), ("seg_3", "twice"), ("seg_4", "Seattle and Portland")]
    }
    fn list_files(&self) -> Vec<&str> {
        vec!["vip.csv", "Loyal"]
    }
    fn list_queries(&self) -> Vec<&str> {
        vec!["top.sql"]
    }
}

/// The condition that a text means.
#[track_caller]
fn best_matches(text: &str) -> Condition {
    parse(text, &Shop).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// What a text means in full.
#[track_caller]
fn said(text: &str) -> String {
    let condition = best_matches(text);
    let said = canonical(&condition, &Shop).unwrap();
    assert_eq!(parse(&said, &Shop).as_ref(), Ok(&condition), "{said}");
    said
}

/// Where a text stops making sense, with the message and the help.
#[track_caller]
fn stops(text: &str) -> (String, String) {
    let error = parse(text, &Shop).unwrap_err();
    let place = text.get(error.diagnostic.place.clone()).unwrap();
    let said = if error.diagnostic.help_text().is_empty() {
        error.diagnostic.message
    } else {
        format!("{}: {}", error.diagnostic.message, error.diagnostic.help_text())
    };
    (place.to_owned(), said)
}

#[test]
fn short_forms() {
    for (text, expected) in [
        ("city = chicago", r#"Customer 360: City is exactly "chicago""#),
        ("CITY != New York", r#"Customer 360: City is not exactly "New York""#),
        (
            "city in chicago, New York ,boston",
            r#"Customer 360: City is in list "chicago", "New York", "boston""#,
        ),
        ("city not in chicago", r#"Customer 360: City is not in list "chicago""#),
        ("city ~ chi", r#"Customer 360: City has "chi""#),
        ("city=007", r#"Customer 360: City is exactly "007""#),
        ("city starts with A", r#"Customer 360: City starts with "A""#),
        ("city contains a (matching case)", r#"Customer 360: City has "a" (matching case)"#),
        ("city is null", "Customer 360: City is null"),
        ("city is Chicago", r#"Customer 360: City is exactly "Chicago""#),
        ("points > 5", "Customer 360: Points is greater than 5"),
        ("points>=-1.50", "Customer 360: Points is greater than or equal to -1.50"),
        ("points between 1 and 5 (ends included)", "Customer 360: Points is between 1 and 5 (ends included)"),
        ("points in 1,2, 3", "Customer 360: Points is in list 1, 2, 3"),
        ("birthdate after 40 years ago", "Customer 360: Birthdate is after 40 years ago"),
        ("birthdate since 2024-01-31", "Customer 360: Birthdate is on or after 2024-01-31"),
        (
            "birthdate between 2024-01-01 and today - 3  months",
            "Customer 360: Birthdate is between 2024-01-01 and today - 3 months",
        ),
        ("is loyal", "Customer 360: Is Loyal is true"),
        ("not is_loyal", "Customer 360: Is Loyal is false"),
        ("is loyal = no", "Customer 360: Is Loyal is false"),
        ("First Purchase Date > 1 year ago", "Customer 360: First Purchase Date is after 1 year ago"),
        ("merged customers: state = IL", r#"Merged Customers: State is exactly "IL""#),
        ("on every row: city = a", r#"Customer 360: On every row: City is exactly "a""#),
        ("sum of order revenue > 500", "Orders: Sum of Order Revenue is greater than 500"),
        ("count of Orders > 3", "Orders: Number of rows is greater than 3"),
        ("orders: number of rows = 3", "Orders: Number of rows is 3"),
        ("orders: count of rows = 3", "Orders: Number of rows is 3"),
        ("Orders: Number of \"rows\" = 3", "Orders: Number of \"Rows\" is 3"),
        ("max of color = red", r#"Items: Greatest Color is exactly "red""#),
        ("average of order revenue > 5", "Orders: Average \"Order Revenue\" is greater than 5"),
        ("bought", "Has Purchased at least 1 time"),
        (
            "bought socks >= 2 since 3 months ago",
            r#"Has Purchased at least 2 times on or after 3 months ago where Product Category is exactly "socks""#,
        ),
        (
            "bought exactly once after 3 months ago where product category = socks and color in red, blue",
            "Has Purchased exactly 1 time after 3 months ago where Product Category is exactly \"socks\" and Color \
             is in list \"red\", \"blue\"",
        ),
        (
            "bought wool socks, shoes in 2024",
            "Has Purchased at least 1 time between 2024-01-01 and 2024-12-31 (ends included) where Product \
             Category is in list \"wool socks\", \"shoes\"",
        ),
        ("bought between 1 and 3 times", "Has Purchased between 1 and 3 times"),
        (
            "bought between 3 months ago and today",
            "Has Purchased at least 1 time between 3 months ago and today",
        ),
        (
            "never bought \"slip on shoes\"",
            "Has Not Purchased where Product Category is exactly \"slip on shoes\"",
        ),
        ("first purchase", "First Purchase"),
        ("total value of orders > 500", "Total Value of Orders was more than 500 dollars"),
        ("not member of vip.csv", r#"Is not a member of file "vip.csv""#),
        ("member of segment loyal", r#"Is a member of segment "Loyal""#),
        ("member of Seattle and Portland", r#"Is a member of segment "Seattle and Portland""#),
        ("member of Twice", r#"Is a member of segment "seg_2""#),
        ("member of top.sql", r#"Is a member of query "top.sql""#),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn sentences_of_screens_read_back() {
    for text in [
        "City is exactly Chicago",
        "City is in list Chicago, Boston (matching case)",
        "Points is between 1.5 and 5",
        "Is Loyal is true",
        "On no row: City is null",
        "Sum of Order Revenue is greater than 500, where Rows is 3",
        "Has Purchased exactly 1 time after 3 months ago, where Product Category is exactly socks and Color is null",
        "Total Value of Orders was between 1 and 500 dollars (ends included) on or before today",
        "First Purchase was after 2024-01-01 10:00:00",
        "Most Frequent Order was, where Color is exactly red",
        "Is not a member of vip.csv",
    ] {
        let sentence = sentence(&Node::Condition(best_matches(text)), &Shop);
        assert_eq!(sentence.replace(" was,", ","), text.replace(" was,", ","));
    }
}

#[test]
fn the_place_where_it_stops() {
    for (text, place, message) in [
        ("", "", "there is no condition yet"),
        ("ctiy = chicago", "ctiy", "no table has a column called \"ctiy\": did you mean \"City\"?"),
        (
            "Customer 360: ctiy = a",
            "ctiy",
            "Customer 360 has no column called \"ctiy\": did you mean \"City\"?",
        ),
        (
            "Custmer 360: city = a",
            "Custmer 360",
            "there is no table called \"Custmer 360\": did you mean \"Customer 360\"?",
        ),
        (
            "state = IL",
            "state",
            "state is in several tables: Customer 360, Merged Customers: name the table before it",
        ),
        ("city", "", "an operator is missing"),
        ("city = ", "", "a value is missing"),
        ("city = \"a", "\"a", "the quotes are not closed"),
        (r#"city = "a\x""#, "\\", "a backslash in quotes"),
        ("city = \"a\" b", "b", "the condition ends before \"b\""),
        ("city = \"\"", "\"\"", "an empty text is no value to compare with: write: is empty"),
        ("city is in list a, (empty)", "(empty)", "(empty) can be a value or none"),
        ("city = chicago and state = IL", "and", "a second condition begins here"),
        ("points > 5 or city = a", "or", "a second condition begins here"),
        ("city > 5", ">", "City is a text, which \">\" does not fit"),
        ("points has 5", "has", "Points is a number, which \"has\" does not fit"),
        ("points frob 5", "frob", "\"frob\" is no operator"),
        ("points > many", "many", "\"many\" is no number"),
        ("points > 1,000", "1,000", "\"1,000\" is no number"),
        ("birthdate after 3 months", "3 months", "\"3 months\" is no date"),
        ("birthdate after 2024-02-30", "2024-02-30", "there is no such date"),
        ("birthdate between 2024-01-01", "", "the second end is missing"),
        ("not city", "city", "City is a text"),
        ("bought socks and shoes", "and", "several things are written with commas"),
        ("bought socks last year", "", ""),
        ("bought > 1 in summer", "in summer", "\"in\" takes a year here"),
        ("total value of orders", "", "an amount is missing"),
        ("spent > 500", "spent > 500", "this can be read in several ways: write it in full"),
        ("sum of city > 3", "", "City is a text: there is no \"Sum of City\""),
        ("member of", "", "the name of a list is missing"),
        ("member of Loyl", "Loyl", "there is no list called \"Loyl\": did you mean \"Loyal\"?"),
        (
            "member of Loyal",
            "Loyal",
            "several lists are called \"Loyal\": write one of: segment \"Loyal\", file \"Loyal\"",
        ),
        ("member of TWICE", "TWICE", "several lists are called \"TWICE\""),
        ("city = a where ", "", "a filter is missing"),
        ("city = a where colour = b", "colour", "Customer 360 has no column called \"colour\""),
    ] {
        if message.is_empty() {
            // Taken as a thing with this name; nothing is made of "last year".
            assert!(said(text).contains("\"socks last year\""));
            continue;
        }
        let (at, said) = stops(text);
        assert!(said.starts_with(message), "{text}: {said}");
        assert_eq!(at, place, "{text}: {said}");
    }
}

#[test]
fn names_that_could_mislead_are_quoted() {
    struct Tricky;
    const COLUMNS: [&str; 14] = [
        "City",
        "city",
        "City is",
        "sum of x",
        "x",
        "number of rows",
        "rows",
        "",
        " ",
        "a\"b\\",
        "where",
        "not y",
        "y",
        "different x",
    ];
    impl Schema for Tricky {
        fn activation_id(&self) -> Result<(), Diagnostic> {
            Ok(())
        }
        fn table(&self, _: &str) -> Result<(), Diagnostic> {
            Ok(())
        }
        fn column_type(&self, _: &str, _: &str) -> Result<DataType, Diagnostic> {
            Ok(DataType::Integer)
        }
        fn items_table(&self) -> Result<String, Diagnostic> {
            Err(missing("items"))
        }
        fn item_revenue(&self) -> Result<String, Diagnostic> {
            Err(missing("revenue"))
        }
        fn item_quantity(&self) -> Result<String, Diagnostic> {
            Err(missing("quantity"))
        }
        fn tables(&self) -> Vec<&str> {
            vec!["T", "t", "a: b"]
        }
        fn columns(&self, _: &str) -> Vec<&str> {
            COLUMNS.to_vec()
        }
    }
    let functions = [None, Some("count"), Some("sum"), Some("min"), Some("count_distinct"), Some("avg")];
    for table in Tricky.tables() {
        for column in COLUMNS {
            for function in functions {
                for op in [json!({"op": "is", "value": 1}), json!({"op": "is_in_list", "value": [1, 2]})] {
                    let mut node = op;
                    match function {
                        None => node["attribute"] = json!({"table": table, "column": column}),
                        Some(function) => {
                            node["aggregate"] = json!({"table": table, "fn": function, "column": column});
                        }
                    }
                    let condition = condition(node);
                    let said = canonical(&condition, &Tricky).unwrap();
                    assert_eq!(parse(&said, &Tricky), Ok(condition), "{said}");
                }
            }
        }
        let rows = condition(json!({"aggregate": {"table": table, "fn": "count"}, "op": "is", "value": 1}));
        let said = canonical(&rows, &Tricky).unwrap();
        assert_eq!(parse(&said, &Tricky), Ok(rows), "{said}");
    }
}

fn condition(node: Value) -> Condition {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "s", "name": "S",
        "include": {"match": "all", "of": [node]}
    });
    match Segment::from_json(&document.to_string()).unwrap().walk()[0].1 {
        Node::Condition(condition) => condition.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_complete_has_no_full_form() {
    let attribute = json!({"table": "Customer_360", "column": "city"});
    for node in [
        json!({"attribute": attribute}),
        json!({"attribute": attribute, "op": "is_exactly"}),
        json!({"attribute": attribute, "op": "is_exactly", "value": ""}),
        json!({"attribute": attribute, "op": "is_in_list", "value": []}),
        json!({"attribute": attribute, "op": "is_exactly", "value": 5}),
        json!({"purchase": "has_purchased"}),
        json!({"purchase": "first_purchase", "when": {"op": "after", "value": {"relative": "soon"}}}),
        json!({"list": {"segment": "seg_1"}}),
    ] {
        assert_eq!(canonical(&condition(node.clone()), &Shop), None, "{node}");
    }
}

/// Labels of what may follow, the first few.
fn follow(text: &str) -> Vec<String> {
    complete(text, &Shop).all().into_iter().map(|offer| offer.text).take(4).collect()
}

#[test]
fn what_may_follow() {
    assert!(complete("", &Shop).all().iter().any(|offer| offer.text == "Customer 360: State "));
    assert!(complete("c", &Shop).all().iter().any(|offer| offer.text == "City "));
    assert_eq!(follow("city "), ["is exactly ", "is not exactly ", "is in list ", "is not in list "]);
    assert_eq!(follow("city is n")[..2], ["is not exactly ".to_owned(), "is not in list ".to_owned()]);
    assert_eq!(follow("points between 1 "), ["and "]);
    assert_eq!(follow("birthdate after 3 mon")[2], "3 months ago");
    assert_eq!(follow("member of Lo")[0], "segment \"Loyal\"");
    assert_eq!(follow("orders: s"), ["Order Revenue ", "\"Average Order Revenue\" ", "Rows ", "Sum of "]);
    assert!(follow("city = a where ").contains(&"State ".to_owned()));
    let values =
        |text: &str| complete(text, &Shop).values.map(|of| (complete(text, &Shop).from, of.table, of.column));
    assert_eq!(values("city = chi"), Some((7, "Customer_360".into(), "city".into())));
    assert_eq!(values("city in chicago, bo"), Some((17, "Customer_360".into(), "city".into())));
    assert_eq!(values("bought so"), Some((7, "Items".into(), "product_category".into())));
    assert_eq!(values("bought where color = r"), Some((21, "Items".into(), "color".into())));
    assert_eq!(values("points = 5"), None);
}

#[test]
fn values_are_written_so_that_they_read_back() {
    for value in [
        "Chicago",
        "New York",
        "a, b",
        "\"",
        "where",
        "Bosnia and Herzegovina",
        " a",
        "a  b",
        "x\ny",
        "(empty)",
        "…",
        "any time",
        "O'Brien",
        ">5",
        "",
    ] {
        for line in ["city in @", "city = a where state in @", "bought @"] {
            if value.is_empty() && line.starts_with("bought") {
                continue;
            }
            let line = line.replace('@', &value_literal(value));
            let said = canonical(&best_matches(&line), &Shop).unwrap();
            assert!(said.contains(&crate::segment::name_matching::quote(value)), "{line}: {said}");
        }
    }
}
