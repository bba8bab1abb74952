//! The terminal program as a pure state machine.
