//! From the start of the process to the first paint of its page.

use crate::{Failure, figure::Figures, process};
use awm_e2e::{Desktop, Display};

const ROUNDS: usize = 5;

/// Starts the application on a new and on a used workspace.
pub(crate) async fn measure() -> Result<(), Failure> {
    let display = Display::start(1680, 1050)?;
    let home = tempfile::tempdir()?;
    let mut paint = Figures::default();
    let mut usable = Figures::default();
    for _ in 0..ROUNDS {
        let desktop = Desktop::start(&display, home.path(), &[]).await?;
        let pid = *process::find(&["ai-workflow-manager", &home.path().display().to_string()])
            .first()
            .ok_or("the application does not run")?;
        let began = process::began_ms(pid)?;
        let page = desktop.page();
        let number = |value: serde_json::Value| {
            value
                .as_f64()
                .ok_or("the page does not tell when it was painted")
        };
        let first = number(
            page.eval("performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime").await?,
        )?;
        paint.push(first - began);
        let list = number(page.eval("performance.timeOrigin + (performance.getEntriesByName('awm-ready')[0]?.startTime ?? NaN)").await?);
        if let Ok(list) = list {
            usable.push(list - began);
        }
        desktop.close().await?;
    }
    paint.report("process start to first paint", "ms");
    if usable.spread().1.is_finite() {
        usable.report("process start to the workflow list", "ms");
    }
    Ok(())
}
