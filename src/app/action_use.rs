//! How often and how lately actions were found by name, from one run to the next.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::action::Action;

/// How much of what an action weighs is left when another one is used.
const KEPT: f64 = 0.9;
/// Below this it is forgotten.
const LEAST: f64 = 0.001;

/// What the actions weigh that were used, by their names: each use weighs 1, and less with every later one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionUse(HashMap<String, f64>);

impl ActionUse {
    /// An action is used.
    pub(crate) fn add(&mut self, action: Action) {
        let Some(info) = action.info() else { return };
        self.0.values_mut().for_each(|weight| *weight *= KEPT);
        *self.0.entry(info.name.to_owned()).or_default() += 1.0;
        self.0.retain(|_, weight| *weight >= LEAST);
    }

    /// What an action weighs.
    #[must_use]
    pub(crate) fn weight(&self, action: Action) -> f64 {
        let weight = action.info().and_then(|info| self.0.get(info.name)).copied().unwrap_or_default();
        // A file may say anything.
        if weight.is_finite() { weight } else { 0.0 }
    }
}
