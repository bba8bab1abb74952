//! The data explorer: every table and column, and what they hold.

use crate::app::action::{Action, Context};
use crate::app::layer::{Cx, Layer, Outcome};

/// The data explorer.
#[derive(Clone, Debug, Default)]
pub struct Explorer {}

impl Layer for Explorer {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Explorer]
    }

    fn perform(&mut self, action: Action, _: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Back => Outcome::close(),
            _ => Outcome::stay(),
        }
    }
}
