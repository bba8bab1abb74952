//! SQL as a tree, which becomes text once, at the end.
//!
//! [`sql!`] puts fragments together as `format!` does strings. The tree knows which line breaks are layout
//! and which belong to a string literal, so only layout is ever indented.

use std::borrow::Cow;

/// How wide conditions may become before each has a line of its own.
pub(crate) const WIDTH: usize = 80;

/// A fragment of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// Stands as it is, even where it holds line breaks.
    Text(Cow<'static, str>),
    Sequence(Vec<Fragment>),
    LineBreak,
    /// Every line but the first is moved to the right.
    Indent(usize, Box<Fragment>),
    /// Conditions joined by AND, to stand beside others with AND.
    All(Vec<Fragment>),
    /// With a remark for the head of the query.
    WithRemark(&'static str, Box<Fragment>),
}

/// Fragments and strings one after the other; `Fragment` has to be in scope.
macro_rules! sql {
    ($($part:expr),+ $(,)?) => {
        Fragment::Sequence(vec![$(Fragment::from($part)),+])
    };
}
pub(in crate::sql) use sql;

impl Fragment {
    /// Conditions that must all hold; long ones each on a line.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut conditions: Vec<Self> = conditions.into_iter().collect();
        match conditions.pop() {
            Some(only) if conditions.is_empty() => only,
            last => Self::All(conditions.into_iter().chain(last).collect()),
        }
    }

    /// Conditions of which one must hold; long ones each on a line.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let conditions: Vec<Self> = conditions.into_iter().collect();
        match conditions.as_slice() {
            [] => Self::from("FALSE"),
            [only] => only.clone(),
            _ if is_long(&conditions) => {
                let conditions = conditions.into_iter().map(|condition| condition.indented(4));
                Self::join(conditions, &sql![Self::LineBreak, "OR "]).in_parentheses()
            }
            _ => sql!["(", Self::join(conditions, &" OR ".into()), ")"],
        }
    }

    /// `value IN (...)`, on several lines if the items are many. There is at least one.
    pub fn is_in(value: &Self, operator: &'static str, items: &[String]) -> Self {
        let list = match wrapped(items).as_slice() {
            [only] if value.layout().chars().count() + only.chars().count() < WIDTH => {
                sql!["(", only, ")"]
            }
            lines => Self::lines_of(lines).in_parentheses(),
        };
        sql![value, " ", operator, " ", list]
    }

    pub fn join(fragments: impl IntoIterator<Item = Self>, separator: &Self) -> Self {
        let mut joined = Vec::new();
        for fragment in fragments {
            if !joined.is_empty() {
                joined.push(separator.clone());
            }
            joined.push(fragment);
        }
        Self::Sequence(joined)
    }

    /// Texts, each on a line.
    pub(crate) fn lines_of(texts: &[String]) -> Self {
        Self::join(texts.iter().map(Self::from), &Self::LineBreak)
    }

    pub(crate) fn indented(self, by: usize) -> Self {
        Self::Indent(by, Box::new(self))
    }

    /// Between two parentheses, each on a line of its own.
    pub(crate) fn in_parentheses(self) -> Self {
        sql!["(", sql![Self::LineBreak, self].indented(4), Self::LineBreak, ")"]
    }

    pub(crate) fn with_remark(self, remark: &'static str) -> Self {
        Self::WithRemark(remark, Box::new(self))
    }

    /// The conditions that stand on lines of their own in a list of conditions.
    pub(crate) fn into_conjuncts(self) -> Vec<Self> {
        match self {
            Self::All(conditions) if is_long(&conditions) => conditions,
            other => vec![other],
        }
    }

    /// The remarks anywhere in it.
    pub(crate) fn remarks(&self) -> Vec<&'static str> {
        match self {
            Self::Text(_) | Self::LineBreak => Vec::new(),
            Self::Sequence(parts) | Self::All(parts) => parts.iter().flat_map(Self::remarks).collect(),
            Self::Indent(_, inner) => inner.remarks(),
            Self::WithRemark(remark, inner) => inner.remarks().into_iter().chain([*remark]).collect(),
        }
    }

    /// The text, line by line; a line holds the line breaks of its string literals.
    pub fn lines(&self) -> Vec<String> {
        let mut layout = Layout { finished: Vec::new(), line: String::new(), indent: 0 };
        layout.write(self);
        layout.finished.push(layout.line);
        layout.finished
    }

    /// The text.
    pub(crate) fn layout(&self) -> String {
        self.lines().join("\n")
    }
}

impl From<&'static str> for Fragment {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Fragment {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&String> for Fragment {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<&Fragment> for Fragment {
    fn from(fragment: &Fragment) -> Self {
        fragment.clone()
    }
}

/// Whether conditions are too long for one line.
fn is_long(conditions: &[Fragment]) -> bool {
    conditions.iter().map(|condition| condition.layout().len()).sum::<usize>() > WIDTH
}

/// Items with commas between them, as many on a line as fit.
pub(crate) fn wrapped(items: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let last = items.len().saturating_sub(1);
    for (at, item) in items.iter().enumerate() {
        let comma = if at == last { "" } else { "," };
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(item);
                line.push_str(comma);
            }
            _ => lines.push(format!("{item}{comma}")),
        }
    }
    lines
}

/// A tree on its way to text.
struct Layout {
    finished: Vec<String>,
    line: String,
    indent: usize,
}

impl Layout {
    fn write(&mut self, fragment: &Fragment) {
        match fragment {
            Fragment::Text(text) => self.line.push_str(text),
            Fragment::Sequence(parts) => parts.iter().for_each(|part| self.write(part)),
            Fragment::LineBreak => self.break_line(),
            Fragment::Indent(by, inner) => {
                self.indent += by;
                self.write(inner);
                self.indent -= by;
            }
            Fragment::All(conditions) => {
                let is_long = is_long(conditions);
                for (at, condition) in conditions.iter().enumerate() {
                    match (at, is_long) {
                        (0, _) => {}
                        (_, true) => {
                            self.break_line();
                            self.line.push_str("AND ");
                        }
                        (_, false) => self.line.push_str(" AND "),
                    }
                    self.write(condition);
                }
            }
            Fragment::WithRemark(_, inner) => self.write(inner),
        }
    }

    fn break_line(&mut self) {
        let next = " ".repeat(self.indent);
        self.finished.push(std::mem::replace(&mut self.line, next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_layout_is_indented() {
        let literal = Fragment::from("'a\nb'".to_owned());
        let condition = sql!["x = ", literal].in_parentheses();
        assert_eq!(sql!["NOT ", condition].indented(2).layout(), "NOT (\n      x = 'a\nb'\n  )");
    }

    #[test]
    fn long_conditions_have_lines_of_their_own() {
        let condition = |letter: &str| Fragment::from(letter.repeat(WIDTH / 2));
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        assert_eq!(Fragment::all([condition("a"), condition("b")]).layout(), format!("{a} AND {b}"));
        let all = Fragment::all([condition("a"), condition("b"), "c".into()]);
        assert_eq!(all.layout(), format!("{a}\nAND {b}\nAND c"));
        assert_eq!(all.into_conjuncts().len(), 3);
        let any = Fragment::any([condition("a"), condition("b"), "c".into()]);
        assert_eq!(any.layout(), format!("(\n    {a}\n    OR {b}\n    OR c\n)"));
    }

    #[test]
    fn remarks_are_found_anywhere() {
        let inner = Fragment::from("x").with_remark("mind the x");
        assert_eq!(Fragment::all([sql![inner, " = 1"], "y".into()]).remarks(), ["mind the x"]);
    }
}
