//! Every notice.

use crate::app::action::{Action, Context};
use crate::app::layer::{Cx, Layer, Outcome};

/// Every notice, the latest at the bottom.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// How far up it is scrolled, in notices.
    pub scroll: usize,
}

impl Layer for Messages {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Messages]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            let most = cx.session.messages.all().len().saturating_sub(1);
            self.scroll = self.scroll.saturating_add_signed(by.saturating_neg()).min(most);
            return Outcome::stay();
        }
        match action {
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }
}
