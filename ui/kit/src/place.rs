//! How far a list was scrolled at an address, so that Back brings the same rows.

use std::{cell::RefCell, collections::HashMap};

thread_local! {
    static PLACES: RefCell<HashMap<String, f64>> = RefCell::default();
}

fn key(list: &str) -> String {
    let address = web_sys::window().and_then(|window| window.location().href().ok());
    format!("{list} {}", address.unwrap_or_default())
}

/// Keeps how far `list` is scrolled at the present address, pixels.
pub(crate) fn keep(list: &str, top: f64) {
    PLACES.with_borrow_mut(|places| places.insert(key(list), top));
}

/// How far `list` was scrolled at the present address.
pub(crate) fn kept(list: &str) -> Option<f64> {
    PLACES.with_borrow(|places| places.get(&key(list)).copied())
}
