//! Machines on a virtual clock: nothing here sleeps.

#[cfg(test)]
mod limits;
#[cfg(test)]
mod without_history;
#[cfg(test)]
mod world;
