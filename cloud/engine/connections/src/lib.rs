#![doc = include_str!("../README.md")]

mod keyed_settings;

pub use keyed_settings::{KeyedSettings, model_key_name};
