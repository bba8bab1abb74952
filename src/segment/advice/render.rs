//! Findings in words.

use super::finding::{Claim, Finding, Reason};
use crate::segment::document::Segment;
use crate::segment::node::{Condition, ConditionKind, Node, Test};
use crate::segment::place::{ConditionPart, NodePath, Place, Side};
use crate::segment::problem::Problem;
use crate::segment::schema::Schema;
use crate::segment::vocabulary::{Match, Operator, WhenOperator};
use crate::segment::words;

/// The most letters with which another line is named.
const LONGEST_NAME: usize = 48;

/// A finding as advice beside its line.
pub(crate) fn render(finding: &Finding, segment: &Segment, schema: &dyn Schema) -> Problem {
    let renderer = Renderer { finding, segment, schema };
    let (message, help) = renderer.words();
    let problem = Problem::advice(Place::Node(finding.path.clone(), finding.part), message);
    problem.with_help(help.unwrap_or_default())
}

struct Renderer<'a> {
    finding: &'a Finding,
    segment: &'a Segment,
    schema: &'a dyn Schema,
}

impl Renderer<'_> {
    /// What is certain, and what to do about it.
    fn words(&self) -> (String, Option<String>) {
        let others = self.others();
        let help = |text: &str| Some(text.to_owned());
        match &self.finding.claim {
            Claim::Never(why) => (format!("nobody: {}", self.reason(*why)), self.remedy(*why)),
            Claim::Always(why) => (format!("everybody: {}", self.always(*why)), self.remedy(*why)),
            Claim::Contradicts if self.finding.changes_nothing => {
                (format!("adds nobody: contradicts {others}"), help("take one of them out"))
            }
            Claim::Contradicts => {
                let both = if self.finding.by.len() > 1 { "all of these" } else { "both" };
                (format!("nobody has {both}: contradicts {others}"), Some(self.either()))
            }
            Claim::ExcludesNone => {
                (format!("takes nobody out: contradicts {others}"), help("take it out, or exclude others"))
            }
            Claim::Implied if self.is_same() => {
                (format!("changes nothing: the same as {others}"), help("take it out"))
            }
            Claim::Implied if self.finding.changes_nothing => {
                (format!("changes nothing: {others} {} it", self.imply()), help("take it out"))
            }
            Claim::Implied => (
                format!("this ANY group changes nothing: {others} {} this line", self.imply()),
                help("take the line out"),
            ),
            Claim::ExcludesAll => (
                format!("nobody is left of {others}: all of them are excluded here"),
                help("take one of them out"),
            ),
            Claim::Subsumed if self.is_same() => {
                (format!("changes nothing: the same as {others}"), help("take it out"))
            }
            Claim::Subsumed => {
                (format!("changes nothing: {others} takes in all of it"), help("take it out, or match ALL"))
            }
            Claim::Excluded => {
                ("adds nobody: all of it is excluded again".to_owned(), help("take it out, or exclude less"))
            }
            Claim::Covers => (
                format!("with {others} this holds for everybody"),
                help("match ALL, or take one of them out"),
            ),
            Claim::CoversValues { table, column } => {
                let label = self.schema.column_label(table, column);
                let negative = self.test().and_then(|test| test.op).is_some_and(Operator::is_negative);
                let advice =
                    if negative { "match ALL, or use is not in list" } else { "is not null says that" };
                (format!("with {others} this holds for everybody with a {label}"), help(advice))
            }
        }
    }

    fn imply(&self) -> &'static str {
        if self.finding.by.len() > 1 { "imply" } else { "implies" }
    }

    /// The other lines.
    fn others(&self) -> String {
        match self.finding.by.as_slice() {
            [] => String::new(),
            [one] => self.name(one),
            [one, two] => format!("{} and {}", self.name(one), self.name(two)),
            [one, rest @ ..] => format!("{} and {} more lines", self.name(one), rest.len()),
        }
    }

    fn name(&self, path: &NodePath) -> String {
        let said = match self.segment.node(path) {
            Some(Node::Group(_)) | None => {
                let steps: Vec<String> = path.steps.iter().map(|step| (step + 1).to_string()).collect();
                return format!("{} {}", path.side.id(), steps.join(".")).trim_end().to_owned();
            }
            Some(node) => words::sentence(node, self.schema),
        };
        let mut short: String = said.chars().take(LONGEST_NAME).collect();
        if short.len() < said.len() {
            short.push('…');
        }
        format!("“{short}”")
    }

    fn condition(&self) -> Option<&Condition> {
        match self.segment.node(&self.finding.path)? {
            Node::Condition(condition) => Some(condition),
            Node::Group(_) | Node::Unreadable(_) => None,
        }
    }

    /// The test of the line or of the filter that the finding is about.
    fn test(&self) -> Option<&Test> {
        let condition = self.condition()?;
        match (self.finding.part, &condition.kind) {
            (ConditionPart::Where(at), _) => condition.filters().get(at).map(|filter| &filter.test),
            (_, ConditionKind::Attribute(attribute)) => Some(&attribute.test),
            (_, ConditionKind::Aggregate(aggregate)) => Some(&aggregate.test),
            (_, ConditionKind::Purchase(_) | ConditionKind::List(_)) => None,
        }
    }

    fn render_test(&self) -> String {
        let (op, value) = self.test().map(words::test).unwrap_or_default();
        format!("{op} {value}").trim_end().to_owned()
    }

    fn window(&self) -> String {
        match self.condition().map(|condition| &condition.kind) {
            Some(ConditionKind::Purchase(purchase)) => {
                purchase.when.as_ref().map(words::when).unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    fn reason(&self, why: Reason) -> String {
        match why {
            Reason::Orders => "whoever has purchased has at least 1 order".to_owned(),
            Reason::Window => format!("no order date is {}", self.window()),
            Reason::Test | Reason::Filter => format!("no value {}", self.render_test()),
            Reason::TestAndFilters => "no row passes this and its filters".to_owned(),
            Reason::Filters => "no row passes this filter and those before it".to_owned(),
            Reason::Number => "no number passes".to_owned(),
        }
    }

    fn always(&self, why: Reason) -> String {
        match why {
            Reason::Orders | Reason::Number => "every number passes".to_owned(),
            other => self.reason(other),
        }
    }

    fn remedy(&self, why: Reason) -> Option<String> {
        let is_open = match (why, self.condition().map(|condition| &condition.kind)) {
            (Reason::Window, Some(ConditionKind::Purchase(purchase))) => purchase
                .when
                .as_ref()
                .is_some_and(|when| when.op == Some(WhenOperator::Between) && when.inclusive != Some(true)),
            (Reason::Test | Reason::Filter | Reason::Number, _) => self
                .test()
                .is_some_and(|test| test.op == Some(Operator::IsBetween) && test.inclusive != Some(true)),
            _ => false,
        };
        let text = match why {
            Reason::Orders => "use has not purchased for those without",
            _ if is_open => "the ends are left out: take them in, or move them apart",
            Reason::TestAndFilters | Reason::Filters => "take one of them out, or change it",
            Reason::Window | Reason::Test | Reason::Filter | Reason::Number => return None,
        };
        Some(text.to_owned())
    }

    /// What to do where nobody has both.
    fn either(&self) -> String {
        let is_column = |path: &NodePath| match self.segment.node(path) {
            Some(Node::Condition(Condition { kind: ConditionKind::Attribute(attribute), .. })) => {
                Some((&attribute.table, &attribute.column))
            }
            _ => None,
        };
        let own = is_column(&self.finding.path);
        let is_same_column = own.is_some() && self.finding.by.iter().all(|by| is_column(by) == own);
        let parent = self.finding.path.parent();
        let matching = parent.and_then(|(group, _)| self.segment.group(&group)).map(|group| group.matching);
        let is_include = self.finding.path.side == Side::Include;
        if is_same_column && is_include && matching == Some(Match::All) {
            "match ANY of them: each has one value".to_owned()
        } else {
            "take one of them out, or change it".to_owned()
        }
    }

    /// Whether the one other line is written as this one is.
    fn is_same(&self) -> bool {
        let [other] = self.finding.by.as_slice() else { return false };
        let kind = |path: &NodePath| match self.segment.node(path) {
            Some(Node::Condition(condition)) => Some(&condition.kind),
            Some(Node::Group(_) | Node::Unreadable(_)) | None => None,
        };
        kind(&self.finding.path).is_some() && kind(&self.finding.path) == kind(other)
    }
}
