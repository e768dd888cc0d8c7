//! Machines on a virtual clock: nothing here sleeps.

mod concurrency;
mod retries;
mod world;
