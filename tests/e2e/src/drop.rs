//! A real drop: a file manager's drag, from another window, by the pointer of the display.

use crate::{Failure, Page};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Where on the display the file manager's stand-in appears: right of the application's window.
const SOURCE_AT: (i64, i64) = (1500, 100);

/// Drags files or folders from another program onto an element of the page.
///
/// The application's window must stand at the display's corner, so that a place in the page is one on the display.
pub async fn drop_files(page: &Page, files: &[&Path], css: &str) -> Result<(), Failure> {
    let mut source = start_source(page.display(), files)?;
    let (x, y) = page.middle(css).await?;
    let offset = page
        .eval("[window.screenX, window.screenY, window.outerHeight - window.innerHeight]")
        .await?;
    let number = |index: usize| {
        offset
            .get(index)
            .and_then(serde_json::Value::as_f64)
            .unwrap_or(0.0)
            .round() as i64
    };
    // The menu bar is part of the window and no part of the page.
    let target = (number(0) + x, number(1) + number(2) + y);
    let done = drag(page.display(), (SOURCE_AT.0 + 40, SOURCE_AT.1 + 40), target).await;
    let _ = source.kill();
    let _ = source.wait();
    done
}

fn start_source(display: &str, files: &[&Path]) -> Result<Child, Failure> {
    // The system's own Python: GTK's bindings belong to it.
    let mut source = Command::new("/usr/bin/python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("drag_source.py"))
        .args([SOURCE_AT.0.to_string(), SOURCE_AT.1.to_string()])
        .args(files)
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(
        source
            .stdout
            .take()
            .ok_or("the drag source has no output")?,
    )
    .read_line(&mut line)?;
    if line.trim() == "ready" {
        Ok(source)
    } else {
        Err(format!("the drag source says `{line}`").into())
    }
}

async fn drag(display: &str, from: (i64, i64), to: (i64, i64)) -> Result<(), Failure> {
    let pointer = |words: &[&str]| -> Result<(), Failure> {
        let status = Command::new("xdotool")
            .args(words)
            .env("DISPLAY", display)
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("xdotool {words:?}: {status}").into())
        }
    };
    let place = |(x, y): (i64, i64)| [x.to_string(), y.to_string()];
    let pause = || tokio::time::sleep(Duration::from_millis(60));
    let [x, y] = place(from);
    pointer(&["mousemove", &x, &y])?;
    pause().await;
    pointer(&["mousedown", "1"])?;
    // A toolkit takes a press for a drag only after the pointer has gone some way, and a target only after some moves over it.
    for step in 0..=20 {
        let at = |a: i64, b: i64| a + (b - a) * step / 20;
        let [x, y] = place((at(from.0, to.0), at(from.1, to.1)));
        pointer(&["mousemove", &x, &y])?;
        pause().await;
    }
    for nudge in [1, 0, 1, 0] {
        let [x, y] = place((to.0 + nudge, to.1));
        pointer(&["mousemove", &x, &y])?;
        pause().await;
    }
    pointer(&["mouseup", "1"])?;
    pause().await;
    Ok(())
}
