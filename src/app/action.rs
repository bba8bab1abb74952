//! Everything a person can do, in one table: name, title, help, group, keys, and where each applies.
//!
//! Keys, palette, help, hints and scripts all come from here; nothing else changes the app's state.

pub use super::context::Context;

/// Declares the actions with their row of the table.
macro_rules! actions {
    ($($name:ident, $group:ident, $hint:literal, $title:literal, [$($context:ident: $keys:literal),* $(,)?];)+) => {
        /// Something a person can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $(#[doc = $title] $name,)+ }

        /// The table of actions, in the order of help.
        pub const ACTIONS: &[ActionInfo] = &[
            $(ActionInfo {
                action: Action::$name, name: stringify!($name), group: ActionGroup::$group,
                hint: $hint, title: $title, bindings: &[$((Context::$context, $keys)),*],
            }),+
        ];
    };
}

/// A row of the table.
#[derive(Debug)]
pub struct ActionInfo {
    /// The action.
    pub action: Action,
    /// Its name in settings and scripts.
    pub name: &'static str,
    /// Where help lists it.
    pub group: ActionGroup,
    /// One or two words for the bottom line; empty: not shown there.
    pub hint: &'static str,
    /// What it does, in a sentence.
    pub title: &'static str,
    /// Where it applies, and its keys there, separated by blanks.
    pub bindings: &'static [(Context, &'static str)],
}

/// A heading of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionGroup {
    /// Going about.
    Move,
    /// Changing criteria.
    Criteria,
    /// Whole segments.
    Segment,
    /// What is looked at.
    View,
    /// Inside pickers and forms.
    Picker,
}

impl ActionGroup {
    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Criteria => "Criteria",
            Self::Segment => "Segment",
            Self::View => "View",
            Self::Picker => "Picker",
        }
    }
}

actions! {
    Up, Move, "", "One line up", [
        Differences: "up k", Tests: "up k", TestForm: "up ctrl-p",
        CardView: "up k", CardList: "up k", MetricForm: "up ctrl-p",
        Home: "up k", Tables: "up k", Criteria: "up k", Insights: "up k", Overview: "up k", Explorer: "up k", Confirm: "up ctrl-p",
        HomeFind: "up ctrl-p", TablesFind: "up ctrl-p", ExplorerFind: "up ctrl-p", CustomersFind: "up ctrl-p", ExplainFind: "up ctrl-p", Columns: "up ctrl-p", Export: "up ctrl-p", Add: "up ctrl-p", Values: "up ctrl-p", Lists: "up ctrl-p", Browse: "up ctrl-p", Paste: "up k", Purchase: "up ctrl-p",
        ValueEntry: "up shift-tab", SaveAs: "up ctrl-p", Choose: "up ctrl-p", Commands: "up ctrl-p", Messages: "up k", Notes: "up k", QuickAdd: "up ctrl-p shift-tab", Sql: "up k", SqlView: "up k"];
    Down, Move, "", "One line down", [
        Differences: "down j", Tests: "down j", TestForm: "down ctrl-n",
        CardView: "down j", CardList: "down j", MetricForm: "down ctrl-n",
        Home: "down j", Tables: "down j", Criteria: "down j", Insights: "down j", Overview: "down j", Explorer: "down j", Confirm: "down ctrl-n",
        HomeFind: "down ctrl-n", TablesFind: "down ctrl-n", ExplorerFind: "down ctrl-n", CustomersFind: "down ctrl-n", ExplainFind: "down ctrl-n", Columns: "down ctrl-n", Export: "down ctrl-n", Add: "down ctrl-n", Values: "down ctrl-n", Lists: "down ctrl-n", Browse: "down ctrl-n", Paste: "down j",
        Purchase: "down ctrl-n", ValueEntry: "down tab", SaveAs: "down ctrl-n", Choose: "down ctrl-n",
        Commands: "down ctrl-n", Messages: "down j", Notes: "down j", QuickAdd: "down ctrl-n", Sql: "down j", SqlView: "down j"];
    PageUp, Move, "", "One page up", [
        Differences: "pageup ctrl-b", Tests: "pageup ctrl-b", TestForm: "pageup",
        CardView: "pageup ctrl-b", CardList: "pageup ctrl-b",
        Home: "pageup ctrl-b", CustomersFind: "pageup", ExplainFind: "pageup", Columns: "pageup", Tables: "pageup ctrl-b", Criteria: "pageup ctrl-b", Values: "pageup", Lists: "pageup", Browse: "pageup", Paste: "pageup", Add: "pageup",
        Overview: "pageup ctrl-b", Explorer: "pageup ctrl-b", Commands: "pageup", Choose: "pageup", Messages: "pageup", Notes: "pageup ctrl-b", QuickAdd: "pageup", Sql: "pageup ctrl-b", SqlTyping: "pageup", SqlView: "pageup ctrl-b"];
    PageDown, Move, "", "One page down", [
        Differences: "pagedown ctrl-f", Tests: "pagedown ctrl-f", TestForm: "pagedown",
        CardView: "pagedown ctrl-f", CardList: "pagedown ctrl-f",
        Home: "pagedown ctrl-f", CustomersFind: "pagedown", ExplainFind: "pagedown", Columns: "pagedown", Tables: "pagedown ctrl-f", Criteria: "pagedown ctrl-f", Values: "pagedown", Lists: "pagedown", Browse: "pagedown", Paste: "pagedown", Add: "pagedown",
        Overview: "pagedown ctrl-f", Explorer: "pagedown ctrl-f", Commands: "pagedown", Choose: "pagedown", Messages: "pagedown", Notes: "pagedown ctrl-f", QuickAdd: "pagedown", Sql: "pagedown ctrl-f", SqlTyping: "pagedown", SqlView: "pagedown ctrl-f"];
    Top, Move, "", "To the first line", [Differences: "g home", Tests: "g home", CardView: "g home", CardList: "g home", Home: "g home", Tables: "g home", Criteria: "g home", Overview: "g home", Explorer: "g home", Sql: "g home", Notes: "g home", SqlView: "g home"];
    Bottom, Move, "", "To the last line", [Differences: "G end", Tests: "G end", CardView: "G end", CardList: "G end", Home: "G end", Tables: "G end", Criteria: "G end", Overview: "G end", Explorer: "G end", Sql: "G end", Notes: "G end", SqlView: "G end"];
    Left, Move, "", "Fold, or go one column or folder left", [
        MetricForm: "left",
        Home: "left h", Overview: "left h", Explorer: "left h", Tables: "left h", Criteria: "left h", Add: "left", Browse: "left", Export: "left", Purchase: "left", Sql: "left h", SqlView: "left h"];
    Right, Move, "", "Unfold, or go one column or folder right", [
        MetricForm: "right",
        Home: "right l", Overview: "right l", Explorer: "right l", Tables: "right l", Criteria: "right l", Add: "right", Browse: "right", Export: "right", Purchase: "right", Sql: "right l", SqlView: "right l"];
    NextPane, Move, "", "To the next pane", [Editor: "tab", Explorer: "tab"];
    PreviousPane, Move, "", "To the previous pane", [Editor: "shift-tab", Explorer: "shift-tab"];
    FocusTables, Move, "", "To the tables", [Editor: "1"];
    FocusCriteria, Move, "", "To the criteria", [Editor: "2"];
    FocusInsights, Move, "", "To the insights", [Editor: "3"];

    Add, Criteria, "add", "Add a condition after this line", [Criteria: "a", Tables: "a enter"];
    QuickAdd, Criteria, "type", "Type a condition on one line", [Criteria: "i", Tables: "i"];
    AddSection, Criteria, "", "Add a section to this side", [Criteria: "A"];
    AddExclusion, Criteria, "exclude", "Add a condition to the exclude side", [Criteria: "x", Tables: "x"];
    Edit, Criteria, "edit", "Change the value of this condition", [Criteria: "e enter"];
    EditOperator, Criteria, "operator", "Choose another operator", [Criteria: "o"];
    QuickEdit, Criteria, "", "Rewrite this condition on one line", [Criteria: "w"];
    Change, Criteria, "", "Look at another attribute or behaviour", [Criteria: "c"];
    ToggleOff, Criteria, "on/off", "Switch this line off or on again", [Criteria: "space"];
    ToggleMatch, Criteria, "AND/OR", "Turn ALL into ANY and back", [Criteria: "&"];
    Delete, Criteria, "", "Remove this line", [Criteria: "d delete"];
    Duplicate, Criteria, "", "Duplicate this line", [Criteria: "y"];
    MoveUp, Criteria, "", "Move this line up", [Criteria: "K alt-up"];
    MoveDown, Criteria, "", "Move this line down", [Criteria: "J alt-down"];
    Nest, Criteria, "", "Put this line into a group of its own", [Criteria: ">"];
    AddNulls, Criteria, "", "Take in those with NULL as well", [Criteria: "N"];
    Unnest, Criteria, "", "Dissolve the group around this line", [Criteria: "<"];
    OtherSide, Criteria, "", "Move this line to the other side", [Criteria: "X"];
    TypeSql, Criteria, "edit", "Write in the text of this SQL segment", [Sql: "e enter i"];
    Complete, Criteria, "complete", "Complete what is typed at the cursor, or indent", [SqlTyping: "tab", QuickAdd: "tab"];
    Undo, Criteria, "undo", "Undo the last edit", [Tests: "u", Editor: "u", SqlTyping: "ctrl-u"];
    Redo, Criteria, "", "Do it again", [Tests: "U ctrl-r", Editor: "U ctrl-r", SqlTyping: "ctrl-r"];

    EditSegment, Segment, "edit", "Edit this segment", [Overview: "e"];
    Open, Segment, "open", "Open a segment in the editor", [Home: "enter e", HomeFind: "enter"];
    Segments, Segment, "", "Go back to the list of segments", [Editor: "ctrl-o", Overview: "ctrl-o"];
    Save, Segment, "save", "Save", [Editor: "s ctrl-s", SqlTyping: "ctrl-s"];
    SaveAs, Segment, "save as", "Save under another name", [Editor: "S", Overview: "S"];
    Overview, Segment, "overview", "Show the overview of this segment", [Home: "v", Editor: "v"];
    New, Segment, "new", "Start a new segment", [Home: "n", Editor: "ctrl-n", Overview: "ctrl-n"];
    NewSql, Segment, "", "Start a new SQL segment", [Home: "N"];
    ConvertToSql, Segment, "", "Turn the conditions into a SQL segment", [Editor: "C", SqlView: "C"];
    Rename, Segment, "rename", "Rename", [Home: "R", Editor: "R", Overview: "R"];

    ShowTests, Segment, "", "Show the tests of this segment", [Editor: "T", Overview: "T"];
    RunTests, Segment, "", "Run the tests of all segments, or stop that", [Home: "T"];
    AddTest, Segment, "add", "Add a test", [Tests: "a"];
    EditTest, Segment, "change", "Change this test", [Tests: "e enter"];
    DeleteTest, Segment, "delete", "Remove this test", [Tests: "d delete"];

    NextPage, View, "", "To the next page of the overview", [Overview: "tab", ExplainFind: "tab"];
    PreviousPage, View, "", "To the previous page of the overview", [Overview: "shift-tab", ExplainFind: "shift-tab"];
    ShowSummary, View, "", "Show the summary of this segment", [Overview: "1"];
    ShowBreakdown, View, "", "Break this segment down by attributes", [Overview: "2"];
    ShowCompare, View, "", "Compare this segment with others", [Overview: "3"];
    ShowCustomers, View, "", "Show the customers of this segment", [Overview: "4"];
    ShowExplain, View, "", "Explain why a customer is in this segment, or is not", [Overview: "5"];
    Explain, View, "why", "Explain why this customer is in the segment, or is not", [Home: "W", Customers: "w", Editor: "W", Overview: "W"];
    OpenExplained, View, "open", "Open the customer, change the condition, or unfold the segment", [Explain: "enter"];
    NextCustomer, View, "next", "To the next customer", [Explain: "n ]"];
    PreviousCustomer, View, "", "To the customer before", [Explain: "p ["];
    ReasonsDown, View, "", "Scroll the reasons down", [Explain: "J alt-down"];
    ReasonsUp, View, "", "Scroll the reasons up", [Explain: "K alt-up"];
    PinCustomer, View, "", "Keep the customer explained last beside the criteria, or do not", [Editor: "p"];
    CopyExplanation, View, "copy", "Copy this explanation to the clipboard", [Explain: "y"];
    WriteCase, View, "case", "Write a case of these customers to a file that can be sent", [Explain: "x", Customers: "X"];

    OpenCard, View, "open", "Open this card or chart as a whole table", [Summary: "enter o", Breakdown: "o"];
    ChangeMetric, View, "change", "Change this custom metric", [Summary: "c"];
    DeleteMetric, View, "delete", "Delete this custom metric", [Summary: "d delete"];
    CopyCard, View, "copy", "Copy this card or chart to the clipboard", [CardView: "y", Summary: "y", Breakdown: "y", Compare: "y"];
    CardSql, View, "SQL", "Show the figures of this card or chart as SQL", [Summary: "Q", Breakdown: "Q", Compare: "Q"];
    HideCard, View, "hide", "Hide this card", [Summary: "x"];
    ShowCards, View, "cards", "Choose which cards are shown", [Summary: "X"];
    MoveCardUp, View, "", "Move this card up", [CardList: "K alt-up", Summary: "K alt-up"];
    MoveCardDown, View, "", "Move this card down", [CardList: "J alt-down", Summary: "J alt-down"];
    NextStep, View, "step", "Show the segment over time in other steps", [Summary: "t"];
    AddMetric, View, "add metric", "Add a custom metric", [Summary: "a"];
    ChooseAttributes, View, "attributes", "Choose an attribute to break down by", [Breakdown: "a"];
    RemoveAttribute, View, "", "Take this attribute away", [Breakdown: "d delete"];
    ResetAttributes, View, "", "Go back to the attributes that are shown at first", [Breakdown: "0"];
    NextMeasure, View, "measure", "Show the next measure", [Breakdown: "m"];
    ChooseDays, View, "days", "Choose the days whose orders count", [Breakdown: "t", Compare: "t"];
    NewFromValue, Segment, "new segment", "Start a new segment: this one and this value", [Breakdown: "enter"];
    AddCompared, View, "add", "Compare with another segment", [Compare: "a"];
    RemoveCompared, View, "", "Take this segment out of the comparison", [Compare: "d delete"];
    NextBaseline, View, "baseline", "Compare to another baseline", [Compare: "b"];
    ToggleOverlaps, View, "overlaps", "Show what the segments share, or their figures", [Compare: "o"];
    TickRegion, View, "tick", "Tick or untick this region", [Compare: "space"];
    NewIntersection, Segment, "intersection", "Start a new segment of those who are in all that is ticked", [Compare: "i"];
    NewUnion, Segment, "union", "Start a new segment of those who are in any that is ticked", [Compare: "u"];
    ChooseColumns, View, "columns", "Choose the columns", [Customers: "a", Export: "ctrl-a"];
    RemoveColumn, View, "", "Take this column away", [Customers: "d delete"];
    FirstColumn, Move, "", "To the first column", [Customers: "0 home"];
    LastColumn, Move, "", "To the last column", [Customers: "$ end"];
    MoveColumnLeft, View, "", "Move this column to the left", [Customers: "H alt-left"];
    MoveColumnRight, View, "", "Move this column to the right", [Customers: "L alt-right"];
    SortColumn, View, "sort", "Sort by this column, or the other way round", [Customers: "s"];
    JumpToId, View, "id", "Jump to an id", [Customers: "i"];
    FreezeId, View, "", "Keep the id in sight, or let it scroll away", [Customers: "f"];
    CopyCell, View, "copy", "Copy this value to the clipboard", [Customers: "y", Explorer: "y"];
    CopyRow, View, "", "Copy this row to the clipboard", [Customers: "Y"];
    CopyColumn, View, "", "Copy this column to the clipboard", [Customers: "c"];
    Export, View, "export", "Write the customers to a file", [Customers: "x"];
    CancelExport, View, "", "Cancel the export that is under way", [Screen: "ctrl-x"];
    Explore, View, "", "Show what the tables and columns hold", [Screen: "P", Anywhere: "f2"];
    UseValue, Criteria, "condition", "Make a condition of this value", [Explorer: "enter"];
    OtherSample, View, "sample", "Show other sample rows", [Explorer: "s"];

    Find, View, "find", "Find by typing", [Home: "/", Explain: "/ i", Customers: "/", Explorer: "/", Tables: "/", Editor: "/"];
    ShowSql, View, "SQL", "Show this segment as SQL", [Editor: "Q", Overview: "Q"];
    ShowDifferences, View, "", "Show what differs from an earlier revision or another segment, and who joins and leaves by it", [Home: "V", Editor: "V", Overview: "V"];
    NextDialect, View, "dialect", "Show the SQL of the next engine", [SqlView: "tab"];
    PreviousDialect, View, "", "Show the SQL of the previous engine", [SqlView: "shift-tab"];
    CopySql, View, "copy", "Copy the SQL to the clipboard", [SqlView: "y", Sql: "y", SqlTyping: "alt-y"];
    CopyLines, View, "copy", "Copy the lines for database.toml to the clipboard", [Notes: "enter y"];
    ToggleDates, View, "dates", "Show relative dates as the days they mean, or relative", [SqlView: "r"];
    Recount, View, "", "Work out the numbers again", [Tests: "r", Editor: "r", Overview: "r"];
    Reload, View, "", "Read the list of segments again", [Home: "r"];
    Drafts, Segment, "", "Show the unsaved edits that were kept", [Screen: "E"];
    SwitchDatabase, View, "", "Open another database, or this one again", [Screen: "D"];
    SwitchId, View, "", "Count by another activation ID", [Editor: "I"];
    SetDay, View, "", "Evaluate as of another day", [Screen: "@", Explorer: "@"];
    ResetDay, View, "", "Evaluate as of the data's own day again", [Screen: "=", Explorer: "="];
    Help, View, "help", "Show the keys of this place", [Differences: "? f1", Tests: "? f1", TestForm: "f1", CardView: "? f1", CardList: "? f1", MetricForm: "f1", Screen: "? f1", Add: "f1", Values: "f1", ValueEntry: "f1", Lists: "f1", Browse: "f1", Paste: "f1 ?", Purchase: "f1", QuickAdd: "f1", SaveAs: "f1", KeepIn: "f1", SqlTyping: "f1", Notes: "? f1", SqlView: "? f1", Explorer: "? f1", ExplorerFind: "f1", CustomersFind: "f1", ExplainFind: "f1", Columns: "f1", Export: "f1"];
    Palette, View, "palette", "Find any action by name", [Screen: ":"];
    Messages, View, "", "Show every notice", [Screen: "M"];
    Theme, View, "", "Choose a theme; each is shown at once", [Screen: "ctrl-t"];
    Suspend, View, "", "Go back to the shell; fg returns", [Anywhere: "ctrl-z"];
    Quit, View, "quit", "Quit", [Screen: "q ctrl-q", Anywhere: "ctrl-c"];

    Accept, Picker, "take", "Take it", [
        Differences: "enter", TestForm: "enter",
        MetricForm: "enter",
        Add: "enter", Values: "enter", ValueEntry: "enter", Lists: "enter", Browse: "enter", Paste: "enter y", Purchase: "enter", QuickAdd: "enter", SaveAs: "enter", KeepIn: "enter", Choose: "enter",
        Confirm: "enter", Commands: "enter", TablesFind: "enter", ExplorerFind: "enter", CustomersFind: "enter", ExplainFind: "enter", Columns: "enter", Export: "enter"];
    AcceptMore, Picker, "take, type on", "Take it, and type the next one", [QuickAdd: "alt-enter ctrl-enter"];
    Tick, Picker, "tick", "Tick or untick this value", [CardList: "space enter", Values: "space", Columns: "space"];
    TickNext, Picker, "tick, next", "Tick this value and search for the next; one value becomes several", [Values: "tab"];
    TickAll, Picker, "all", "Tick or untick all that match the search", [Values: "ctrl-a"];
    SortValues, Picker, "sort", "Sort by count or by name", [Values: "ctrl-t"];
    ToggleCase, Picker, "match case", "Compare exactly, or without regard to case", [Values: "alt-c", ValueEntry: "alt-c"];
    ToggleEnds, Picker, "ends in/out", "Take in the ends of the range, or leave them out", [ValueEntry: "alt-e", Purchase: "alt-e"];
    SplitPaste, Picker, "split otherwise", "Read commas and semicolons in the pasted text the other way", [Paste: "s"];
    ToggleHidden, Picker, "hidden files", "Show hidden files, or do not", [Browse: "alt-h"];
    AddFilter, Picker, "filter", "Add a filter on the same row", [Criteria: "f", Purchase: "ctrl-a"];
    RemoveId, Picker, "remove", "Take this id away", [TestForm: "ctrl-d delete"];
    DeleteFilter, Picker, "delete", "Remove this filter", [Purchase: "ctrl-d delete"];
    Apply, Picker, "apply", "Take the form as it stands", [SaveAs: "ctrl-s", TestForm: "ctrl-s", MetricForm: "ctrl-s", Purchase: "ctrl-s"];
    NextField, Picker, "next", "To the next field, or the next kind of lists", [TestForm: "tab", MetricForm: "tab", Export: "tab", Lists: "tab", SaveAs: "tab", Purchase: "tab", Add: "tab"];
    PreviousField, Picker, "", "To the previous field, or the previous kind of lists", [TestForm: "shift-tab", MetricForm: "shift-tab", Export: "shift-tab", Lists: "shift-tab", SaveAs: "shift-tab", Purchase: "shift-tab", Add: "shift-tab"];
    Back, Picker, "back", "One step back", [
        Differences: "esc q", Tests: "esc q T", TestForm: "esc",
        CardView: "esc q", CardList: "esc q X", MetricForm: "esc",
        HomeFind: "esc", TablesFind: "esc", CustomersFind: "esc", ExplainFind: "esc", Columns: "esc", Export: "esc", Home: "esc", Editor: "esc", Overview: "esc", Add: "esc", Values: "esc",
        ValueEntry: "esc", Lists: "esc", Browse: "esc", Paste: "esc n q", Purchase: "esc", QuickAdd: "esc", SaveAs: "esc", KeepIn: "esc", Choose: "esc", Confirm: "esc", Commands: "esc",
        Messages: "esc q enter", Notes: "esc q", Explorer: "esc q", ExplorerFind: "esc", SqlTyping: "esc", SqlView: "esc q Q"];
}

impl Action {
    /// Whether it changes the tree of conditions of the open segment.
    pub(crate) fn edits_tree(self) -> bool {
        matches!(
            self,
            Self::Add
                | Self::QuickAdd
                | Self::QuickEdit
                | Self::AddSection
                | Self::AddExclusion
                | Self::Edit
                | Self::EditOperator
                | Self::Change
                | Self::ToggleOff
                | Self::ToggleMatch
                | Self::Delete
                | Self::Duplicate
                | Self::MoveUp
                | Self::MoveDown
                | Self::Nest
                | Self::AddNulls
                | Self::Unnest
                | Self::OtherSide
                | Self::AddFilter
        )
    }

    /// The action's row of the table.
    #[must_use]
    pub fn info(self) -> Option<&'static ActionInfo> {
        ACTIONS.iter().find(|info| info.action == self)
    }

    /// By how many lines it moves, where a page is so many; `None` if it does not move by lines.
    #[must_use]
    pub fn step(self, page: isize) -> Option<isize> {
        match self {
            Self::Up => Some(-1),
            Self::Down => Some(1),
            Self::PageUp => Some(-page),
            Self::PageDown => Some(page),
            Self::Top => Some(isize::MIN / 2),
            Self::Bottom => Some(isize::MAX / 2),
            _ => None,
        }
    }
}
