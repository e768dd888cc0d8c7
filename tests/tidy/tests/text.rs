//! Plain text: what no reader should have to see.

use awm_tidy::source;

#[test]
fn sources_are_tidy() {
    let mut found = Vec::new();
    for path in source::files(
        "",
        &[
            ".rs", ".toml", ".md", ".css", ".py", ".json", ".html", ".js", ".sql",
        ],
    ) {
        let text = source::text(&path);
        let name = path.display();
        // A file that holds these words as data names them in parts.
        for word in [
            concat!("/wo", "rk/"),
            concat!("/ro", "ot/"),
            concat!("todo", "!("),
            concat!("unimplemented", "!("),
            concat!("#[ig", "nore"),
        ] {
            if text.contains(word) {
                found.push(format!("{name}: {word}"));
            }
        }
        if path.extension().is_some_and(|ending| ending == "rs") && text.lines().count() > 600 {
            found.push(format!("{name}: over 600 lines, part it by idea"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_crate_has_a_readme() {
    for manifest in source::files("", &["Cargo.toml"]) {
        let folder = manifest.parent().expect("a manifest lies in a folder");
        let text = source::text(&folder.join("README.md"));
        assert!(
            text.starts_with("# ") || text.starts_with("<"),
            "{} has a README.md with a title",
            folder.display()
        );
    }
}

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    for path in source::files("", &[".md"]) {
        let text = source::text(&path);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty()
                || target.contains("://")
                || target.starts_with("mailto:")
                || target.contains(' ')
            {
                continue;
            }
            let folder = path.parent().expect("a file lies in a folder");
            if !source::root().join(folder).join(file).exists() {
                dead.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}
