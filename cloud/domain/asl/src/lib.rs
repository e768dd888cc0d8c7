#![doc = include_str!("../README.md")]

mod cursor;
pub mod intrinsic;
pub mod jsonata;
pub mod path;
pub mod random;
pub mod template;
