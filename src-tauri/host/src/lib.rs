#![doc = include_str!("../README.md")]

mod clock;
mod desktop;
mod home;
mod ids;
mod logs;
mod options;
mod work;

pub use desktop::DesktopHost;
pub use options::{HostKind, HostOptions};
