//! What the segment would be, said before a line is taken, is what it is then.

use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::values::Values;

use super::harness::Session;

fn values(session: &Session) -> &Values {
    match session.overlay() {
        Some(Overlay::Values(values)) => values,
        other => panic!("no value picker, {other:?}"),
    }
}

/// Opens a picker of one value, and takes each of its first values in turn.
fn each_value_is_what_it_says(session: &mut Session, open: &str, close: &str) {
    for at in 0..4 {
        session.keys(open);
        let said = values(session).would_be(at);
        let down = "down ".repeat(at);
        session.keys(&format!("{down} enter {close}"));
        assert_eq!(said, Some(session.members()), "value {at} of {open:?}");
        session.keys("u");
    }
}

#[test]
fn every_value_of_a_picker_is_counted_by_the_line_as_it_stands() {
    let mut session = Session::demo();
    session.keys("n i type:\"loyalty tier in Gold, Silver\" enter");
    each_value_is_what_it_says(&mut session, "a type:state enter enter", "");
    each_value_is_what_it_says(&mut session, "a type:state enter type:\"is not exactly\" enter", "");
    each_value_is_what_it_says(&mut session, "x type:state enter enter", "");
    // A purchase: window and number of times count.
    let form = "a type:has enter type:= enter type:2 enter type:9m enter type:cat enter enter";
    each_value_is_what_it_says(&mut session, form, "enter");
    // In a group of which one line is enough.
    session.keys("g j &");
    each_value_is_what_it_says(&mut session, "a type:state enter enter", "");
}

#[test]
fn several_ticked_values_are_counted_together() {
    let mut session = Session::demo();
    session.keys("n a type:state enter enter down tab down tab");
    let said = values(&session).with_ticked().get(0).unwrap().unwrap();
    session.keys("enter");
    assert_eq!(said.members, session.members());
    session.sees("is in list");
}

#[test]
fn numbers_dates_conditions_and_forms_are_counted_while_they_are_typed() {
    let mut session = Session::demo();
    session.keys("n i type:\"loyalty tier in Gold, Silver\" enter");
    let ways = [
        ("a type:birthdate enter type:\"is before\" enter type:30y", "enter"),
        ("i type:\"birthdate before 30y\"", "enter"),
        ("a type:has enter type:= enter type:2 enter type:9m", "ctrl-s"),
    ];
    for (open, take) in ways {
        session.keys(open).sees("the segment would be");
        let counts = match session.overlay() {
            Some(Overlay::ValueEntry(entry)) => entry.what_if.get(0),
            Some(Overlay::QuickAdd(line)) => line.what_if.get(0),
            Some(Overlay::Purchase(form)) => form.what_if.get(0),
            other => panic!("{other:?}"),
        };
        let said = counts.unwrap().unwrap();
        session.keys(take);
        assert_eq!(said.members, session.members(), "{open}");
        session.keys("u");
    }
}

#[test]
fn every_operator_says_what_the_segment_would_be() {
    let mut session = Session::demo();
    session.keys("n i type:\"state = WA\" enter o");
    let Some(Overlay::Choose(choose)) = session.overlay() else { panic!("no list of operators") };
    let said: Vec<Option<u64>> = (0..6).map(|at| Some(choose.what_if.get(at)?.ok()?.members)).collect();
    assert!(said.iter().flatten().count() >= 3, "{said:?}");
    session.keys("esc");
    // The first is the one that it has.
    assert_eq!(said[0], Some(session.members()));
    for (at, said) in said.into_iter().enumerate().skip(1).filter_map(|(at, said)| Some((at, said?))) {
        session.keys(&format!("o {} enter", "down ".repeat(at)));
        if session.overlay().is_none() {
            assert_eq!(said, session.members(), "operator {at}");
            session.keys("u");
        } else {
            session.keys("esc");
        }
    }
}

#[test]
fn typed_words_are_understood_as_people_write_them() {
    let mut session = Session::demo();
    session.keys("n i type:\"state = OR\"").sees("State is exactly OR").sees("also in Merged Customers");
    session.keys("enter i type:\"state in CA, OR, WA\" enter").sees("CA, OR, WA");
    session.keys("i type:\"birthdate in the last 30 days\" enter").sees("is after").sees("30 days ago");
    session.keys("i type:\"bought socks once in the last 3m\"");
    session
        .sees("Has Purchased exactly 1 time after 3 months ago, where Product Category is exactly socks")
        .keys("enter");
    // Several lines are several conditions, in one step.
    let before = session.shape();
    session.keys("i").event(segtui::app::event::Event::Paste("state = CA\ncity = Seattle\n".to_owned()));
    session.sees("2 conditions added");
    session.keys("u");
    assert_eq!(session.shape(), before);
    // One that is not understood takes none.
    session.keys("i").event(segtui::app::event::Event::Paste("state = CA\nnonsense\n".to_owned()));
    session.sees("line 2 of 2 pasted lines");
    assert_eq!(session.shape(), before);
}

#[test]
fn the_examples_work_on_the_open_database() {
    for mut session in [Session::demo(), Session::small()] {
        session.keys("n i");
        let Some(Overlay::QuickAdd(line)) = session.overlay() else { panic!("no line") };
        let examples = line.examples.clone();
        assert!(examples.len() >= 3, "{examples:?}");
        session.keys("esc");
        for example in examples {
            session.keys(&format!("i type:\"{example}\" enter"));
            assert!(session.overlay().is_none(), "{example}");
        }
    }
}

#[test]
fn a_source_that_is_named_is_gone_into_with_the_arrow() {
    let mut session = Session::demo();
    session.keys("n a type:purchase right type:has right type:exactly enter").sees("how many");
    let mut session = Session::demo();
    session.keys("n a type:predicted right type:lifecycle right type:\"in list\" enter");
    assert_eq!(values(&session).rows()[0].value.as_ref(), "Active");
}

#[test]
fn half_a_word_is_no_value_while_the_values_are_counted() {
    let mut session = Session::demo();
    session.keys("n a type:lifec enter");
    session.hold_back(|effect| matches!(effect, segtui::app::effect::Effect::CountValues { .. }));
    session.keys("enter type:ac enter").sees("still being counted");
    session.release_one();
    session.sees("Active").keys("enter").sees("is exactly").sees("Active");
    // The picker of several has the counts of the picker of one.
    session.keys("u a type:lifec enter enter type:ac enter");
}

#[test]
fn a_line_that_is_off_stays_so_and_says_so() {
    let mut session = Session::demo();
    session.keys("n i type:\"city = Seattle\" enter i type:\"state in CA, OR\" enter space");
    let members = session.members();
    session.keys("w ctrl-u type:\"state = WA\"").sees("switched off · the segment would be");
    let Some(Overlay::QuickAdd(line)) = session.overlay() else { panic!("no line") };
    assert_eq!(line.what_if.get(0).unwrap().unwrap().members, members);
    session.keys("enter");
    assert_eq!(session.members(), members);
}

#[test]
fn the_bottom_line_of_the_picker_counts_what_enter_takes() {
    let mut session = Session::demo();
    session.keys("n a type:lifec enter enter type:ac tab type:los").sees("Enter takes 2");
    let said = values(&session).with_ticked().get(0).unwrap().unwrap();
    session.keys("enter");
    assert_eq!(said.members, session.members());
}

#[test]
fn carriage_returns_are_line_breaks_and_numbers_of_times_are_read() {
    let mut session = Session::demo();
    session
        .keys("n i type:st")
        .event(segtui::app::event::Event::Paste("ate = CA\rcity = Seattle\r".to_owned()));
    session.sees("2 conditions added").sees("State is exactly CA");
    session.keys("i type:\"bought socks 2 times 3m\"");
    session.sees("Has Purchased exactly 2 times after 3 months ago, where Product Category is exactly socks");
}
