//! Everything that the canvas says, in one table.

/// Read out when the canvas is entered.
pub(crate) const CANVAS: &str = "Workflow canvas";
/// How to use a node without a mouse.
pub(crate) const NODE_HELP: &str = "Arrow keys move it, Delete removes it, C connects it, F2 renames it, Tab goes to the next in running order.";
/// The label of the palette.
pub(crate) const PALETTE: &str = "States and tasks to add";
/// The placeholder of the palette's search.
pub(crate) const PALETTE_SEARCH: &str = "Add a state";
/// When the palette's search finds nothing.
pub(crate) const PALETTE_EMPTY: &str = "Nothing fits. Try a verb, such as search, answer or wait.";
/// The label of the minimap.
pub(crate) const MINIMAP: &str = "Overview; press to go there";
/// When there is nothing on the canvas.
pub(crate) const EMPTY: &str = "Drag a state here from the left, or press Enter on one.";
/// The label of the search for states.
pub(crate) const SEARCH: &str = "Find a state";

/// A node's words: name, type, what it does, how it stands.
pub(crate) fn node(name: &str, title: &str, summary: &str, status: &str, marks: &str) -> String {
    let parts = [name, title, summary, status, marks];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// An edge's words.
pub(crate) fn edge(from: &str, to: &str, label: &str) -> String {
    if label.is_empty() {
        format!("Edge from {from} to {to}")
    } else {
        format!("Edge from {from} to {to}: {label}")
    }
}

/// `1 problem`, `2 problems`.
pub(crate) fn problems(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    }
}
