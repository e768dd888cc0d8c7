//! Machines on a virtual clock: nothing here sleeps.

#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod world;
