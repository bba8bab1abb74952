use chrono::NaiveDate;

use super::{Query, QueryError};
use crate::segment::{Place, ProblemKind, TextPosition};

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap();

fn parse(text: &str) -> Result<Query, QueryError> {
    Query::parse(text, AS_OF)
}

fn tables(text: &str) -> Vec<String> {
    let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    query.tables().iter().map(|table| table.text.clone()).collect()
}

/// `line:column message`
fn refused(text: &str) -> String {
    let Err(error) = parse(text) else { panic!("{text} is let through") };
    assert!(!error.diagnostic.help_text().is_empty(), "{text}");
    let at = error.diagnostic.place.map(|at| format!("{}:{} ", at.line, at.column)).unwrap_or_default();
    format!("{at}{}", error.diagnostic.message)
}

#[test]
fn one_query_of_any_kind_is_taken() {
    for text in [
        "SELECT id FROM a",
        "-- who\n(SELECT id FROM a) /* ; */ ;;\n-- done",
        "\u{feff}WITH b AS (SELECT id FROM a), c AS (SELECT id FROM b) SELECT id FROM c WHERE id <> ';'",
        "SELECT id FROM a UNION SELECT id FROM a EXCEPT SELECT id FROM a",
        "(SELECT id FROM a EXCEPT SELECT id FROM a) UNION SELECT id FROM a",
        "SELECT x.id FROM a AS x JOIN a y ON x.id = y.id AND y.k = x.k WHERE EXISTS (SELECT 1 FROM a z WHERE z.id = x.id)",
        "SELECT id FROM a GROUP BY id HAVING COUNT(*) > 2 ORDER BY id DESC LIMIT 10",
        "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY id) AS n FROM a) AS b WHERE n = 1",
        "SELECT MAX(id) AS id, COUNT(*) AS n FROM a WHERE 1 = 1",
        "WITH ids (id) AS (VALUES ('a'), ('b')) SELECT id FROM ids JOIN a USING (id)",
    ] {
        assert!(tables(text).iter().all(|table| table == "a"), "{text}");
    }
    assert_eq!(
        tables("SELECT id FROM \"b c\" WHERE id IN (SELECT id FROM d) UNION ALL SELECT id FROM \"b c\""),
        ["b c", "d"]
    );
    assert!(tables("SELECT 'a' AS id").is_empty());
}

#[test]
fn everything_else_is_refused_with_its_place() {
    for (text, expected) in [
        (" \n ; -- nothing", "the query is empty"),
        ("", "the query is empty"),
        ("\n  insert into a values (1)", "2:3 INSERT is no query: a query only reads"),
        ("DELETE FROM a", "1:1 DELETE is no query: a query only reads"),
        ("explain SELECT id FROM a", "1:1 EXPLAIN is no query: a query only reads"),
        ("CREATE TABLE b AS SELECT id FROM a", "1:1 CREATE is no query: a query only reads"),
        ("DROP TABLE a", "1:1 DROP is no query: a query only reads"),
        ("SHOW TABLES", "1:1 SHOW is no query: a query only reads"),
        (
            "SELECT id FROM a; SELECT id FROM a",
            "1:19 the query ends at the semicolon, and here another statement begins",
        ),
        ("SELECT id INTO b FROM a", "1:16 INTO b would write a table: a query only reads"),
        ("SELECT id FROM read_csv('/etc/passwd')", "1:16 read_csv(…) is no table"),
        (
            "SELECT id FROM a WHERE id IN (SELECT id FROM read_parquet('x'))",
            "1:46 read_parquet(…) is no table",
        ),
        ("SELECT id FROM main.a", "1:16 main.a is more than the name of a table"),
        ("SELECT id\nFROM a\nWHERE city = 'x", "3:14 unterminated string literal"),
        ("SELECT id FRM a", "1:15 expected: end of statement, found: a"),
        ("SELECT id FROM", "1:15 expected: identifier, but the query ends"),
        ("hello", "1:1 expected: an SQL statement, found: hello"),
        ("SELECT id FROM a WHERE n = ?", "1:28 ? stands for nothing"),
        ("SELECT id FROM a WHERE n = :asof", "1:28 :asof stands for nothing"),
        ("TABLE a", "1:1 expected: an SQL statement, found: TABLE"),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
}

#[test]
fn what_would_count_something_else_is_refused() {
    for (text, at, words) in [
        ("WITH a AS (SELECT id FROM a) SELECT id FROM a", "1:6", "a table that is called so"),
        ("WITH b AS (SELECT id FROM a), b AS (SELECT id FROM a) SELECT id FROM b", "1:31", "two queries"),
        ("SELECT id FROM a AS b JOIN b AS c ON b.id = c.id", "1:21", "another table"),
        ("SELECT id FROM (WITH b AS (SELECT id FROM a) SELECT id FROM b) AS c", "1:17", "at the front"),
        ("WITH RECURSIVE b AS (SELECT id FROM a) SELECT id FROM b", "1:1", "RECURSIVE"),
        ("SELECT id FROM a EXCEPT SELECT id FROM b UNION SELECT id FROM c", "1:1", "EXCEPT stands beside"),
        (
            "SELECT id FROM a EXCEPT SELECT id FROM b INTERSECT SELECT id FROM c",
            "1:25",
            "INTERSECT stands beside",
        ),
        ("SELECT id FROM a, b WHERE a.id = b.id", "1:19", "commas"),
        ("SELECT x FROM a AS b (x, y)", "1:15", "cannot name the columns"),
        ("SELECT id FROM a GROUP BY id ORDER BY COUNT(*)", "1:39", "COUNT cannot stand in ORDER BY"),
        ("SELECT id FROM a NATURAL JOIN b", "1:31", "NATURAL"),
        ("SELECT id FROM a JOIN b", "1:23", "no ON"),
        ("SELECT id FROM a FULL JOIN b USING (id)", "1:37", "USING"),
        ("SELECT a.id FROM a LEFT JOIN b ON a.id = b.id AND b.kind = 'x'", "1:51", "ON can only say"),
        ("SELECT a.id FROM a JOIN b ON a.id = b.id AND a.n < b.n", "1:46", "ON can only say"),
        ("SELECT a.id FROM a JOIN b ON a.id = b.id OR a.n = b.n", "1:30", "ON can only say"),
        ("SELECT a.id FROM a JOIN b ON a.id = a.n", "1:30", "ON can only say"),
        ("SELECT a.id FROM a JOIN b ON a.id = b.id JOIN c ON c.n = b.m", "1:52", "on the right of ="),
        ("SELECT a.id FROM a JOIN a ON a.id = a.id", "1:25", "two tables are called"),
        ("SELECT b.id FROM a", "1:8", "no table in FROM"),
        ("SELECT b.* FROM a", "1:8", "no table in FROM"),
        ("SELECT id FROM a WHERE id IN (SELECT id FROM b WHERE b.n = a.n)", "1:60", "only EXISTS"),
        (
            "SELECT a.id FROM a JOIN b ON a.id = b.id WHERE EXISTS (SELECT 1 FROM c WHERE c.n = b.n)",
            "1:84",
            "joins in",
        ),
        ("SELECT id FROM a WHERE COUNT(*) > 3 GROUP BY id", "1:24", "COUNT cannot stand in WHERE"),
        ("SELECT id FROM a WHERE ROW_NUMBER() OVER (PARTITION BY id) = 1", "1:24", "with OVER"),
        ("SELECT id, SUM(n) FROM a", "1:8", "without GROUP BY"),
        ("SELECT id FROM a WHERE b IS NOT TRUE", "1:24", "IS NOT TRUE"),
        ("SELECT id FROM a WHERE NOT (b IS TRUE)", "1:29", "NOT before"),
        ("SELECT id FROM a WHERE NULL = NULL", "1:24", "no row changes"),
        ("SELECT id FROM a WHERE 1 = 1.0", "1:24", "no row changes"),
    ] {
        let refused = refused(text);
        let rest = refused.strip_prefix(at).unwrap_or_else(|| panic!("{text}: {refused}"));
        assert!(rest.contains(words), "{text}: {refused}");
    }
}

#[test]
fn the_day_stands_where_a_value_may() {
    let text = "-- :as_of\nSELECT id, ':as_of' AS é, \":as_of\"\n\tFROM a WHERE d>=:as_of - INTERVAL '3 months' AND :as_of IN (d, :as_of) /* :as_of */";
    let query = parse(text).unwrap();
    let day = "DATE '2025-12-31'";
    let expected = text
        .replace(">=:as_of", &format!(">={day}"))
        .replace("AND :as_of", &format!("AND {day}"))
        .replace(", :as_of", &format!(", {day}"));
    assert_eq!((query.sql(), query.text()), (expected.as_str(), text));
    let later = Query::parse(text, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()).unwrap();
    assert_ne!(query, later);
    let same = parse("SELECT id FROM a").unwrap();
    assert_eq!(same.sql(), same.text());
}

#[test]
fn dates_are_no_numbers() {
    let check = |condition: &str| {
        let query = parse(&format!("SELECT id FROM a WHERE {condition}")).unwrap();
        query.check_dates(["day"], ["n"])
    };
    for condition in [
        "day > :as_of - INTERVAL '40 days'",
        "day + INTERVAL '1 month' > a.day",
        "EXTRACT(YEAR FROM day) = 2024 AND n - 3 > 2",
        "DATE_PART('year', day) BETWEEN 2000 AND n",
        "day BETWEEN DATE '2024-01-01' AND :as_of",
        "n IN (SELECT COUNT(day) AS c FROM a GROUP BY id HAVING COUNT(day) > 3)",
    ] {
        assert_eq!(check(condition), Ok(()), "{condition}");
    }
    for (condition, message) in [
        ("day > 5", "compared with a number"),
        ("20240201 = a.day", "compared with a number"),
        ("day BETWEEN 1 AND 5", "compared with a number"),
        ("COALESCE(day, :as_of) < (n)", "compared with a number"),
        (":as_of - day < 40", "taken from a date"),
        ("n > 3 AND CAST(n AS DATE) - (day) > INTERVAL '3 days'", "taken from a date"),
        (
            "id IN (SELECT id FROM (SELECT id, day AS d FROM a) AS b WHERE CASE WHEN n > 3 THEN d END > 3)",
            "number",
        ),
        (
            "id IN (SELECT id FROM (SELECT id, day FROM a) AS b (id, d) WHERE DATE '2024-01-01' - d > n)",
            "taken",
        ),
    ] {
        let error = check(condition).unwrap_err();
        assert!(error.diagnostic.message.contains(message), "{condition}: {error}");
        assert!(error.diagnostic.place.is_some(), "{condition}: {error}");
    }
}

#[test]
fn what_sql_leaves_open_is_told() {
    let open = |text: &str| -> Vec<String> {
        parse(text).unwrap().ambiguities().iter().map(ToString::to_string).collect()
    };
    let [told] = open("SELECT id FROM a\nLIMIT 10").try_into().unwrap();
    assert!(told.starts_with("line 2, column 7: LIMIT without ORDER BY"), "{told}");
    assert_eq!(open("SELECT id FROM (SELECT id FROM a OFFSET 3) AS b ORDER BY id LIMIT 1").len(), 1);
    assert!(open("SELECT id FROM a ORDER BY id LIMIT 10").is_empty());
}

#[test]
fn places_are_counted_in_characters() {
    let query = parse("SELECT 'ééé' AS x,\n  \"Größe\", id FROM a").unwrap();
    assert_eq!(query.find("Größe"), Some(TextPosition { line: 2, column: 3 }));
    assert_eq!(query.find("ID"), Some(TextPosition { line: 2, column: 12 }));
    assert_eq!((query.find("ééé"), query.find("gone")), (None, None));
    assert_eq!(query.select(), Some(TextPosition { line: 1, column: 1 }));
}

#[test]
fn faults_become_problems_of_a_segment_and_of_a_list() {
    let error = parse("SELECT id FROM a;\n DROP TABLE a").unwrap_err();
    let problem = error.clone().in_segment();
    assert_eq!((problem.diagnostic.place, problem.kind), (Place::Sql, ProblemKind::Invalid));
    assert!(
        problem.diagnostic.message.starts_with("line 2, column 2: the query ends"),
        "{}",
        problem.diagnostic.message
    );
    assert_eq!(problem.text_position, Some(TextPosition { line: 2, column: 2 }));
    let problem = error.in_file("vip.sql", Place::ActivationId);
    assert!(
        problem.diagnostic.message.starts_with("in the query \"vip.sql\", line 2, column 2: the"),
        "{}",
        problem.diagnostic.message
    );
    let empty = parse("").unwrap_err();
    assert_eq!(empty.clone().in_segment().kind, ProblemKind::Incomplete);
    assert_eq!(
        empty.in_file("vip.sql", Place::Sql).diagnostic.message,
        "in the query \"vip.sql\": the query is empty"
    );
}

#[test]
fn depth_has_an_end() {
    let chain = |length: usize| format!("SELECT id FROM a WHERE {}", vec!["n = 1"; length].join(" OR "));
    assert!(parse(&chain(400)).is_ok());
    assert!(refused(&chain(100_000)).contains("operators follow each other"));
    assert!(refused(&"x".repeat(100_000)).chars().count() < 400);
    let deep = format!("SELECT id FROM a WHERE {}n = 1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(refused(&deep).contains("nests too deeply"));
    let many: Vec<String> = (0..50_000).map(|n| format!("'{n}'")).collect();
    assert!(parse(&format!("SELECT id FROM a WHERE id IN ({})", many.join(", "))).is_ok());
}
