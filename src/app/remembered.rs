//! What is remembered from one open segment to the next, as long as the program runs.

use std::collections::HashMap;
use std::path::PathBuf;

use super::action_use::ActionUse;
use super::exporting::Exporting;
use super::layers::pages::cards::CardLayout;
use super::test_results::TestResults;
use crate::backend::MemberColumn;

/// What is remembered from one open segment to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered {
    /// The columns of the customers, by the database's folder and the activation ID.
    pub columns: HashMap<(PathBuf, String), Vec<MemberColumn>>,
    /// The folder that something was exported to last.
    pub export_folder: Option<PathBuf>,
    /// Which cards of the summary are shown, and in which order.
    pub cards: CardLayout,
    /// Which actions were found by name.
    pub used: ActionUse,
    /// The export that is under way.
    pub export: Option<Exporting>,
    /// Where one was in the data explorer.
    pub explored: Explored,
    /// Who was explained last, by the activation ID.
    pub explained: Option<(String, Vec<String>)>,
    /// What came of the tests of saved segments.
    pub tests: TestResults,
}

/// The panes of the explorer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExplorerPane {
    /// All tables.
    #[default]
    Tables,
    /// The columns of one of them.
    Columns,
    /// What a column holds.
    Values,
    /// Sample rows.
    Rows,
}

impl ExplorerPane {
    const ALL: [Self; 4] = [Self::Tables, Self::Columns, Self::Values, Self::Rows];

    pub(crate) fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        let last = Self::ALL.len().saturating_sub(1);
        Self::ALL.get(at.saturating_add_signed(by).min(last)).copied().unwrap_or_default()
    }

    pub(crate) fn next(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL.into_iter().cycle().nth(at + by).unwrap_or_default()
    }
}

/// A place in the data explorer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Explored {
    pub table: Option<String>,
    pub column: Option<String>,
    pub pane: ExplorerPane,
}
