//! CPU of the web process for each frame of the canvas: stable on a loaded machine, where frames a second are not.

use crate::{Failure, figure::Figures, process};
use awm_e2e::{Desktop, Display, Page};
use std::time::Duration;

const ROUNDS: usize = 3;
const FRAMES: usize = 120;

/// Pans, zooms and drags at two sizes.
pub(crate) async fn measure() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let desktop = Desktop::start(&display, home.path(), &[]).await?;
    let page = desktop.page();
    for nodes in [1_000, 5_000] {
        page.go(&format!("/preview/canvas?nodes={nodes}")).await?;
        page.wait_for("[data-testid=canvas]").await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        // All of it is shown at first: the far view.
        for (what, step) in [("still", STILL), ("pan", PAN), ("zoom", ZOOM)] {
            report(page, &format!("{nodes} nodes, far, {what}"), step).await?;
        }
        page.click("[data-testid=zoom-fit]").await?;
        page.click("[data-testid=zoom-percent]").await?;
        page.wait_for("[data-node]").await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mounted = page
            .eval("document.querySelectorAll('[data-node]').length")
            .await?;
        println!(
            "  {:48} {mounted:>12}",
            format!("{nodes} nodes, mounted at 100 %")
        );
        for (what, step) in [
            ("still", STILL),
            ("pan", PAN),
            ("zoom", ZOOM),
            ("drag one node", DRAG),
        ] {
            report(page, &format!("{nodes} nodes, 100 %, {what}"), step).await?;
        }
    }
    desktop.close().await
}

async fn report(page: &Page, what: &str, step: &str) -> Result<(), Failure> {
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        figures.push(frame_ms(page, step).await?);
    }
    figures.report(what, "ms/frame");
    Ok(())
}

/// The floor: frames are asked for, and nothing moves.
const STILL: &str = "() => {}";
const PAN: &str = "(i) => target.dispatchEvent(new WheelEvent('wheel', {bubbles: true, cancelable: true, clientX: 700, clientY: 450, deltaX: 24, deltaY: i % 2 ? 16 : 8}))";
const ZOOM: &str = "(i) => target.dispatchEvent(new WheelEvent('wheel', {bubbles: true, cancelable: true, ctrlKey: true, clientX: 700, clientY: 450, deltaY: i % 40 < 20 ? 6 : -6}))";
const DRAG: &str = "(i) => { const send = (type, x, y) => (type === 'pointerdown' ? node : window.document.elementFromPoint(x, y) ?? node).dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, button: 0, buttons: type === 'pointerup' ? 0 : 1, clientX: x, clientY: y})); if (i === 0) send('pointerdown', at.x, at.y); send('pointermove', at.x + i, at.y + i / 2); if (i === frames - 1) send('pointerup', at.x + i, at.y + i / 2); }";

/// CPU milliseconds of the web process for each frame, while `step` is called once a frame.
async fn frame_ms(page: &Page, step: &str) -> Result<f64, Failure> {
    let web = web_process()?;
    let before = process::cpu_seconds(web)?;
    page.eval(&format!(
        "(() => {{ const frames = {FRAMES}; const target = document.querySelector('[data-testid=canvas]'); \
         const node = [...document.querySelectorAll('[data-node]')].find((e) => {{ const r = e.getBoundingClientRect(); return r.x > 400 && r.y > 200 && r.right < 1200 && r.bottom < 700; }}) ?? target; \
         const r = node.getBoundingClientRect(); const at = {{x: r.x + r.width / 2, y: r.y + 10}}; const step = {step}; \
         window.__frames = 0; const tick = () => {{ step(window.__frames); if (++window.__frames < frames) requestAnimationFrame(tick); }}; requestAnimationFrame(tick); return true; }})()"
    ))
    .await?;
    page.until_within(
        &format!("window.__frames >= {FRAMES}"),
        Duration::from_secs(120),
    )
    .await?;
    let after = process::cpu_seconds(web)?;
    Ok((after - before) * 1000.0 / FRAMES as f64)
}

/// The newest web process of WebKit: the one of the window that was opened last.
fn web_process() -> Result<u32, Failure> {
    process::find(&["WebKitWebProcess"])
        .into_iter()
        .max()
        .ok_or_else(|| "no web process runs".into())
}
