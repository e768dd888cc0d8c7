//! What an interaction costs the screen while files are taken in: from the event to the end of what it brings about, layout included.

use crate::Failure;
use awm_e2e::{Desktop, Display, Page, drop_files};
use serde_json::Value;
use std::time::Duration;

/// As many that they are read for the length of the bench.
const FILES: u64 = 10_000;
const ROUNDS: usize = 60;

/// What is done, each with the script of one interaction; `i` counts.
const INTERACTIONS: &[(&str, &str)] = &[
    (
        "go to another area",
        "document.querySelector(`[data-testid=nav-${['runs', 'knowledge', 'chat', 'knowledge'][i % 4]}]`).click()",
    ),
    (
        "type a letter into the filter",
        "(() => { const e = document.querySelector('[data-testid=document-filter]'); e.value = 'report'.slice(0, i % 7); e.dispatchEvent(new InputEvent('input', {bubbles: true})); })()",
    ),
    (
        "scroll the ledger",
        "(() => { const e = document.querySelector('[role=rowgroup]'); e.scrollTop += i % 2 ? 400 : -280; })()",
    ),
];

/// Drops the files, and goes about meanwhile.
pub(crate) async fn measure() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let made = tempfile::tempdir()?;
    awm_mixed_files::write(made.path(), 4, FILES)?;
    let desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();
    page.click("[data-testid=nav-knowledge]").await?;
    page.wait_for("[data-testid=knowledge-drop]").await?;
    let still = "nothing else going on";
    report(page, still, INTERACTIONS.get(..1).unwrap_or_default()).await?;
    let files = made.path().join("files");
    page.go("/knowledge").await?;
    drop_files(page, &[&files], "[data-testid=knowledge-drop]").await?;
    page.wait_for("[data-testid=ingest-pace]").await?;
    report(page, "files are taken in", INTERACTIONS).await?;
    let pace = "[data-testid=ingest-pace], [data-testid=ingest-vectors]";
    page.go("/knowledge").await?;
    let line = page.text(pace).await?;
    println!("  then the line says: {}", line.replace('\n', " "));
    desktop.close().await
}

async fn report(page: &Page, when: &str, interactions: &[(&str, &str)]) -> Result<(), Failure> {
    for (what, script) in interactions {
        page.go("/knowledge").await?;
        page.wait_for("[data-testid=knowledge-drop]").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        page.eval(&format!(
            "(() => {{ window.__taken = []; const step = async (i) => {{ const t = performance.now(); {script}; \
             await new Promise((next) => {{ const c = new MessageChannel(); c.port1.onmessage = next; c.port2.postMessage(0); }}); \
             document.body.getBoundingClientRect(); window.__taken.push(performance.now() - t); \
             if (i + 1 < {ROUNDS}) setTimeout(() => step(i + 1), 100); }}; step(0); return true; }})()"
        ))
        .await?;
        let all = format!("window.__taken.length >= {ROUNDS}");
        page.until_within(&all, Duration::from_secs(120)).await?;
        let taken = page.eval("window.__taken").await?;
        let mut taken: Vec<f64> = taken
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect();
        taken.sort_by(f64::total_cmp);
        let at = |part: usize| {
            taken
                .get(taken.len() * part / 100)
                .copied()
                .unwrap_or(f64::NAN)
        };
        println!(
            "  {:48} {:>6.1} ms in the middle, {:.1} at p95, {:.1} at most",
            format!("{what}, {when}"),
            at(50),
            at(95),
            taken.last().copied().unwrap_or(f64::NAN)
        );
    }
    Ok(())
}
