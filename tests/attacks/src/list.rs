//! The list of mutations: what is taken out, and which test has to notice.

use serde::Deserialize;
use std::{fs, path::Path};

/// A guard, taken out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    /// The guard in words.
    pub guard: String,
    /// The file that holds it, from the root of the checkout.
    pub file: String,
    /// The text that makes it; it occurs once in the file.
    pub from: String,
    /// What stands there without it; it still compiles.
    pub to: String,
    /// The arguments of the `cargo test` that has to fail then.
    pub test: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    mutation: Vec<Mutation>,
}

/// All lists of `tests/attacks/mutations`, each with the name of its part, by name.
pub fn mutations(root: &Path) -> Result<Vec<(String, Vec<Mutation>)>, String> {
    let folder = root.join("tests/attacks/mutations");
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut lists = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| told(&error))? {
        let path = entry.map_err(|error| told(&error))?.path();
        if path.extension().is_none_or(|kind| kind != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).map_err(|error| told(&error))?;
        let content: Content =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        lists.push((name.into_owned(), content.mutation));
    }
    lists.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(lists)
}
