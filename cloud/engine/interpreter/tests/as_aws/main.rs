//! What was measured on AWS and is in no recording: histories, causes, and tests of single states.

mod causes;
mod histories;
mod single_states;
mod world;
