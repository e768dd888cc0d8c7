//! What the editor's panels show, worked out without a browser.

pub mod code_lines;
pub mod codec;
pub mod complete;
pub mod data_flow;
pub mod diff;
pub mod fields;
pub mod reach;
pub mod rules;
pub mod run;
pub mod timeline;
pub mod tokens;
pub mod tree;
