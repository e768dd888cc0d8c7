//! Dependencies point downwards.

use awm_tidy::{
    levels::{Crate, breaches},
    source,
};

#[test]
fn no_crate_reaches_up() {
    let crates = workspace().expect("cargo knows the workspace");
    assert!(
        crates.len() > 15,
        "the workspace has its crates, found {}",
        crates.len()
    );
    assert_eq!(
        breaches(&crates),
        Vec::<String>::new(),
        "levels are those of ARCHITECTURE.md"
    );
}

#[test]
fn an_upward_edge_is_told() {
    let one = |name: &str, folder: &str, level, needs: &[&str]| Crate {
        name: name.into(),
        folder: folder.into(),
        level: Some(level),
        needs: needs.iter().map(|&need| need.into()).collect(),
    };
    let crates = [
        one("flow", "cloud/domain/flow", 0, &["ports"]),
        one("ports", "cloud/ports", 1, &[]),
        one("s3", "cloud/adapters/s3", 3, &["redis"]),
        one("redis", "cloud/adapters/redis", 3, &["ports"]),
        one("cli", "src-tauri/cli", 5, &["s3"]),
        one("screens", "ui", 5, &["flow", "kit", "ports"]),
        one("kit", "ui/kit", 4, &[]),
        one("drawer", "misc/drawer", 0, &[]),
    ];
    assert_eq!(
        breaches(&crates),
        [
            "flow (L0) -> ports (L1)",
            "s3 (L3) -> redis (L3)",
            "cli (L5) -> s3 (L3)",
            "screens (L5) -> ports (L1)",
            "kit lies in ui/kit (L5), but says Some(4)",
            "drawer lies in misc/drawer, which is no level's folder",
        ]
    );
}

fn workspace() -> Result<Vec<Crate>, cargo_metadata::Error> {
    let root = source::root();
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    Ok(metadata
        .packages
        .iter()
        .map(|package| Crate {
            name: package.name.to_string(),
            folder: package
                .manifest_path
                .parent()
                .and_then(|folder| folder.as_std_path().strip_prefix(&root).ok())
                .map(|folder| folder.to_string_lossy().replace('\\', "/"))
                .unwrap_or_default(),
            level: package
                .metadata
                .get("layer")
                .and_then(|layer| layer.get("level")?.as_u64()),
            needs: package
                .dependencies
                .iter()
                .filter(|dependency| {
                    dependency.kind != cargo_metadata::DependencyKind::Development
                        && dependency.path.is_some()
                })
                .map(|dependency| dependency.name.clone())
                .collect(),
        })
        .collect())
}
