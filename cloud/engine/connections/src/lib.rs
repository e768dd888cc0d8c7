#![doc = include_str!("../README.md")]

mod book;
mod caller;
mod error;
mod guarded_models;
mod keyed_settings;
mod sign;

pub use book::secret_name;
pub use caller::{Answered, Caller, CallerParts, Outcome};
pub use error::CallError;
pub use guarded_models::GuardedModels;
pub use keyed_settings::{KeyedSettings, model_key_name};
