//! Docs are true: every ```sh block of the documents is run, on a workspace of its own.
#![cfg(test)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

#[test]
fn documented_commands_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies in the checkout");
    let mut run = 0;
    for document in ["README.md", "src-tauri/cli/README.md"] {
        let text = std::fs::read_to_string(root.join(document)).expect("the document is there");
        let home = tempfile::tempdir().expect("a folder");
        for block in blocks(&text) {
            check(root, document, &block, home.path());
            run += 1;
        }
    }
    assert!(run > 0, "the documents hold commands");
}

#[test]
fn blocks_are_found() {
    let text = "a\n```sh\nawm one\nawm two\n```\nb\n```console\n$ not this\n```\n";
    assert_eq!(blocks(text), ["awm one\nawm two\n"]);
}

fn check(root: &Path, document: &str, block: &str, home: &Path) {
    let awm = PathBuf::from(env!("CARGO_BIN_EXE_awm"));
    let mut path = vec![
        awm.parent()
            .expect("a program lies in a folder")
            .to_path_buf(),
    ];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let output = Command::new("sh")
        .args(["-e", "-c", block])
        .current_dir(root)
        .env(
            "PATH",
            std::env::join_paths(path).expect("folders make a path"),
        )
        .env("AWM_HOME", home)
        .output()
        .expect("a shell runs");
    assert!(
        output.status.success(),
        "{document}: {block}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The contents of the ```sh blocks.
fn blocks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match (&mut open, line.trim()) {
            (None, "```sh") => open = Some(String::new()),
            (Some(_), "```") => found.extend(open.take()),
            (Some(block), _) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}
