//! The part of a screen's state that is kept in the address.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

/// One value of the address's query, empty when it is not there. Setting it replaces the place in the history, so that Back leaves the screen.
#[derive(Clone, Copy)]
pub(crate) struct QueryValue {
    value: Memo<String>,
    set: Callback<String>,
}

impl QueryValue {
    /// The value.
    pub(crate) fn get(self) -> String {
        self.value.get()
    }

    /// Sets it; empty takes it out of the address.
    pub(crate) fn set(self, value: impl Into<String>) {
        self.set.run(value.into());
    }

    /// As a signal, for a control.
    pub(crate) fn signal(self) -> Signal<String> {
        self.value.into()
    }

    /// As what a control tells its new value to.
    pub(crate) fn setter(self) -> Callback<String> {
        self.set
    }
}

/// The query's value under `name`.
pub(crate) fn query_value(name: &'static str) -> QueryValue {
    let query = use_query_map();
    let location = use_location();
    let navigate = use_navigate();
    let value = Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()));
    let set = Callback::new(move |value: String| {
        let mut map = query.get_untracked();
        if map.get(name).unwrap_or_default() == value {
            return;
        }
        if value.is_empty() {
            map.remove(name);
        } else {
            map.replace(name, value);
        }
        let path = location.pathname.get_untracked();
        navigate(
            &format!("{path}{}", map.to_query_string()),
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    QueryValue { value, set }
}

/// A table's order as kept in the address: `name` or `-name`, one of `columns`.
pub(crate) fn query_order(
    columns: &'static [&'static str],
) -> (Signal<Option<awm_kit::Order>>, Callback<awm_kit::Order>) {
    let value = query_value("sort");
    let order = Signal::derive(move || {
        let text = value.get();
        let name = text.strip_prefix('-').unwrap_or(&text);
        let by = columns.iter().find(|column| **column == name)?;
        Some(awm_kit::Order {
            by,
            descending: text.starts_with('-'),
        })
    });
    let set = Callback::new(move |order: awm_kit::Order| {
        value.set(format!(
            "{}{}",
            if order.descending { "-" } else { "" },
            order.by
        ))
    });
    (order, set)
}

/// Takes the whole query out of the address.
pub(crate) fn query_cleared() -> Callback<()> {
    let location = use_location();
    let navigate = use_navigate();
    Callback::new(move |()| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&location.pathname.get_untracked(), options);
    })
}
