//! The runner of the JSONata suite, on a small folder of the suite's form.

use std::path::Path;
use std::process::Command;

#[cfg(test)]
fn run(folder: &Path) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_awm-conformance"))
        .arg("jsonata-suite")
        .arg(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    (text, output.status.code())
}

#[test]
fn all_agree() {
    let (text, code) = run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite"));
    assert_eq!(
        text,
        "\
group                              | cases | agree
errors                             |     3 |     3
limits                             |     2 |     2
paths                              |     5 |     5
text                               |     1 |     1
all                                |    11 |    11

left out, and not counted:
  text/surrogates#0: it holds half of a surrogate pair, which is no Unicode text
"
    );
    assert_eq!(code, Some(0));
}

#[test]
fn what_differs_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let group = folder.path().join("groups/some");
    std::fs::create_dir_all(&group).unwrap();
    std::fs::create_dir_all(folder.path().join("datasets")).unwrap();
    let case = r#"{ "expr": "1 + 1", "dataset": null, "bindings": {}, "result": 3 }"#;
    std::fs::write(group.join("wrong.json"), case).unwrap();
    let (text, code) = run(folder.path());
    assert!(
        text.contains("some/wrong | 1 + 1 | expected 3, but got 2"),
        "{text}"
    );
    assert_eq!(code, Some(1));
}

#[test]
fn a_folder_that_is_no_suite_is_told() {
    let (text, code) = run(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(
        text.contains("name the folder that holds groups and datasets"),
        "{text}"
    );
    assert_eq!(code, Some(2));
}
