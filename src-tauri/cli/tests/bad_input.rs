//! Bad input, as the product meets it: a clear message with a code and a way out, nothing saved is lost, nothing hangs.
#![cfg(test)]

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A workspace and the program on it, with the native parts of the set-up.
struct Workspace(tempfile::TempDir);

impl Workspace {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.plain(&["--json"]);
        command.args(arguments);
        command
    }

    /// As a person uses it, without `--json`.
    fn plain(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .arg("--home")
            .arg(self.path("home"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// The last line that the command answers with, and its exit code.
    fn awm(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.command(arguments).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        let last = text.lines().last().unwrap_or("null");
        let told = serde_json::from_str(last)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"));
        let code = output
            .status
            .code()
            .unwrap_or_else(|| panic!("{arguments:?} was killed by a signal"));
        (told, code)
    }

    fn refused(&self, arguments: &[&str], code: &str) {
        let (told, exit) = self.awm(arguments);
        let error = &told["error"];
        assert_eq!(error["code"], code, "{arguments:?}: {told}");
        assert_ne!(
            error["help"].as_str().unwrap_or_default(),
            "",
            "{arguments:?} tells a way out: {error}"
        );
        assert_ne!(exit, 0, "{arguments:?} has failed");
    }
}

fn fixture(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies in the checkout");
    root.join("tests/fixtures").join(name)
}

#[test]
fn all_problems_of_a_definition_are_told_at_once() {
    let workspace = Workspace::new();
    let check = |name: &str, text: &str, least: usize| {
        let file = workspace.write(name, text);
        let (told, exit) = workspace.awm(&["validate", &file]);
        assert_eq!(exit, 1, "{name}: {told}");
        let found = told["diagnostics"]
            .as_array()
            .unwrap_or_else(|| panic!("{name}: {told}"));
        assert!(
            found.len() >= least,
            "{name}: {least} problems at once, not {found:#?}"
        );
        for one in found {
            assert!(
                one["span"]["line"].as_u64().is_some(),
                "{name}: each has a line: {one}"
            );
        }
    };
    check(
        "commas.json",
        "{\n  \"StartAt\": \"A\",,\n  \"States\": {\n    \"A\": {\"Type\": \"Succeed\"\n  }\n",
        2,
    );
    check(
        "bad.yaml",
        "StartAt: A\nStates:\n  A:\n   Type: Pass\n  End: [1, 2\n",
        1,
    );
    check(
        "asl.json",
        "{\"StartAt\": \"Nowhere\", \"States\": {\n\"A\": {\"Type\": \"Pass\", \"Next\": \"Gone\"},\n\"B\": {\"Type\": \"Wate\"},\n\"C\": {\"Type\": \"Choice\"}}}",
        4,
    );
    // What is no definition at all is refused as a whole.
    for (name, text) in [
        ("list.json", "[1, 2, 3]"),
        ("empty.json", ""),
        ("prose.yaml", "hello there"),
    ] {
        let file = workspace.write(name, text);
        workspace.refused(&["validate", &file], "AWM-3001");
    }
}

#[test]
fn loops_and_unreachable_states_are_marked_and_kept() {
    let workspace = Workspace::new();
    let file = workspace.write(
        "loop.json",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "Far": {"Type": "Succeed"}}}"#,
    );
    let (told, _) = workspace.awm(&["validate", &file]);
    let words = told["diagnostics"].to_string();
    assert!(
        words.contains("Far"),
        "the unreachable state is named: {words}"
    );
    let (made, exit) = workspace.awm(&["workflows", "import", &file]);
    assert_eq!(
        (exit, &made["states"]),
        (0, &json!(3)),
        "it can be kept and mended: {made}"
    );
}

#[test]
fn any_name_survives() {
    let workspace = Workspace::new();
    let long = "n".repeat(10_000);
    for name in [
        "say \"hi\"",
        "two\nlines",
        "🧵 ünïcødé 漢字",
        "a/b~c",
        long.as_str(),
    ] {
        let text = format!(
            "{{ \"StartAt\": {0}, \"States\": {{ {0}: {{ \"Type\": \"Succeed\" }} }} }}",
            json!(name)
        );
        let file = workspace.write("names.asl.json", &text);
        let (_, exit) = workspace.awm(&["validate", &file]);
        assert!(exit == 0 || exit == 1, "checked, whatever is thought of it");
        let (made, exit) = workspace.awm(&["workflows", "import", &file]);
        assert_eq!(exit, 0, "{made}");
        let id = made["id"].as_str().expect("an id");
        let output = workspace
            .plain(&["workflows", "export", id])
            .output()
            .expect("the program runs");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            text,
            "byte for byte"
        );
    }
}

#[test]
fn a_huge_definition_is_refused_quickly() {
    let workspace = Workspace::new();
    let state = format!("\"Comment\": \"{}\"", "x".repeat(1_000));
    let mut text = String::from("{\"StartAt\": \"S0\", \"States\": {");
    for number in 0..50_000 {
        text.push_str(&format!(
            "\"S{number}\": {{\"Type\": \"Succeed\", {state}}},"
        ));
    }
    text.push_str("\"End\": {\"Type\": \"Succeed\"}}}");
    assert!(text.len() > 50_000_000);
    let file = workspace.write("huge.asl.json", &text);
    let began = Instant::now();
    workspace.refused(&["workflows", "import", &file], "AWM-3002");
    // No figure is held here: a minute is what a person would call hanging.
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "it took {:?}",
        began.elapsed()
    );
}

#[test]
fn a_deep_definition_is_refused_without_a_crash() {
    let workspace = Workspace::new();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let file = workspace.write("deep.json", format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {deep}, \"End\": true}}}}}}"));
    let (told, exit) = workspace.awm(&["validate", &file]);
    assert_eq!(exit, 1, "told, not crashed: {told}");
}

#[test]
fn broken_documents_have_their_reasons_and_stop_no_other() {
    let workspace = Workspace::new();
    let (told, exit) = workspace.awm(&[
        "ingest",
        &fixture("broken").display().to_string(),
        &fixture("documents").display().to_string(),
    ]);
    assert_eq!(exit, 0, "one bad file never stops the rest: {told}");
    let code = |ending: &str| {
        let failed = told["failed"].as_array().expect("a list");
        failed
            .iter()
            .find(|one| {
                one["name"]
                    .as_str()
                    .is_some_and(|name| name.ends_with(ending))
            })
            .map(|one| {
                one["failure"]["code"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
    };
    for (ending, expected) in [
        ("bomb.docx", "AWM-4005"),
        ("encrypted.docx", "AWM-4004"),
        ("encrypted.pdf", "AWM-4004"),
        ("no-pages.pdf", "AWM-4003"),
        ("picture.txt", "AWM-4006"),
        ("truncated.docx", "AWM-4003"),
    ] {
        assert_eq!(code(ending).as_deref(), Some(expected), "{ending}: {told}");
    }
    let (found, _) = workspace.awm(&["search", "parental", "leave"]);
    assert!(
        !found["hits"].as_array().expect("a list").is_empty(),
        "the good ones can be found: {found}"
    );
}

#[test]
fn a_file_that_vanishes_is_told() {
    let workspace = Workspace::new();
    let file = workspace.write("docs/gone.md", "# Gone\n\nSoon.\n");
    let kept = workspace.write("more/kept.md", "# Kept\n\nThe lighthouse is green.\n");
    let (_, exit) = workspace.awm(&["ingest", &file, "--no-wait"]);
    assert_eq!(exit, 0);
    std::fs::remove_file(&file).expect("it was there");
    let (told, _) = workspace.awm(&["ingest", &kept]);
    assert!(told.to_string().contains("AWM-4002"), "{told}");
    let (found, _) = workspace.awm(&["search", "lighthouse"]);
    assert!(
        found.to_string().contains("green"),
        "the other went on: {found}"
    );
}

#[test]
fn a_second_instance_is_told_of_the_first() {
    let workspace = Workspace::new();
    let mut first = workspace
        .command(&["serve"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut line = String::new();
    let output = first.stdout.take().expect("an output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)
        .expect("it says where it serves");
    workspace.refused(&["workflows", "list"], "AWM-1008");
    first.kill().expect("it can be killed");
    first.wait().expect("it ended");
    let (told, exit) = workspace.awm(&["workflows", "list"]);
    assert_eq!(exit, 0, "a killed instance holds nothing: {told}");
}

#[test]
fn a_store_that_cannot_be_read_is_left_as_it_is() {
    let workspace = Workspace::new();
    workspace.awm(&["workflows", "template", "parallel-and-map"]);
    let store = std::fs::read_dir(workspace.path("home"))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3")))
        .expect("a store");
    let whole = std::fs::read(&store).expect("a store");

    // `user_version` is a big-endian number at offset 60 (SQLite, "Database File Format").
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    std::fs::write(&store, &newer).expect("written");
    workspace.refused(&["workflows", "list"], "AWM-2001");
    assert_eq!(
        std::fs::read(&store).expect("a store"),
        newer,
        "nothing in it was changed"
    );

    let mut damaged = whole.clone();
    damaged[..16].copy_from_slice(b"no SQLite at all");
    std::fs::write(&store, &damaged).expect("written");
    workspace.refused(&["workflows", "list"], "AWM-2002");
    assert_eq!(
        std::fs::read(&store).expect("a store"),
        damaged,
        "nothing in it was changed"
    );

    std::fs::write(&store, &whole).expect("written");
    let (told, exit) = workspace.awm(&["workflows", "list"]);
    assert_eq!(
        (exit, told.as_array().map(Vec::len)),
        (0, Some(1)),
        "put back, it is whole: {told}"
    );
}
