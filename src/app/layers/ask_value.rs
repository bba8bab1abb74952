//! Which layer asks for the value that an operator needs.

use super::value_entry::ValueEntry;
use super::values::Values;
use crate::app::command::Command;
use crate::app::layer::{Cx, Outcome};
use crate::app::prompt::Prompt;
use crate::segment::{Arity, DataType, Operator};

/// Opens the picker or the fields for a value; where there is nothing to be asked, the test is complete.
pub(super) fn ask_value(prompt: Prompt, cx: &mut Cx<'_>) -> Outcome {
    let is_picked = match prompt.op.arity() {
        Arity::None => {
            let test = prompt.unchanged_test(None);
            return Outcome::ask(Command::SetTest(Box::new(prompt), test));
        }
        Arity::Many => true,
        Arity::One => matches!(prompt.op, Operator::IsExactly | Operator::IsNotExactly),
        Arity::Two => false,
    };
    if is_picked || prompt.data_type != DataType::String {
        let effect = cx.view().count_values(&prompt);
        cx.session.effects.extend(effect);
    }
    match is_picked {
        true => Outcome::open(Values::new(prompt)),
        false => Outcome::open(ValueEntry::new(prompt)),
    }
}
