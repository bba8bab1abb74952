//! The demo workspace: folders with segments over the demo database.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A folder below `segments`.
struct Folder {
    path: &'static str,
    name: &'static str,
    description: &'static str,
}

const FOLDERS: [Folder; 7] = [
    Folder { path: "lifecycle", name: "Lifecycle", description: "Where customers stand on their way" },
    Folder { path: "loyalty", name: "Loyalty", description: "Members and their tiers" },
    Folder { path: "churn", name: "Churn", description: "Who is about to leave, who has left" },
    Folder { path: "churn/socktown", name: "Socktown", description: "Churn of the Socktown brand" },
    Folder { path: "product", name: "Product", description: "What customers buy and do not buy" },
    Folder { path: "regions", name: "Regions", description: "Where customers live and shop" },
    Folder { path: "value", name: "Value", description: "What customers are worth" },
];

/// What distinguishes one segment from another.
struct Segment {
    folder: &'static str,
    name: &'static str,
    description: &'static str,
    labels: &'static [&'static str],
    include: Value,
    exclude: Value,
}

/// Writes the demo workspace into a folder: `workspace.json`, folders, segments.
pub(crate) fn write_workspace(dir: &Path) -> Result<()> {
    write_json(&dir.join("workspace.json"), &json!({"format": "segtui/workspace", "version": 1}))?;
    let segments = dir.join("segments");
    for (number, folder) in (1..).zip(&FOLDERS) {
        let record = json!({"id": id("fld", number), "name": folder.name, "description": folder.description});
        write_json(&segments.join(folder.path).join("folder.json"), &record)?;
    }
    for (number, segment) in (1..).zip(demo_segments()) {
        let file = format!("{}.segment.json", segment.name.to_lowercase().replace('_', "-"));
        write_json(&segments.join(segment.folder).join(file), &document(number, segment))?;
    }
    Ok(())
}

fn write_json(path: &Path, value: &Value) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let text = format!("{}\n", serde_json::to_string_pretty(value)?);
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A fixed ULID: the time of 2025-01-01, then what it is for.
fn id(kind: &str, number: usize) -> String {
    let purpose = if kind == "fld" { "FDR" } else { "SEG" };
    format!("{kind}_01JGFJJZ00DEM0{purpose}{number:09}")
}

fn document(number: usize, segment: Segment) -> Value {
    let stamp = |hour: usize| json!({"at": format!("2025-11-{number:02}T{hour:02}:30:00Z"), "by": "demo"});
    json!({
        "format": "segtui/segment", "version": 1,
        "id": id("seg", number),
        "name": segment.name,
        "description": segment.description, "labels": segment.labels, "status": "active",
        "database": "Customer_360", "activation_id": "amperity_id",
        "revision": 1,
        "created": stamp(9), "updated": stamp(10),
        "include": segment.include,
        "exclude": segment.exclude,
    })
}

const C360: &str = "Customer_360";
const TAE: &str = "Transaction_Attributes_Extended";
const CLV: &str = "Predicted_CLV_Attributes";
const CONTACT: &str = "Customer_Attributes";
const LOYALTY: &str = "Unified_Loyalty";
const EMAIL: &str = "Email_Engagement_Attributes";
const STATUS: &str = "predicted_customer_lifecycle_status";
const TIER: &str = "predicted_customer_lifetime_value_tier";

fn demo_segments() -> Vec<Segment> {
    let mut segments = lifecycle();
    segments.extend(loyalty());
    segments.extend(churn());
    segments.extend(churn_socktown());
    segments.extend(product());
    segments.extend(regions());
    segments.extend(value());
    segments
}

fn lifecycle() -> Vec<Segment> {
    let next_month = || json!([relative("today"), relative("30 days from now")]);
    let birthday = |op, value| attribute(C360, "birthdate", op, value);
    vec![
        Segment {
            folder: "lifecycle",
            name: "New_Purchasers_Last_30_Days",
            description: "First order within the last 30 days",
            labels: &["welcome"],
            include: all([all([attribute(
                TAE,
                "first_order_datetime",
                "is_after",
                relative("30 days ago"),
            )])]),
            exclude: nobody(),
        },
        Segment {
            folder: "lifecycle",
            name: "Upcoming_Birthdays",
            description: "Birthday within the next 30 days, reachable by email",
            labels: &["birthday"],
            include: all([all([
                birthday("anniversary_is_between", next_month()),
                flag(CONTACT, "contactable_email", "is_true"),
            ])]),
            exclude: nobody(),
        },
        Segment {
            folder: "lifecycle",
            name: "Birthdays_Under_40_CA",
            description: "Californians under 40 with a birthday within the next 30 days",
            labels: &["birthday"],
            include: all([
                all([attribute(C360, "state", "is_exactly", json!("CA"))]),
                all([
                    birthday("is_after", relative("40 years ago")),
                    birthday("anniversary_is_between", next_month()),
                ]),
            ]),
            exclude: nobody(),
        },
        Segment {
            folder: "lifecycle",
            name: "One_And_Done_Online",
            description: "A single order, placed online, and silence for three months",
            labels: &[],
            include: all([all([
                flag(TAE, "one_and_done", "is_true"),
                attribute(TAE, "first_order_purchase_channel", "is_exactly", json!("online")),
                attribute(TAE, "days_since_latest_order", "is_greater_than", json!(90)),
            ])]),
            exclude: staff(),
        },
    ]
}

fn loyalty() -> Vec<Segment> {
    vec![
        Segment {
            folder: "loyalty",
            name: "Loyalty_Members",
            description: "Members of the loyalty programme",
            labels: &[],
            include: all([all([flag(LOYALTY, "is_opted_in", "is_true")])]),
            exclude: nobody(),
        },
        Segment {
            folder: "loyalty",
            name: "High_AOV_Active_Loyal",
            description: "Active members with large orders",
            labels: &["vip"],
            include: all([
                all([
                    flag(LOYALTY, "is_opted_in", "is_true"),
                    attribute(CLV, STATUS, "is_exactly", json!("Active")),
                ]),
                any([
                    attribute(TAE, "l12m_average_order_value", "is_greater_than", json!(225)),
                    attribute(TAE, "latest_order_total_items", "is_greater_than", json!(4)),
                ]),
            ]),
            exclude: staff(),
        },
        Segment {
            folder: "loyalty",
            name: "Almost_Gold",
            description: "Silver members less than $100 away from Gold",
            labels: &["upsell"],
            include: all([all([
                attribute(LOYALTY, "current_tier", "is_exactly", json!("Silver")),
                attribute(LOYALTY, "spend_to_next_tier", "is_less_than", json!(100)),
            ])]),
            exclude: nobody(),
        },
    ]
}

fn churn() -> Vec<Segment> {
    let status = |statuses: &[&str]| attribute(CLV, STATUS, "is_in_list", json!(statuses));
    let high_value = || attribute(CLV, TIER, "is_in_list", json!(["Platinum", "Gold", "Silver", "Bronze"]));
    vec![
        Segment {
            folder: "churn",
            name: "Churning_Customers",
            description: "At risk, and worth keeping",
            labels: &["Q4-churn"],
            include: all([all([
                status(&["At risk", "Highly at risk"]),
                attribute(CLV, TIER, "is_not_exactly", json!("Low")),
            ])]),
            exclude: nobody(),
        },
        Segment {
            folder: "churn",
            name: "Churn_ActiveCoolingDownAtRisk_HighValue_Socks",
            description: "Valuable customers who bought socks once within three months",
            labels: &["Q4-churn"],
            include: all([
                all([status(&["Active", "Cooling down", "At risk"]), high_value()]),
                all([bought(
                    "exactly",
                    1,
                    since("3 months ago"),
                    json!([filter("product_category", "is_exactly", json!("socks"))]),
                )]),
            ]),
            exclude: nobody(),
        },
        Segment {
            folder: "churn",
            name: "Lapsed_High_Spenders",
            description: "Spent a lot, and have been away for a year",
            labels: &["winback"],
            include: all([all([
                attribute(TAE, "lifetime_order_revenue", "is_greater_than_or_equal_to", json!(500)),
                attribute(TAE, "latest_order_datetime", "is_on_or_before", relative("1 year ago")),
                off(attribute(TAE, "lifetime_preferred_purchase_channel", "is_exactly", json!("in-store"))),
            ])]),
            exclude: any([all([flag(CONTACT, "is_gift_giver", "is_true")])]),
        },
    ]
}

fn churn_socktown() -> Vec<Segment> {
    let socktown = || filter("purchase_brand", "is_exactly", json!("Socktown"));
    vec![
        Segment {
            folder: "churn/socktown",
            name: "Socktown_Daily_Churn",
            description: "Regular Socktown customers who stopped buying there, for the daily email",
            labels: &["Q4-churn", "daily"],
            include: all([
                all([
                    bought("at_least", 2, between("18 months ago", "3 months ago"), json!([socktown()])),
                    not_bought(since("3 months ago"), json!([socktown()])),
                ]),
                all([flag(CONTACT, "contactable_email", "is_true")]),
            ]),
            exclude: staff(),
        },
        Segment {
            folder: "churn/socktown",
            name: "Socktown_Email_Readers_At_Risk",
            description: "Customers at risk who still open Socktown's emails",
            labels: &["daily"],
            include: all([
                all([attribute(
                    CLV,
                    STATUS,
                    "is_in_list",
                    json!(["Cooling down", "At risk", "Highly at risk"]),
                )]),
                all([
                    attribute(EMAIL, "email_opens_last_3_months", "is_greater_than", json!(0)),
                    bought("at_least", 1, json!({"op": "any_time"}), json!([socktown()])),
                ]),
            ]),
            exclude: nobody(),
        },
    ]
}

fn product() -> Vec<Segment> {
    let category = |value: &str| filter("product_category", "is_exactly", json!(value));
    vec![
        Segment {
            folder: "product",
            name: "Socks_Buyers_Without_Grey",
            description: "Bought socks twice within two years, but no grey ones within one",
            labels: &[],
            include: all([all([bought("at_least", 2, since("2 years ago"), json!([category("socks")]))])]),
            exclude: any([all([bought(
                "at_least",
                1,
                between("1 year ago", "today"),
                json!([category("socks"), filter("product_color", "is_exactly", json!("grey"))]),
            )])]),
        },
        Segment {
            folder: "product",
            name: "Jeans_Buyers_Without_Shoes",
            description: "Bought jeans within a year, but no shoes",
            labels: &["cross-sell"],
            include: all([all([
                bought("more_than", 0, since("12 months ago"), json!([category("jeans")])),
                not_bought(since("12 months ago"), json!([category("shoes")])),
            ])]),
            exclude: nobody(),
        },
        Segment {
            folder: "product",
            name: "Deluxe_Wool_Online",
            description: "Wool or deluxe products from the online shop or the app this winter",
            labels: &[],
            include: any([
                all([bought(
                    "at_least",
                    1,
                    since("start of quarter"),
                    json!([
                        filter("product_material", "is_in_list", json!(["wool", "cashmere"])),
                        filter("purchase_channel", "is_in_list", json!(["online", "app"])),
                    ]),
                )]),
                all([bought(
                    "at_least",
                    1,
                    since("start of quarter"),
                    json!([
                        filter("product_subcategory", "is_like", json!("deluxe%")),
                        filter("purchase_channel", "is_in_list", json!(["online", "app"])),
                    ]),
                )]),
            ]),
            exclude: nobody(),
        },
    ]
}

fn regions() -> Vec<Segment> {
    let place = |city: &str, state: &str| {
        all([
            attribute(C360, "city", "is_exactly", json!(city)),
            attribute(C360, "state", "is_exactly", json!(state)),
        ])
    };
    vec![
        Segment {
            folder: "regions",
            name: "Chicago_Illinois",
            description: "Customers in Chicago, IL",
            labels: &[],
            include: all([place("Chicago", "IL")]),
            exclude: nobody(),
        },
        Segment {
            folder: "regions",
            name: "Seattle_And_Portland",
            description: "Customers in Seattle, WA, and in Portland, OR (not ME)",
            labels: &[],
            include: any([place("Seattle", "WA"), place("Portland", "OR")]),
            exclude: nobody(),
        },
        Segment {
            folder: "regions",
            name: "Chicago_Store_Regulars",
            description: "Bought in a store of Chicago within a year, more than once in all",
            labels: &["stores"],
            include: all([
                all([bought(
                    "at_least",
                    1,
                    since("1 year ago"),
                    json!([filter(
                        "store_id",
                        "is_in_list",
                        json!(["0001", "0002", "0003", "0004", "0005", "0006"])
                    )]),
                )]),
                all([flag(TAE, "one_and_done", "is_false")]),
            ]),
            exclude: nobody(),
        },
    ]
}

fn value() -> Vec<Segment> {
    vec![
        Segment {
            folder: "value",
            name: "Top_Customers",
            description: "The top ten percent by predicted value",
            labels: &["vip"],
            include: all([all([attribute(CLV, TIER, "is_in_list", json!(["Platinum", "Gold", "Silver"]))])]),
            exclude: nobody(),
        },
        Segment {
            folder: "value",
            name: "Best_RFM_Reachable",
            description: "Top scores in recency, frequency and monetary value, with a way to reach them",
            labels: &["vip"],
            include: all([
                all([
                    attribute(TAE, "l12m_recency", "is_greater_than_or_equal_to", json!(9)),
                    attribute(TAE, "l12m_frequency", "is_greater_than_or_equal_to", json!(9)),
                    attribute(TAE, "l12m_monetary", "is_greater_than_or_equal_to", json!(9)),
                ]),
                any([
                    flag(CONTACT, "contactable_email", "is_true"),
                    flag(CONTACT, "contactable_phone", "is_true"),
                ]),
            ]),
            exclude: staff(),
        },
    ]
}

fn group(rule: &str, nodes: impl IntoIterator<Item = Value>) -> Value {
    json!({"match": rule, "of": Value::from_iter(nodes)})
}

fn all(nodes: impl IntoIterator<Item = Value>) -> Value {
    group("all", nodes)
}

fn any(nodes: impl IntoIterator<Item = Value>) -> Value {
    group("any", nodes)
}

fn nobody() -> Value {
    any([])
}

/// People whose orders say little about customers.
fn staff() -> Value {
    any([any([
        flag(CONTACT, "is_employee", "is_true"),
        flag(CONTACT, "is_test_account", "is_true"),
        flag(CONTACT, "is_reseller", "is_true"),
    ])])
}

fn flag(table: &str, column: &str, op: &str) -> Value {
    json!({"attribute": {"table": table, "column": column}, "op": op})
}

fn attribute(table: &str, column: &str, op: &str, value: Value) -> Value {
    json!({"attribute": {"table": table, "column": column}, "op": op, "value": value})
}

fn off(mut node: Value) -> Value {
    if let Some(fields) = node.as_object_mut() {
        fields.insert("off".to_owned(), Value::Bool(true));
    }
    node
}

fn bought(op: &str, times: u32, when: Value, filters: Value) -> Value {
    json!({"purchase": "has_purchased", "op": op, "value": times, "when": when, "where": filters})
}

fn not_bought(when: Value, filters: Value) -> Value {
    json!({"purchase": "has_not_purchased", "when": when, "where": filters})
}

fn filter(column: &str, op: &str, value: Value) -> Value {
    json!({"column": column, "op": op, "value": value})
}

fn relative(text: &str) -> Value {
    json!({"relative": text})
}

fn since(text: &str) -> Value {
    json!({"op": "after", "value": relative(text)})
}

fn between(from: &str, to: &str) -> Value {
    json!({"op": "between", "value": [relative(from), relative(to)]})
}
