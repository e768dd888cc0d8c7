//! A folder of mixed files in the real window: dropped, watched, killed ten times, and accounted for to the last file.

use awm_e2e::{Desktop, Display, Failure, Page, drop_files, pictures};
use awm_mixed_files::{Expected, State};
use serde_json::Value;
use std::time::Duration;

const FILES: u64 = 2_000;
const KILLS: u64 = 10;
/// The whole of it, vectors included, on two busy cores.
const PATIENCE: Duration = Duration::from_secs(600);

#[tokio::test]
async fn a_folder_is_accounted_for_after_kills() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let made = tempfile::tempdir()?;
    let expected = awm_mixed_files::write(made.path(), 9, FILES)?;

    let mut desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();
    page.click("[data-testid=nav-knowledge]").await?;
    page.wait_for("[data-testid=knowledge-drop]").await?;
    let files = made.path().join("files");
    drop_files(page, &[&files], "[data-testid=knowledge-drop]").await?;
    // Rows are there while the rest is read, and the pace is told.
    page.wait_for("[data-testid=document-row]").await?;
    page.wait_for("[data-testid=ingest-pace]").await?;
    page.picture(&pictures().join("ledger/1-progress.png"))
        .await?;

    for kill in 0..KILLS {
        let before = done(page_of(&desktop)).await?;
        // Killed when some more files were read: never at the same place.
        let wanted = before + 5 + kill * 17;
        page_of(&desktop)
            .until_within(
                &format!(
                    "({DONE})() >= {wanted} || !document.querySelector('[data-testid=ingest-pace]')"
                ),
                PATIENCE,
            )
            .await?;
        desktop.kill().await?;
        desktop = Desktop::start(&display, home.path(), &[]).await?;
        page_of(&desktop)
            .click("[data-testid=nav-knowledge]")
            .await?;
        page_of(&desktop)
            .wait_for("[data-testid=document-row]")
            .await?;
    }

    let page = page_of(&desktop);
    page.until_within(
        "!document.querySelector('[data-testid=ingest-pace]') && !document.querySelector('[data-testid=ingest-vectors]')",
        PATIENCE,
    )
    .await?;
    page.picture(&pictures().join("ledger/2-done.png")).await?;
    assert_eq!(shown(page, "").await?, FILES);
    let failed = count(&expected, |file| matches!(file.state, State::Failed { .. }));
    assert_eq!(shown(page, "failed").await?, failed);
    page.picture(&pictures().join("ledger/3-failed.png"))
        .await?;
    assert_eq!(
        shown(page, "queued").await? + shown(page, "extracting").await?,
        0
    );
    let readable = count(&expected, |file| {
        !matches!(file.state, State::Failed { .. })
    });
    let rest = shown(page, "indexed").await?
        + shown(page, "no-text").await?
        + shown(page, "embedding").await?
        + shown(page, "duplicate").await?;
    assert_eq!(rest, readable);

    // Each interaction stays quick with the whole ledger in sight.
    page.go("/knowledge").await?;
    page.wait_for("[data-testid=folders-open]").await?;
    page.click("[data-testid=folders-open]").await?;
    page.wait_for("[data-testid=folder-row]").await?;
    page.picture(&pictures().join("ledger/4-folders.png"))
        .await?;
    desktop.close().await
}

fn page_of(desktop: &Desktop) -> &Page {
    desktop.page()
}

/// Files that the progress line counts as done.
const DONE: &str = "() => parseInt((document.querySelector('[data-testid=ingest-pace]')?.innerText ?? '0').replace(/,/g, ''))";

async fn done(page: &Page) -> Result<u64, Failure> {
    let done = page.eval(&format!("({DONE})()")).await?;
    Ok(done.as_u64().unwrap_or(0))
}

/// How many documents the screen tells in a state.
async fn shown(page: &Page, state: &str) -> Result<u64, Failure> {
    let query = match state {
        "" => String::new(),
        state => format!("?state={state}"),
    };
    page.go(&format!("/knowledge{query}")).await?;
    page.until("!!document.querySelector('[data-testid=document-count]')")
        .await?;
    // The list is fetched a moment after the address changed.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let words = page
        .eval("document.querySelector('[data-testid=document-count]').innerText")
        .await?;
    match words {
        Value::String(words) => words
            .split_whitespace()
            .next()
            .map(|number| number.replace(',', ""))
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| format!("`{words}` tells no number").into()),
        other => Err(format!("{other} is no text").into()),
    }
}

fn count(expected: &[Expected], of: impl Fn(&Expected) -> bool) -> u64 {
    expected.iter().filter(|file| of(file)).count() as u64
}
