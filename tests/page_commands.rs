//! The pages headless: `summary`, `breakdown`, `compare`, `trend`.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, document, in_city, keys, lines, stderr, stdout};

const INSIGHTS: [&str; 4] = ["unique_customers", "active_customers_1y", "revenue_1y", "reachable_customers"];
const HEAD: [&str; 3] = ["segment", "as_of", "activation_id"];

/// The one line of an answer.
fn answer(output: &Output) -> Value {
    assert_eq!(code(output), 0, "{} {}", stdout(output), stderr(output));
    let [answer] = lines(output).try_into().unwrap();
    answer
}

/// On a variant of the conformance database.
fn on(machine: &Machine, variant: &str, arguments: &[&str]) -> Output {
    let data = conformance(&format!("variants/{variant}/csv"));
    machine.run(&[arguments, &["--data", data.to_str().unwrap()]].concat())
}

fn at<'a>(answer: &'a Value, pointer: &str) -> &'a Value {
    answer.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {answer}"))
}

#[test]
fn summary_has_the_documented_shape() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let output = machine.run(&["summary", "--json", &file]);
    let summary = answer(&output);
    assert_eq!(stderr(&output), "");
    let parts = [
        "insights",
        "revenue_tree",
        "predicted",
        "reachability",
        "channels",
        "lifetime_spend",
        "new_purchasers",
        "metrics",
    ];
    assert_eq!(keys(&summary), [&HEAD[..], &parts].concat());
    assert_eq!(summary["segment"], json!({"id": "seg_x", "name": "X"}));
    assert_eq!((&summary["as_of"], &summary["activation_id"]), (&json!("2024-02-29"), &json!("amperity_id")));
    let tree = [
        "net_revenue",
        "customers",
        "revenue_per_customer",
        "orders_per_customer",
        "average_order_value",
        "units_per_transaction",
        "average_unit_revenue",
    ];
    let predicted = ["clv", "average_order_revenue", "order_frequency"];
    let reach = ["email", "phone", "address", "paid_social"];
    for (part, expected) in [
        ("insights", &INSIGHTS[..]),
        ("revenue_tree", &tree),
        ("predicted", &predicted),
        ("reachability", &reach),
    ] {
        assert_eq!(keys(&summary[part]), ["segment", "all"], "{part}");
        for half in ["segment", "all"] {
            assert_eq!(keys(&summary[part][half]), expected, "{part}");
        }
    }
    let of_count = answer(&machine.run(&["count", "--json", &file]));
    for insight in INSIGHTS {
        assert_eq!(summary["insights"]["segment"][insight], of_count[insight]);
        assert_eq!(summary["insights"]["all"][insight], of_count["all"][insight]);
    }
    assert_eq!(at(&summary, "/revenue_tree/segment/net_revenue").to_string(), "685.97");
    assert_eq!(*at(&summary, "/revenue_tree/segment/customers"), 6);
    assert_eq!(keys(at(&summary, "/channels/0")), ["value", "segment", "all"]);
    let bands = summary["lifetime_spend"].as_array().unwrap();
    assert_eq!(bands.iter().map(|band| band["band"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(keys(&bands[0]), ["band", "segment", "all"]);
    assert_eq!(keys(&bands[0]["segment"]), ["customers", "revenue"]);
    let months = summary["new_purchasers"].as_array().unwrap();
    assert_eq!(keys(&months[0]), ["month", "segment", "all"]);
    let ends = (&months[0]["month"], &months[11]["month"], months.len());
    assert_eq!(ends, (&json!("2023-03"), &json!("2024-02"), 12));
    assert_eq!(summary["metrics"], json!([]));
}

#[test]
fn breakdown_has_the_documented_shape() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let by = ["--by", "Customer_360.city", "Survey_Answers.rating"];
    let breakdown = answer(&machine.run(&[&["breakdown", "--json", &file], &by[..]].concat()));
    assert_eq!(keys(&breakdown), [&HEAD[..], &["from", "to", "attributes"]].concat());
    assert_eq!((&breakdown["from"], &breakdown["to"]), (&json!("2023-03-01"), &json!("2024-02-29")));
    let attributes = breakdown["attributes"].as_array().unwrap();
    let names = attributes.iter().map(|of| (of["table"].as_str().unwrap(), of["column"].as_str().unwrap()));
    assert_eq!(names.collect::<Vec<_>>(), [("Customer_360", "city"), ("Survey_Answers", "rating")]);
    assert_eq!(keys(&attributes[0]), ["table", "column", "values", "total"]);
    assert_eq!(keys(&attributes[0]["total"]), ["segment", "all"]);
    let values = attributes[0]["values"].as_array().unwrap();
    for value in values {
        assert_eq!(keys(value), ["value", "blank", "segment", "all"]);
        assert_eq!(keys(&value["segment"]), ["purchasers", "revenue"]);
        // Everybody is in the segment.
        assert_eq!(value["segment"], value["all"]);
        assert_eq!(value["blank"], value["value"] == "", "{value}");
    }
    let purchasers = |value: &Value| value["segment"]["purchasers"].as_u64().unwrap();
    assert!(values.iter().any(|value| value["value"].is_null()), "{values:?}");
    assert!(values.iter().any(|value| value["blank"] == true), "{values:?}");
    assert!(values.is_sorted_by_key(|value| std::cmp::Reverse(purchasers(value))), "{values:?}");
    let of_count = answer(&machine.run(&["count", "--json", &file]));
    let total = at(&breakdown, "/attributes/0/total/all");
    assert_eq!(total["purchasers"], of_count["active_customers_1y"]);
    assert_eq!(total["revenue"], of_count["revenue_1y"]);

    // With commas, and without: what is there of the usual ones.
    let by = ["--by", "Customer_360.city,Survey_Answers.rating"];
    assert_eq!(answer(&machine.run(&[&["breakdown", "--json", &file], &by[..]].concat())), breakdown);
    let usual = answer(&machine.run(&["breakdown", "--json", &file]));
    let usual = usual["attributes"].as_array().unwrap();
    let columns: Vec<&str> = usual.iter().map(|of| of["column"].as_str().unwrap()).collect();
    let expected = [
        "predicted_customer_lifecycle_status",
        "predicted_customer_lifetime_value_tier",
        "state",
        "city",
        "purchase_channel",
        "loyalty_tier",
    ];
    assert_eq!(columns, expected);
    assert_eq!(usual[4]["table"], "Unified_Transactions");
}

#[test]
fn compare_has_the_documented_shape() {
    let machine = Machine::new();
    let chicago = machine.segment("chicago.json", json!([in_city("chicago")]));
    let everybody = machine.segment("everybody.json", json!([]));
    let comparison = answer(&machine.run(&["compare", "--json", &chicago, &everybody]));
    let parts = ["from", "to", "baseline", "columns", "pairs", "regions"];
    assert_eq!(keys(&comparison), [&HEAD[..], &parts].concat());
    assert_eq!((&comparison["segment"], &comparison["baseline"]), (&Value::Null, &Value::Null));
    let figures = [
        "segment",
        "unique_customers",
        "active_customers",
        "revenue",
        "revenue_per_customer",
        "orders_per_customer",
        "units_per_order",
        "average_order_value",
    ];
    let columns = comparison["columns"].as_array().unwrap();
    assert!(columns.iter().all(|column| keys(column) == figures), "{columns:?}");
    let segments: Vec<&Value> = columns.iter().map(|column| &column["segment"]["id"]).collect();
    assert_eq!(segments, [&json!("seg_x"), &json!("seg_x"), &Value::Null]);
    let unique: Vec<&Value> = columns.iter().map(|column| &column["unique_customers"]).collect();
    assert_eq!(unique, [9, 96, 96]);
    assert_eq!(
        (&columns[0]["active_customers"], columns[0]["revenue"].to_string()),
        (&json!(6), "685.97".to_owned())
    );
    assert_eq!(comparison["pairs"], json!([{"of": [0, 1], "unique_customers": 9}]));
    let regions = json!([{"in": [1], "unique_customers": 87}, {"in": [0, 1], "unique_customers": 9}]);
    assert_eq!(comparison["regions"], regions);
    for baseline in [&everybody, &format!("{}/./everybody.json", machine.home().display())] {
        let output = machine.run(&["compare", "--json", &chicago, &everybody, "--baseline", baseline]);
        assert_eq!(answer(&output)["baseline"], 1);
    }
    // Those of nobody stand where there is somebody.
    let alone = answer(&machine.run(&["compare", "--json", &chicago]));
    assert_eq!(alone["pairs"], json!([]));
    let regions = json!([{"in": [], "unique_customers": 87}, {"in": [0], "unique_customers": 9}]);
    assert_eq!(alone["regions"], regions);
}

#[test]
fn trend_has_the_documented_shape() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let trend = answer(&machine.run(&["trend", "--json", &file]));
    assert_eq!(keys(&trend), [&HEAD[..], &["points"]].concat());
    let points = trend["points"].as_array().unwrap();
    assert!(points.iter().all(|point| keys(point) == [&["as_of"][..], &INSIGHTS].concat()), "{points:?}");
    let of_count = answer(&machine.run(&["count", "--json", &file]));
    for insight in INSIGHTS {
        assert_eq!(points[12][insight], of_count[insight]);
    }
    let ends = |every: &str| {
        let trend = answer(&machine.run(&["trend", "--json", &file, "--every", every]));
        let points = trend["points"].as_array().unwrap();
        let day = |at: usize| points[at]["as_of"].as_str().unwrap().to_owned();
        assert_eq!(points.len(), 13, "{every}");
        [day(0), day(11), day(12)].join(" ")
    };
    assert_eq!(ends("month"), "2023-02-28 2024-01-31 2024-02-29");
    assert_eq!(ends("day"), "2024-02-17 2024-02-28 2024-02-29");
    assert_eq!(ends("week"), "2023-12-10 2024-02-25 2024-02-29");
    assert_eq!(ends("quarter"), "2021-03-31 2023-12-31 2024-02-29");
    let month = answer(&machine.run(&["count", "--json", &file, "--as-of", "2024-01-31"]));
    for insight in INSIGHTS {
        assert_eq!(points[11][insight], month[insight]);
    }
}

#[test]
fn pages_stand_at_their_day_and_within_their_range() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    for command in ["summary", "breakdown", "compare", "trend"] {
        let page = answer(&machine.run(&[command, "--json", "--as-of", "2023-05-31", &file]));
        assert_eq!(page["as_of"], "2023-05-31", "{command}");
    }
    let range = |arguments: &[&str]| {
        let ranges = ["breakdown", "compare"].map(|command| {
            let page = answer(&machine.run(&[&[command, "--json", &file], arguments].concat()));
            format!("{} {}", page["from"].as_str().unwrap(), page["to"].as_str().unwrap())
        });
        assert_eq!(ranges[0], ranges[1]);
        ranges[0].clone()
    };
    assert_eq!(range(&["--as-of", "2023-05-31"]), "2022-06-01 2023-05-31");
    assert_eq!(range(&["--from", "2023-12-24"]), "2023-12-24 2024-02-29");
    assert_eq!(range(&["--to", "2023-12-24"]), "2022-12-25 2023-12-24");
    assert_eq!(range(&["--from", "2023-12-24", "--to", "2023-12-24"]), "2023-12-24 2023-12-24");
    let words = ["--as-of", "9 months ago", "--from", "start of month", "--to", "yesterday"];
    assert_eq!(range(&words), "2023-05-01 2023-05-28");
    let all =
        answer(&machine.run(&["compare", "--json", &file, "--from", "1970-01-01", "--to", "1970-01-02"]));
    let column = &all["columns"][0];
    assert_eq!((&column["active_customers"], column["revenue"].to_string()), (&json!(0), "0.0".to_owned()));
    // Divided by nothing.
    assert!(column["revenue_per_customer"].is_null() && column["average_order_value"].is_null(), "{column}");
}

#[test]
fn wrong_usage_of_pages_is_exit_code_2() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let other = machine.segment("other.json", json!([in_city("chicago")]));
    let file = file.as_str();
    let cities = ["Customer_360.city"; 7].join(",");
    let wrong: [(&[&str], &str); 16] = [
        (&["summary"], "SEGMENT"),
        (&["summary", file, &other], "unexpected"),
        (&["summary", file, "--from", "2024-01-01"], "--from"),
        (&["breakdown", file, "--by", &cities], "more than six"),
        (&["breakdown", file, "--by", "Customer_360.city", "Customer_360.city"], "asked for twice"),
        (&["breakdown", file, "--to", "2024-03-01"], "2024-03-01 is after 2024-02-29"),
        (&["compare", file, "--from", "2024-01-31", "--as-of", "2024-01-30"], "2024-01-31 is after"),
        (&["compare", file, "--from", "2024-01-31", "--to", "2024-01-30"], "before it begins"),
        (&["compare", file, "--from", "2024-1-31"], "YYYY-MM-DD"),
        (&["compare", file, "--from", "soon"], "3 months ago"),
        (&["compare", file, "--to", "in 2 weeks"], "2024-03-14 is after 2024-02-29"),
        (&["compare"], "SEGMENT"),
        (&["compare", file, file, file, file, file, file], "more than five"),
        (&["compare", file, "--baseline", &other], "none of the segments"),
        (&["trend", file, "--every", "year"], "day, week, month, quarter"),
        (&["trend", file, "--to", "2024-01-01"], "--to"),
    ];
    for (arguments, message) in wrong {
        let output = machine.run(arguments);
        let said = stderr(&output);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(said.starts_with("error: ") && said.contains(message), "{arguments:?}: {said}");
        let output = machine.run(&[arguments, &["--json"]].concat());
        let kind = &lines(&output)[0]["error"]["kind"];
        assert_eq!((code(&output), kind), (2, &json!("usage")), "{arguments:?}");
    }
}

#[test]
fn pages_of_segments_with_errors_are_refused() {
    let machine = Machine::new();
    let gone = json!({"attribute": {"table": "Customer_360", "column": "citty"}, "op": "is_null"});
    let bad = machine.segment("bad.json", json!([in_city("x"), gone]));
    let good = machine.segment("good.json", json!([]));
    for arguments in
        [&["summary", &bad][..], &["breakdown", &bad], &["compare", &good, &bad], &["trend", &bad]]
    {
        let output = machine.run(&[arguments, &["--json"]].concat());
        let [answer] = lines(&output).try_into().unwrap();
        assert_eq!((code(&output), &answer["error"]["place"]), (1, &json!("include.1")), "{arguments:?}");
        assert_eq!(answer["error"]["kind"], "segment");
        let output = machine.run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (1, ""), "{arguments:?}");
        assert!(stderr(&output).starts_with("error: include.1: "), "{}", stderr(&output));
    }
    for command in ["summary", "breakdown", "compare", "trend"] {
        let output = machine.run(&[command, "nobody", "--json"]);
        let [answer] = lines(&output).try_into().unwrap();
        assert_eq!((code(&output), &answer["error"]["kind"]), (1, &json!("workspace")), "{command}");
    }
    for (by, word) in
        [("city", "TABLE.COLUMN"), ("Customer_360.citty", "no column"), ("Nothing.city", "names no column")]
    {
        let output = machine.run(&["breakdown", &good, "--by", by]);
        assert!(code(&output) == 1 && stderr(&output).contains(word), "{by}: {}", stderr(&output));
    }
    let mut by_email = document(json!([]));
    by_email["activation_id"] = "email".into();
    let by_email = machine.file("email.json", &by_email.to_string());
    let output = machine.run(&["compare", &good, &by_email]);
    assert!(code(&output) == 1 && stdout(&output).is_empty(), "{}", stderr(&output));
}

#[test]
fn what_the_data_cannot_say_is_null_with_a_reason() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([]));
    let bare = on(&machine, "bare", &["summary", "--json", &file]);
    let summary = answer(&bare);
    for list in ["channels", "lifetime_spend", "new_purchasers"] {
        assert!(summary[list].is_null(), "{list}: {summary}");
    }
    for figure in ["/revenue_tree/all/net_revenue", "/predicted/segment/clv", "/reachability/all/paid_social"]
    {
        assert!(at(&summary, figure).is_null(), "{figure}: {summary}");
    }
    let said = stderr(&bare);
    assert!(said.contains("note: not available: revenue tree, purchasers by channel, "), "{said}");
    let people = on(&machine, "bare", &["summary", &file]);
    assert_eq!(stderr(&people), said, "the same reasons for people");
    assert!(!stdout(&people).contains("REVENUE TREE"), "{}", stdout(&people));

    let output = on(&machine, "bare", &["breakdown", "--json", &file, "--by", "Survey_Answers.answer"]);
    let breakdown = answer(&output);
    let attribute = at(&breakdown, "/attributes/0");
    assert!(attribute["values"].is_null() && at(attribute, "/total/all/revenue").is_null(), "{attribute}");
    assert!(stderr(&output).contains("not available: Survey_Answers.answer: "), "{}", stderr(&output));

    let output = on(&machine, "bare", &["compare", "--json", &file]);
    let comparison = answer(&output);
    assert!(stderr(&output).contains("note: not available: figures of orders: "), "{}", stderr(&output));
    let all = at(&comparison, "/columns/1");
    assert!(all["unique_customers"].is_number() && all["active_customers"].is_null(), "{all}");
    let trend = answer(&on(&machine, "attributes-only", &["trend", "--json", &file]));
    let known = trend["points"].as_array().unwrap().iter().map(|point| point["revenue_1y"].is_number());
    assert_eq!(known.collect::<Vec<_>>(), [vec![false; 12], vec![true]].concat(), "{trend}");

    // What orders would say is said of the items.
    let summary = answer(&on(&machine, "items-only", &["summary", "--json", &file]));
    assert!(at(&summary, "/revenue_tree/all/orders_per_customer").is_number(), "{summary}");
    assert!(at(&summary, "/reachability/all/paid_social").is_null(), "{summary}");
}

/// A database of a few orders.
fn shop(machine: &Machine, orders: &str) -> String {
    let folder = machine.home().join("shop");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Customer_360.csv"), "amperity_id,city\na,A\u{1b}[2J\nb,\"\"\nc,\n").unwrap();
    let head = "amperity_id,order_id,order_datetime,order_revenue,order_quantity,purchase_channel\n";
    fs::write(folder.join("Unified_Transactions.csv"), format!("{head}{orders}")).unwrap();
    fs::write(folder.join("database.toml"), "as_of = \"2024-02-29\"\n").unwrap();
    folder.to_str().unwrap().to_owned()
}

#[test]
fn money_beyond_doubles_keeps_its_cents() {
    let machine = Machine::new();
    let data = shop(
        &machine,
        "a,1,2024-01-01,60000000000000.01,1,online\n\
         b,2,2024-01-02,60000000000000.03,2,online\n\
         b,2,2024-01-02,,0,\n",
    );
    let file = machine.segment("x.json", json!([]));
    let run = |command: &str| machine.run(&[command, "--json", &file, "--data", &data]);
    // The nearest double would end in 05.
    let digits = "120000000000000.04";
    assert_eq!(answer(&run("count"))["revenue_1y"].to_string(), digits);
    let summary = answer(&run("summary"));
    assert_eq!(at(&summary, "/insights/all/revenue_1y").to_string(), digits);
    assert_eq!(at(&summary, "/revenue_tree/segment/net_revenue").to_string(), digits);
    assert_eq!(at(&summary, "/revenue_tree/segment/revenue_per_customer").to_string(), "60000000000000.02");
    assert_eq!(
        at(&summary, "/revenue_tree/segment/average_unit_revenue").to_string(),
        "40000000000000.013333"
    );
    assert_eq!(at(&summary, "/lifetime_spend/0/all/revenue").to_string(), "60000000000000.03");
    assert_eq!(at(&summary, "/lifetime_spend/1/all/revenue").to_string(), "60000000000000.01");
    let empty = json!({"customers": 0, "revenue": 0.0});
    assert_eq!(
        (at(&summary, "/lifetime_spend/2/all"), at(&summary, "/lifetime_spend/4/all")),
        (&empty, &empty)
    );
    assert_eq!(at(&answer(&run("breakdown")), "/attributes/0/total/all/revenue").to_string(), digits);
    assert_eq!(at(&answer(&run("compare")), "/columns/0/revenue").to_string(), digits);
    assert_eq!(at(&answer(&run("trend")), "/points/12/revenue_1y").to_string(), digits);
}

#[test]
fn people_read_pages() {
    let machine = Machine::new();
    let rows =
        "a,1,2024-01-01,10.00,2,\u{1b}]0;owned\u{7}\nb,2,2024-02-02,30.00,1,\"\"\nc,3,2022-01-01,5.00,1,\n";
    let data = shop(&machine, rows);
    let mut segment = document(json!([in_city("A\u{1b}[2J")]));
    segment["name"] = "A\u{1b}[31m".into();
    segment["database"] = "".into();
    let file = machine.file("a.json", &segment.to_string());
    let all = machine.segment("all.json", json!([]));
    let run = |arguments: &[&str]| {
        let output = machine.run(&[arguments, &["--data", &data]].concat());
        let text = stdout(&output);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let obeyed = text.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(obeyed, None, "{arguments:?}: {text:?}");
        assert!(text.contains("as of 2024-02-29, data of 2024-02-29"), "{text}");
        text
    };
    /// The cells of the line that begins so.
    fn line<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
        let line = text.lines().find(|line| line.starts_with(start));
        let line = line.unwrap_or_else(|| panic!("no {start} in {text}"));
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
    }
    let text = run(&["summary", &file]);
    assert_eq!(line(&text, "Net revenue"), ["Net revenue", "$10.00", "$40.00", "25.0%"]);
    assert_eq!(line(&text, "Revenue per"), ["Revenue per customer", "$10.00", "$20.00", "-50.0%"]);
    assert_eq!(line(&text, "Units per"), ["Units per transaction", "2.00", "1.50", "+33.3%"]);
    assert_eq!(line(&text, "(blank)"), ["(blank)", "0", "1", "0.0%"]);
    assert_eq!(line(&text, "Top 20 %"), ["Top 20 %", "0", "1", "0.0%"]);
    assert_eq!(line(&text, "2024-01"), ["2024-01", "1", "1", "100.0%"]);
    assert!(text.contains("Reachable says nothing of consent."), "{text}");
    let text = run(&["breakdown", &all, "--by", "Customer_360.city"]);
    assert!(text.contains("orders from 2023-03-01 to 2024-02-29"), "{text}");
    let blank = ["(blank)", "1", "50.0%", "1", "50.0%", "$30.00", "75.0%", "$30.00", "75.0%"];
    assert_eq!(line(&text, "(blank)"), blank);
    assert_eq!(line(&text, "(total)")[..2], ["(total)", "2"]);
    let text = run(&["compare", &file, &all, "--baseline", &all]);
    assert_eq!(line(&text, "Revenue "), ["Revenue", "$10.00", "-75.0%", "$40.00", "$40.00", "0.0%"]);
    assert!(text.contains("Compared with X.") && text.contains("IN EXACTLY"), "{text}");
    let text = run(&["trend", &file]);
    assert_eq!(line(&text, "2023-12-31")[..4], ["2023-12-31", "1", "0", "$0.00"]);
    assert_eq!(line(&text, "2024-01-31")[..4], ["2024-01-31", "1", "1", "$10.00"]);
    assert!(text.contains("Attributes are what the tables say today"), "{text}");
}

#[test]
fn custom_metrics_are_those_of_the_database_and_id() {
    let machine = Machine::new();
    let file = machine.segment("x.json", json!([in_city("chicago")]));
    let workspace = machine.home().join("ws");
    fs::create_dir(&workspace).unwrap();
    let metric = |name: &str, kind: &str, column: &str, function: &str| {
        json!({"database": "nasty", "activation_id": "amperity_id", "name": name, "kind": kind,
               "table": "Customer_360", "column": column, "fn": function, "format": "integer", "unit": "points"})
    };
    let mut elsewhere = metric("elsewhere", "number", "points", "sum");
    elsewhere["activation_id"] = "email".into();
    let metrics = [
        metric("points", "number", "points", "count"),
        elsewhere,
        metric("cities", "bars", "city", "rows"),
        metric("gone", "number", "pints", "sum"),
        metric("bars gone", "bars", "citty", "rows"),
    ];
    let settings = json!({"format": "segtui/workspace", "version": 1, "metrics": metrics});
    fs::write(workspace.join("workspace.json"), settings.to_string()).unwrap();
    let place = workspace.to_str().unwrap();
    let output = machine.run(&["summary", "--json", &file, "--workspace", place]);
    let summary = answer(&output);
    let metrics = summary["metrics"].as_array().unwrap();
    let names: Vec<&str> = metrics.iter().map(|metric| metric["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["points", "cities", "gone", "bars gone"]);
    assert_eq!(keys(&metrics[0]), ["name", "segment", "all"]);
    assert!(metrics[0]["segment"].as_u64() <= metrics[0]["all"].as_u64(), "{summary}");
    assert_eq!(keys(&metrics[1]), ["name", "values"]);
    let of_all: u64 =
        metrics[1]["values"].as_array().unwrap().iter().map(|of| of["segment"].as_u64().unwrap()).sum();
    assert!(of_all >= 9, "{summary}");
    assert!(metrics[2]["segment"].is_null() && metrics[2]["all"].is_null(), "{summary}");
    assert_eq!(metrics[3], json!({"name": "bars gone", "values": null}));
    assert!(stderr(&output).contains("not available: gone"), "{}", stderr(&output));
    let text = stdout(&machine.run(&["summary", &file, "--workspace", place]));
    assert!(text.contains("METRICS") && text.contains(" points") && text.contains("cities "), "{text}");

    fs::write(workspace.join("workspace.json"), "{").unwrap();
    let output = machine.run(&["summary", "--json", &file, "--workspace", place]);
    assert_eq!(answer(&output)["metrics"], json!([]));
    assert!(stderr(&output).contains("note: not available: custom metrics: "), "{}", stderr(&output));
}
