#![doc = include_str!("../README.md")]

mod disk;
mod file;
mod keychain;
mod legacy;
mod seal;

pub use file::{FileKey, SecretFile};
pub use keychain::Keychain;
pub use legacy::LegacyKey;
