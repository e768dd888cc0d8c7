//! The rule of levels: the path tells the level, and an edge goes downwards.

/// A crate of the workspace as the rule sees it.
#[derive(Clone, Debug)]
pub struct Crate {
    /// The package's name.
    pub name: String,
    /// The folder below the root of the checkout, with `/`.
    pub folder: String,
    /// `package.metadata.layer.level`.
    pub level: Option<u64>,
    /// Names of workspace crates it needs to be built, not those of its tests.
    pub needs: Vec<String>,
}

/// The level that a folder stands for, as ARCHITECTURE.md has it.
pub fn level_of(folder: &str) -> Option<u64> {
    const PLACES: &[(&str, u64)] = &[
        ("cloud/domain/", 0),
        ("cloud/ports", 1),
        ("cloud/engine/", 2),
        ("cloud/adapters/", 3),
        ("src-tauri/adapters/", 3),
        ("cloud/host", 4),
        ("src-tauri/host", 4),
        ("cloud/functions/", 5),
        ("src-tauri", 5),
        ("ui", 5),
        ("tests/", 6),
    ];
    PLACES
        .iter()
        .find(|(place, _)| {
            folder.strip_prefix(place).is_some_and(|rest| {
                place.ends_with('/') || rest.is_empty() || rest.starts_with('/')
            })
        })
        .map(|(_, level)| *level)
}

/// Every breach of the rule, in words.
pub fn breaches(crates: &[Crate]) -> Vec<String> {
    let mut found = Vec::new();
    for from in crates {
        let Some(level) = level_of(&from.folder) else {
            found.push(format!(
                "{} lies in {}, which is no level's folder",
                from.name, from.folder
            ));
            continue;
        };
        if from.level != Some(level) {
            found.push(format!(
                "{} lies in {} (L{level}), but says {:?}",
                from.name, from.folder, from.level
            ));
        }
        for need in &from.needs {
            let Some(to) = crates.iter().find(|to| to.name == *need) else {
                continue;
            };
            let Some(below) = level_of(&to.folder) else {
                continue;
            };
            if !allowed(from, level, to, below) {
                found.push(format!(
                    "{} (L{level}) -> {} (L{below})",
                    from.name, to.name
                ));
            }
        }
    }
    found
}

fn allowed(from: &Crate, level: u64, to: &Crate, below: u64) -> bool {
    let is_screen = |one: &Crate| one.folder == "ui" || one.folder.starts_with("ui/");
    match level {
        // The domain and the engines may lean on their own kind; cargo itself keeps that free of cycles.
        0 | 2 => below <= level,
        1 => below == 0,
        // An adapter is one technology: it knows neither the engines nor its neighbours.
        3 => below <= 1,
        4 => below <= 3,
        5 if is_screen(from) => below == 0 || is_screen(to),
        // An entry point names its host, never an adapter.
        5 => below <= 2 || below == 4,
        _ => true,
    }
}
