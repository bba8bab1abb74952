//! Segments side by side: each figure is that of the same members, and the regions add up to everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use segtui::backend::{
    Backend, BackendError, Cancel, Compare, ComparedFigures, Comparison, DayRange, Insights, Money, Region,
    Task, WrongConditions,
};
use segtui::local::Engine;
use segtui::segment::{Number, Segment};

use super::shop::{condition, of_city, segment, shop};
use crate::conformance::{folder, lists, open};
use crate::slow::engine_against_slow::{random_databases, runner};
use crate::slow::strategy::{AS_OF, Words, targets};
use crate::slow::{Slow, strategy};

fn compare(
    engine: &Engine,
    segments: &[Arc<Segment>],
    range: DayRange,
    wrong: WrongConditions,
) -> Result<Comparison, BackendError> {
    let question = Compare { segments: segments.to_vec(), range, as_of: AS_OF(), wrong };
    Backend::compare(engine, &question, Task::new(&Cancel::default()))
}

fn past_year(engine: &Engine, segments: &[Arc<Segment>]) -> Comparison {
    compare(engine, segments, DayRange::past_year(AS_OF()), WrongConditions::Refuse).unwrap()
}

/// The numbers of customers are those of the members' ids, counted by hand.
fn customers_agree(
    engine: &Engine,
    segments: &[Arc<Segment>],
    found: &Comparison,
) -> Result<(), TestCaseError> {
    let cancel = Cancel::default();
    let ids = |segment: &Segment| engine.members(segment, AS_OF(), &cancel).unwrap().into_iter().collect();
    let members: Vec<BTreeSet<String>> = segments.iter().map(|segment| ids(segment)).collect();
    let everybody = ids(&segment(&segments[0].activation_id, &[]));
    let unique: Vec<u64> = found.columns.iter().map(|figures| figures.unique_customers).collect();
    let expected: Vec<u64> = members.iter().chain([&everybody]).map(|ids| ids.len() as u64).collect();
    prop_assert_eq!(unique, expected);
    let mut pairs = Vec::new();
    for one in 0..members.len() {
        for other in one + 1..members.len() {
            pairs.push(([one, other], members[one].intersection(&members[other]).count() as u64));
        }
    }
    prop_assert_eq!(&found.pairs, &pairs);
    let mut regions: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for id in &everybody {
        let within = (0..members.len()).filter(|at| members[*at].contains(id)).collect();
        *regions.entry(within).or_default() += 1;
    }
    let mut regions: Vec<(Vec<usize>, u64)> = regions.into_iter().collect();
    regions.sort_by_key(|(_, customers)| std::cmp::Reverse(*customers));
    let found: Vec<_> =
        found.regions.iter().map(|region| (region.within.clone(), region.unique_customers)).collect();
    prop_assert_eq!(found, regions);
    Ok(())
}

#[test]
fn customers_are_those_of_the_members_on_random_databases() {
    runner(100)
        .run(&(random_databases(5), 1..=5_usize), |((database, known, segments), count)| {
            let segments: Vec<Arc<Segment>> = segments.into_iter().take(count).map(Arc::new).collect();
            let engine = Engine::new(database).with_lists(Arc::new(known)).with_chunk_rows(8);
            let found = past_year(&engine, &segments);
            customers_agree(&engine, &segments, &found)
        })
        .unwrap();
}

#[test]
fn the_past_year_is_that_of_the_insights() {
    let engine = Engine::new(open(&folder(None, "parquet"))).with_lists(lists()).with_chunk_rows(16);
    let slow = Slow::new(engine.database(), "amperity_id", AS_OF());
    let items = engine.database().roles.items.clone();
    let words = Words { targets: targets(&slow), items, lists: Vec::new() };
    let segments = prop::collection::vec(strategy::segment(&words), 1..=5_usize);
    runner(60)
        .run(&segments, |mut segments| {
            segments.iter_mut().for_each(|segment| segment.activation_id = "amperity_id".to_owned());
            let cancel = Cancel::default();
            let overlaps = engine.overlaps(&segments, AS_OF(), &cancel).unwrap();
            let all = engine.evaluate_strictly(&segments[0], AS_OF(), &cancel).unwrap().all;
            let segments: Vec<Arc<Segment>> = segments.into_iter().map(Arc::new).collect();
            let found = past_year(&engine, &segments);
            customers_agree(&engine, &segments, &found)?;
            let alone = overlaps.iter().take(segments.len()).map(|overlap| overlap.insights);
            for (figures, insights) in found.columns.iter().zip(alone.chain([all])) {
                prop_assert_eq!(figures.active_customers, insights.active_customers_1y);
                prop_assert_eq!(figures.revenue, insights.revenue_1y);
            }
            for overlap in &overlaps {
                let within = |region: &&Region| overlap.of.iter().all(|at| region.within.contains(at));
                let active = |region: &Region| region.active_customers.unwrap();
                let sum: u64 = found.regions.iter().filter(within).map(active).sum();
                prop_assert_eq!(Some(sum), overlap.insights.active_customers_1y);
            }
            Ok(())
        })
        .unwrap();
}

const CUSTOMERS: (&str, &str) = ("Customers.csv", "id,city\na,Rome\nb,Rome\nc,Oslo\nd,Oslo\ne,Bern\n");
/// Two rows of one order of a; one of b without a quantity; one of c just before the year; one of nobody.
const ORDERS: (&str, &str) = (
    "Unified_Transactions.csv",
    "id,order_id,order_datetime,order_revenue,order_quantity\n\
     a,1,2024-01-01,10.00,1\na,1,2024-01-01,0.50,2\na,2,2024-02-29,0.5,2\nb,3,2023-03-01,,\n\
     c,4,2023-02-28,99,9\nz,5,2024-01-01,1000,1\n",
);

fn six(text: &str) -> Option<Number> {
    Some(Number::Decimal(text.parse().unwrap()))
}

#[test]
fn figures_are_sums_and_ratios_of_exact_sums() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let found = past_year(&engine, &[of_city("Rome"), of_city("Oslo")]);
    let rome = ComparedFigures {
        unique_customers: 2,
        active_customers: Some(2),
        revenue: Some(Money(1100)),
        revenue_per_customer: Some(Number::Decimal(5.5)),
        orders_per_customer: Some(Number::Decimal(1.5)),
        units_per_order: six("1.666667"),
        average_order_value: six("3.666667"),
    };
    let oslo = ComparedFigures {
        unique_customers: 2,
        active_customers: Some(0),
        revenue: Some(Money(0)),
        ..ComparedFigures::default()
    };
    let all = ComparedFigures { unique_customers: 5, ..rome };
    assert_eq!(found.columns, [rome, oslo, all]);
    assert_eq!(found.pairs, [([0, 1], 0)]);
    let region = |within: &[usize], unique_customers, active, cents| Region {
        within: within.to_vec(),
        unique_customers,
        active_customers: Some(active),
        revenue: Some(Money(cents)),
    };
    // The larger first, then in the order of the segments.
    assert_eq!(found.regions, [region(&[0], 2, 2, 1100), region(&[1], 2, 0, 0), region(&[], 1, 0, 0)]);
    assert_eq!((found.as_of, found.activation_id.as_str()), (AS_OF(), "id"));
}

#[test]
fn a_range_has_both_its_ends() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let active = |from: &str, to: &str| {
        let range = DayRange { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let found = compare(&engine, &[of_city("Rome")], range, WrongConditions::Refuse).unwrap();
        assert_eq!(found.range, range);
        found.columns.iter().map(|figures| figures.active_customers.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(active("2023-02-28", "2023-02-28"), [0, 1]);
    assert_eq!(active("2023-02-28", "2023-03-01"), [1, 2]);
    assert_eq!(active("2024-01-02", "2024-02-28"), [0, 0]);
    assert_eq!(active("2024-01-02", "2024-02-29"), [1, 1]);
}

#[test]
fn the_same_segment_twice_and_one_alone_are_answered() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let twice = past_year(&engine, &[of_city("Rome"), of_city("Rome")]);
    assert_eq!((twice.columns[0], twice.pairs), (twice.columns[1], vec![([0, 1], 2)]));
    let within = |found: &Comparison| found.regions.iter().map(|r| r.within.clone()).collect::<Vec<_>>();
    assert_eq!(twice.regions.iter().map(|region| region.unique_customers).collect::<Vec<_>>(), [3, 2]);
    let alone = past_year(&engine, &[of_city("Bern")]);
    assert_eq!((alone.columns.len(), alone.pairs.len(), within(&alone)), (2, 0, vec![vec![], vec![0]]));
    let everybody = past_year(&engine, &[segment("id", &[])]);
    assert_eq!(within(&everybody), [vec![0]]);
    let nobody = past_year(&engine, &[of_city("Nowhere")]);
    assert_eq!(within(&nobody), [Vec::<usize>::new()]);
}

#[test]
fn without_orders_only_customers_are_counted() {
    let (_folder, engine) = shop(&[CUSTOMERS]);
    let found = past_year(&engine, &[of_city("Rome")]);
    let unique_customers = |unique_customers| ComparedFigures { unique_customers, ..Default::default() };
    assert_eq!(found.columns, [unique_customers(2), unique_customers(5)]);
    assert!(found.regions.iter().all(|region| (region.active_customers, region.revenue) == (None, None)));
    let bare = ("Unified_Transactions.csv", "id,order_datetime\na,2024-01-01\na,2024-01-01\n");
    let (_folder, engine) = shop(&[CUSTOMERS, bare]);
    let figures = past_year(&engine, &[of_city("Rome")]).columns[0];
    assert_eq!((figures.active_customers, figures.revenue, figures.units_per_order), (Some(1), None, None));
    // Rows without an order id are orders of their own.
    assert_eq!(figures.orders_per_customer, Some(Number::Integer(2)));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let range = DayRange::past_year(AS_OF());
    let missing = |segments: &[Arc<Segment>]| match compare(&engine, segments, range, WrongConditions::Refuse)
    {
        Err(BackendError::Missing(missing)) => missing.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(&[]), "0 segments cannot be compared");
    assert_eq!(missing(&vec![of_city("Rome"); 6]), "6 segments cannot be compared");
    let other = segment("city", &[]);
    assert_eq!(missing(&[of_city("Rome"), other]), "segments by \"id\" and by \"city\" cannot be compared");
    let half = segment("id", &[condition("Customers", "city", "is_exactly", serde_json::Value::Null)]);
    let both = |wrong| compare(&engine, &[of_city("Rome"), half.clone()], range, wrong);
    assert!(matches!(both(WrongConditions::Refuse), Err(BackendError::Refused(_))));
    assert_eq!(both(WrongConditions::LeaveOut).unwrap().columns[1].unique_customers, 5);
}

#[test]
fn insights_and_totals_agree_on_all_variants() {
    for variant in [None, Some("attributes-only"), Some("bare"), Some("items-only"), Some("no-customers")] {
        let place = variant.map(|variant| format!("variants/{variant}"));
        let engine = Engine::new(open(&folder(place.as_deref(), "parquet")));
        let everybody = segment("amperity_id", &[]);
        let found = past_year(&engine, &[Arc::clone(&everybody)]);
        assert_eq!(found.columns[0], found.columns[1]);
        let insights = engine.evaluate(&everybody, AS_OF(), &Cancel::default()).unwrap().insights;
        let Insights { unique_customers, active_customers_1y, .. } = insights;
        assert_eq!(found.columns[0].unique_customers, unique_customers);
        if matches!(variant, None | Some("no-customers")) {
            assert_eq!(found.columns[0].active_customers, active_customers_1y);
        }
        // Attributes know no range of days.
        let has_orders = !matches!(variant, Some("attributes-only" | "bare"));
        assert_eq!(found.columns[0].active_customers.is_some(), has_orders, "{variant:?}");
    }
}
