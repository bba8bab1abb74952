//! Documents of any kind: nothing is lost, nothing is repaired in silence, and whatever is wrong is told with
//! its place and, where it is nearly right, with what was meant.

mod any;
mod diff;
mod disk;
mod headless;
mod round_trip;
mod strategy;
mod wrong;

use proptest::test_runner::{Config, RngSeed, TestRunner};

/// The same cases on every machine.
fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(11),
        ..Config::default()
    })
}
