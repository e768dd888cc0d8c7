//! The main job, as a person does it: draw a workflow, give it documents, run it, ask, and lose nothing to a crash.

use awm_e2e::{Desktop, Display, Failure, checkout, drop_files, pictures};
use serde_json::Value;
use std::path::Path;

#[tokio::test]
async fn a_workflow_answers_from_a_document() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();

    // A template, changed by pointer gestures.
    page.click("[data-testid=template-card-document-question-answering]")
        .await?;
    page.wait_for("[data-testid=canvas]").await?;
    page.wait_for("[data-testid='node-Find passages']").await?;
    let before = place_of(page, "Find passages").await?;
    page.drag(
        "[data-testid='node-Find passages']",
        (before.0 + 180, before.1 + 60),
    )
    .await?;
    let after = place_of(page, "Find passages").await?;
    assert!(
        after.0 > before.0 + 60,
        "the node followed the pointer: {before:?} to {after:?}"
    );

    let nodes = count(page, NODES).await?;
    page.drag(
        "[data-testid='palette-item-pass']",
        (after.0, after.1 + 220),
    )
    .await?;
    page.until(&format!(
        "document.querySelectorAll({NODES:?}).length === {}",
        nodes + 1
    ))
    .await?;
    page.picture(&pictures().join("main-job/1-drawn.png"))
        .await?;
    // One step back: the state that was dropped in is gone, the moved one stays.
    page.chord('\u{E009}', 'z').await?;
    page.until(&format!(
        "document.querySelectorAll({NODES:?}).length === {nodes}"
    ))
    .await?;

    // A folder of real documents, dropped from another program.
    page.click("[data-testid=nav-knowledge]").await?;
    page.click("[data-testid='source-Document question answering']")
        .await?;
    page.wait_for("[data-testid=knowledge-drop]").await?;
    let documents = checkout().join("tests/fixtures/documents");
    drop_files(page, &[&documents], "[data-testid=knowledge-drop]").await?;
    for name in fixture_names(&documents)? {
        page.until(&format!(
            "[...document.querySelectorAll('[data-testid=document-row]')].some((row) => row.innerText.includes({name:?}) && /indexed/i.test(row.innerText))"
        ))
        .await?;
    }
    page.picture(&pictures().join("main-job/2-taken-in.png"))
        .await?;

    // A run from the editor.
    page.click("[data-testid=nav-workflows]").await?;
    page.click("[data-testid=workflow-row]").await?;
    page.wait_for("[data-testid='node-Find passages']").await?;
    page.click("[data-testid=editor-run]").await?;
    page.until(
        "/succeeded/i.test(document.querySelector('[data-testid=run-status]')?.innerText ?? '')",
    )
    .await?;
    page.picture(&pictures().join("main-job/3-run.png")).await?;

    // A question; the answer cites the passage, and the citation opens it.
    page.click("[data-testid=nav-chat]").await?;
    page.wait_for("[data-testid=chat-input]").await?;
    page.fill("[data-testid=chat-input]", QUESTION).await?;
    page.click("[data-testid=chat-send]").await?;
    page.until(&format!(
        "document.querySelector('[data-testid=chat-answer]')?.innerText.includes({ANSWER:?})"
    ))
    .await?;
    page.picture(&pictures().join("main-job/4-answer.png"))
        .await?;
    page.click("[data-testid=citation]").await?;
    page.until(&format!("[...document.querySelectorAll('[data-testid=passage-mark], mark')].map((mark) => mark.innerText).join('').includes({ANSWER:?})")).await?;
    page.picture(&pictures().join("main-job/5-passage.png"))
        .await?;
    desktop.close().await
}

#[tokio::test]
async fn a_crash_in_a_run_loses_nothing() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let file = home.path().join("waits.asl.json");
    std::fs::write(&file, WAITS)?;
    let documents = checkout().join("tests/fixtures/documents");

    // A file that the system asks to open becomes a workflow.
    let desktop = Desktop::start(&display, home.path(), &[&file.display().to_string()]).await?;
    let page = desktop.page();
    page.wait_for("[data-testid='node-Wait an hour']").await?;
    page.click("[data-testid=nav-knowledge]").await?;
    page.wait_for("[data-testid=knowledge-drop]").await?;
    drop_files(page, &[&documents], "[data-testid=knowledge-drop]").await?;
    page.until("[...document.querySelectorAll('[data-testid=document-row]')].some((row) => /indexed/i.test(row.innerText))").await?;
    page.click("[data-testid=nav-workflows]").await?;
    page.click("[data-testid=workflow-row]").await?;
    page.click("[data-testid=editor-run]").await?;
    if page
        .eval("!!document.querySelector('[data-testid=run-input-submit]')")
        .await?
        == Value::Bool(true)
    {
        page.click("[data-testid=run-input-submit]").await?;
    }
    page.until(
        "/running/i.test(document.querySelector('[data-testid=run-status]')?.innerText ?? '')",
    )
    .await?;
    desktop.kill().await?;

    let desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();
    page.click("[data-testid=nav-runs]").await?;
    page.until("/aborted/i.test(document.querySelector('[data-testid=run-row]')?.innerText ?? '')")
        .await?;
    page.click("[data-testid=run-row]").await?;
    page.wait_for("[data-testid='node-Wait an hour']").await?;
    page.until(
        "/aborted/i.test(document.querySelector('[data-testid=run-status]')?.innerText ?? '')",
    )
    .await?;
    page.picture(&pictures().join("main-job/6-after-a-crash.png"))
        .await?;
    page.click("[data-testid=nav-knowledge]").await?;
    page.until("[...document.querySelectorAll('[data-testid=document-row]')].some((row) => /indexed/i.test(row.innerText))").await?;
    desktop.close().await
}

/// The states on the canvas.
const NODES: &str = "[data-testid=canvas] [aria-roledescription=node]";

const QUESTION: &str = "How many weeks of parental leave do employees get?";
const ANSWER: &str = "20 weeks of fully paid leave";

const WAITS: &str = r#"{
  "StartAt": "Prepare",
  "States": {
    "Prepare": { "Type": "Pass", "Result": { "ready": true }, "Next": "Wait an hour" },
    "Wait an hour": { "Type": "Wait", "Seconds": 3600, "End": true }
  }
}
"#;

async fn place_of(page: &awm_e2e::Page, name: &str) -> Result<(i64, i64), Failure> {
    page.middle(&format!("[data-testid='node-{name}']")).await
}

async fn count(page: &awm_e2e::Page, css: &str) -> Result<i64, Failure> {
    let found = page
        .eval(&format!("document.querySelectorAll({css:?}).length"))
        .await?;
    found.as_i64().ok_or_else(|| "a number of elements".into())
}

fn fixture_names(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| {
            [".pdf", ".docx", ".html"]
                .iter()
                .any(|ending| name.ends_with(ending))
        })
        .collect();
    names.sort();
    assert!(
        names.len() >= 3,
        "a PDF, a DOCX and an HTML page are there: {names:?}"
    );
    Ok(names)
}
