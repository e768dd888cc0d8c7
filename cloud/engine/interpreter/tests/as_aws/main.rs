//! What was measured on AWS and is in no recording: histories, causes, and tests of single states.

#[cfg(test)]
mod causes;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod single_states;
#[cfg(test)]
mod world;
