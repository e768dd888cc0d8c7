#![doc = include_str!("../README.md")]

mod case;
mod check;
mod coverage;
mod faults;
mod junit;
mod mocked;
mod record;
mod report;
mod simulate;
mod suite;
mod workflow;

pub use coverage::{Coverage, Part, Place, Shortfall};
pub use faults::fault_failure;
pub use junit::junit;
pub use mocked::MockedTasks;
pub use record::{NotRecorded, record};
pub use report::{CaseReport, Failed, SuiteReport};
pub use simulate::{Call, Simulated, Simulation, simulate};
pub use suite::run_suite;
pub use workflow::{Unreadable, Workflow};
