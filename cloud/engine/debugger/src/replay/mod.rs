//! Recorded histories: read, told apart by visits, done again, forked.

mod compare;
mod follow;
mod fork;
mod free;
mod recording;
mod visits;

pub use compare::{Difference, What};
pub use follow::{Replay, Replayed, replay};
pub use fork::{Fork, ForkRefused, Forked, fork};
pub use free::Stand;
pub use recording::{Recorded, Recording, RecordingError};
pub use visits::{PastVisit, Visits};
