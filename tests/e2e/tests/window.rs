//! All that is done in the real window. Its module's name tells these tests from the others: `cargo xtask test` runs them by
//! themselves and one at a time, since each wants the processor for its window.
#![cfg(test)]

mod in_the_window;
