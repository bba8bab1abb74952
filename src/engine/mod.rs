//! Numbers: universe, conditions to sets, insights.
