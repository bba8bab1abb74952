//! The list of what lies over a screen. A further one has its line here.

use super::add::Add;
use super::browse::Browse;
use super::card_list::CardList;
use super::card_view::CardView;
use super::choose::Choose;
use super::columns::Columns;
use super::commands::Commands;
use super::confirm::Confirm;
use super::day::Day;
use super::days::Days;
use super::differences::Differences;
use super::explorer::Explorer;
use super::export::Export;
use super::keep_in::KeepIn;
use super::lists::Lists;
use super::messages::Messages;
use super::metric_form::MetricForm;
use super::notes::Notes;
use super::paste::Paste;
use super::purchase::Purchase;
use super::quick_add::QuickAdd;
use super::save_as::SaveAs;
use super::sql_view::SqlView;
use super::test_form::TestForm;
use super::test_list::TestList;
use super::value_entry::ValueEntry;
use super::values::Values;
use crate::app::layer::{Layer, Listed, Opened};

/// Declares a list of layers, with the way to each of them through the interface of all.
macro_rules! layers {
    ($(#[$doc:meta])* $list:ident { $($(#[$about:meta])* $name:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub enum $list { $($(#[$about])* $name($name),)+ }

        impl $list {
            pub(crate) fn layer(&self) -> &dyn Layer {
                match self { $(Self::$name(layer) => layer,)+ }
            }

            pub(crate) fn layer_mut(&mut self) -> &mut dyn Layer {
                match self { $(Self::$name(layer) => layer,)+ }
            }
        }
    };
}

/// Declares a list of layers that others open, without knowing the list.
macro_rules! openable_layers {
    ($(#[$doc:meta])* $list:ident { $($(#[$about:meta])* $name:ident,)+ }) => {
        layers! { $(#[$doc])* $list { $($(#[$about])* $name,)+ } }

        $(impl Listed for $name {})+

        impl $list {
            /// The layer of this list that another one has opened.
            pub(crate) fn from_opened(Opened(layer): Opened) -> Option<Self> {
                $(let layer = match layer.downcast::<$name>() {
                    Ok(layer) => return Some(Self::$name(*layer)),
                    Err(layer) => layer,
                };)+
                drop(layer);
                None
            }
        }
    };
}

openable_layers! {
    /// What lies over a screen: pickers, forms, questions. Esc goes one step back everywhere.
    Overlay {
        /// Source, attribute, operator.
        Add,
        /// The values of a column.
        Values,
        /// Typed values.
        ValueEntry,
        /// Segments, files and queries as customer lists.
        Lists,
        /// A file on this machine.
        Browse,
        /// A pasted list.
        Paste,
        /// A purchase behaviour.
        Purchase,
        /// A condition typed on one line.
        QuickAdd,
        /// Name and folder.
        SaveAs,
        /// A folder to keep unsaved edits in.
        KeepIn,
        /// A list to choose from.
        Choose,
        /// Customers on their way to a file.
        Export,
        /// The columns beside the ids of customers.
        Columns,
        /// The day of evaluation.
        Day,
        /// The days whose orders count.
        Days,
        /// A card of the summary as a whole table.
        CardView,
        /// Which cards of the summary are shown.
        CardList,
        /// A custom metric.
        MetricForm,
        /// A question.
        Confirm,
        /// Help and palette.
        Commands,
        /// Every notice.
        Messages,
        /// What there is to say of a table.
        Notes,
        /// What differs from an earlier revision or another segment.
        Differences,
        /// The segment as SQL.
        SqlView,
        /// The tests of the segment.
        TestList,
        /// A test.
        TestForm,
        /// What tables and columns hold.
        Explorer,
    }
}

impl Overlay {
    /// Whether what lies below stays in sight, as for a question about it.
    #[must_use]
    pub(crate) fn shows_below(&self) -> bool {
        self.layer().shows_below()
    }
}
