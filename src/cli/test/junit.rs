//! Results of tests as JUnit XML, which continuous integration shows.

use crate::backend::{TestOutcome, TestReport};
use crate::cli::failure::Failure;
use crate::control::is_control;

/// What came of a segment.
pub(super) struct Suite {
    name: String,
    result: Result<TestReport, String>,
}

impl Suite {
    /// Of a segment that was tested.
    pub(super) fn tested(name: String, report: TestReport) -> Self {
        Self { name, result: Ok(report) }
    }

    /// Of one that could not be.
    pub(super) fn broken(name: String, failure: &Failure) -> Self {
        Self { name, result: Err(failure.diagnostic.to_string()) }
    }

    /// How many tests there are.
    pub(super) fn tests(&self) -> usize {
        self.result.as_ref().map_or(0, |report| report.outcomes.len())
    }

    /// How many do not hold.
    pub(super) fn failed(&self) -> usize {
        self.result.as_ref().map_or(0, TestReport::failed)
    }

    /// 1 if it could not be tested.
    pub(super) fn errors(&self) -> usize {
        usize::from(self.result.is_err())
    }

    /// How many cases its element has.
    fn cases(&self) -> usize {
        self.tests() + self.errors()
    }
}

/// The document.
pub(super) fn document(suites: &[Suite]) -> String {
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = counts(sum(Suite::cases), sum(Suite::failed), sum(Suite::errors));
    xml.push_str(&format!("<testsuites name=\"segtui\" {counts}>\n"));
    suites.iter().for_each(|suite| add(suite, &mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

fn counts(tests: usize, failures: usize, errors: usize) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn add(suite: &Suite, xml: &mut String) {
    let name = escaped(&suite.name);
    let counts = counts(suite.cases(), suite.failed(), suite.errors());
    xml.push_str(&format!("  <testsuite name=\"{name}\" {counts}>\n"));
    match &suite.result {
        Ok(report) => {
            let day = report.as_of;
            xml.push_str(&format!(
                "    <properties>\n      <property name=\"as_of\" value=\"{day}\"/>\n    </properties>\n"
            ));
            report.outcomes.iter().for_each(|test| add_test(&name, test, xml));
        }
        Err(message) => {
            let message = escaped(message);
            xml.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"can be tested\">\n      <error message=\"{message}\"/>\n    \
                 </testcase>\n"
            ));
        }
    }
    xml.push_str("  </testsuite>\n");
}

fn add_test(class: &str, test: &TestOutcome, xml: &mut String) {
    let case = format!("classname=\"{class}\" name=\"tests.{}: {}\"", test.index, escaped(&test.words));
    if test.passed {
        return xml.push_str(&format!("    <testcase {case}/>\n"));
    }
    let ids: Vec<String> = test.ids.iter().map(|id| escaped(id)).collect();
    let (message, ids) = (escaped(&test.message), ids.join("\n"));
    xml.push_str(&format!(
        "    <testcase {case}>\n      <failure message=\"{message}\">{ids}</failure>\n    </testcase>\n"
    ));
}

/// A text as it may stand in an attribute or between elements, without what a terminal obeys or XML does not allow.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if is_control(letter) => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_harmless() {
        let said = escaped("a<b> & \"c\" 'd'\n\t\u{1b}[2J\u{0}\u{202e}\u{ffff}é日");
        assert_eq!(said, "a&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;&#10;&#9;[2Jé日");
    }
}
