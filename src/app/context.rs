//! The places in which keys are looked up.

/// Declares the places with their names.
macro_rules! contexts {
    ($($(#[$doc:meta])+ $name:ident = $title:literal;)+) => {
        /// Where a key is pressed. The innermost context that binds a key wins.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Context { $($(#[$doc])+ $name,)+ }

        impl Context {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The place's name, for help.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// As the table of actions has it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }
        }
    };
}

contexts! {
    /// Any place at all, overlays and text fields as well.
    Anywhere = "everywhere";
    /// Any screen, no overlay.
    Screen = "everywhere";
    /// The list of segments.
    Home = "segments";
    /// A search field over the list of segments.
    HomeFind = "segments, find";
    /// Any pane of the editor.
    Editor = "editor";
    /// The tree of tables.
    Tables = "tables";
    /// The search field over the tree of tables.
    TablesFind = "tables, find";
    /// The criteria.
    Criteria = "criteria";
    /// The text of a SQL segment, which stands in their place.
    Sql = "SQL";
    /// The same while keys go into it.
    SqlTyping = "SQL, typing";
    /// The numbers.
    Insights = "insights";
    /// Any page of the open segment.
    Overview = "overview";
    /// Its summary.
    Summary = "summary";
    /// Its breakdown by attributes.
    Breakdown = "breakdown";
    /// Its comparison with others.
    Compare = "compare";
    /// Its members.
    Customers = "customers";
    /// The search field over its members, and the field of an id.
    CustomersFind = "customers, find";
    /// Why a customer is in it, or is not.
    Explain = "explain";
    /// The field in which customers are named.
    ExplainFind = "explain, find";
    /// The picker of their columns.
    Columns = "columns";
    /// The form of an export.
    Export = "export";
    /// The data explorer.
    Explorer = "data explorer";
    /// A search field over its tables and columns.
    ExplorerFind = "data explorer, find";
    /// The picker of source, attribute and operator.
    Add = "add picker";
    /// The picker of values.
    Values = "value picker";
    /// The fields for typed values.
    ValueEntry = "value";
    /// The picker of customer lists.
    Lists = "list picker";
    /// The file browser.
    Browse = "file browser";
    /// A pasted list.
    Paste = "pasted list";
    /// The form of a purchase behaviour.
    Purchase = "purchase";
    /// The line on which a condition is typed.
    QuickAdd = "typed condition";
    /// Name and folder.
    SaveAs = "save as";
    /// The folder in which unsaved edits are kept.
    KeepIn = "keep in";
    /// A card of the summary as a whole table.
    CardView = "card";
    /// Which cards of the summary are shown.
    CardList = "cards";
    /// A custom metric.
    MetricForm = "custom metric";
    /// A list to choose from.
    Choose = "choose";
    /// A question.
    Confirm = "question";
    /// Help and palette.
    Commands = "commands";
    /// The list of notices.
    Messages = "messages";
    /// What there is to say of a table.
    Notes = "notes";
    /// A segment as SQL.
    SqlView = "segment as SQL";
    /// What differs between a segment and something else.
    Differences = "differences";
    /// The tests of a segment.
    Tests = "tests";
    /// The form of a test.
    TestForm = "test";
}

impl Context {
    /// The wider places that it is a part of, the nearest first. Any place is a part of [`Context::Anywhere`] besides.
    #[must_use]
    pub(crate) fn around(self) -> &'static [Self] {
        match self {
            Self::Tables | Self::Criteria | Self::Sql | Self::Insights => &[Self::Editor, Self::Screen],
            Self::Summary | Self::Breakdown | Self::Compare | Self::Customers | Self::Explain => {
                &[Self::Overview, Self::Screen]
            }
            Self::Home | Self::Editor | Self::Overview => &[Self::Screen],
            _ => &[],
        }
    }

    /// Whether what applies in another place applies here, too: one is a part of the other, or both are of one screen.
    #[must_use]
    pub(crate) fn shares_with(self, other: Self) -> bool {
        let (mine, its) = (self.around(), other.around());
        let is_common = |place: &Self| *place != Self::Screen && its.contains(place);
        self == other
            || other == Self::Anywhere
            || mine.contains(&other)
            || its.contains(&self)
            || mine.iter().any(is_common)
    }

    /// Whether letters and blanks are typed there.
    #[must_use]
    pub(crate) fn is_typed_in(self) -> bool {
        matches!(
            self,
            Self::Anywhere
                | Self::HomeFind
                | Self::TablesFind
                | Self::SqlTyping
                | Self::CustomersFind
                | Self::ExplainFind
                | Self::Columns
                | Self::Export
                | Self::ExplorerFind
                | Self::Add
                | Self::Values
                | Self::ValueEntry
                | Self::Lists
                | Self::Browse
                | Self::Purchase
                | Self::QuickAdd
                | Self::SaveAs
                | Self::KeepIn
                | Self::MetricForm
                | Self::Choose
                | Self::Confirm
                | Self::Commands
                | Self::TestForm
        )
    }
}
