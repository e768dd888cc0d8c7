//! One step of work: a command that says what it does, shows that it lives, and keeps its output.

use crate::cache;
use std::{
    fs::File,
    io::{BufRead, BufReader, IsTerminal, Read, Write},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

/// What a failed step says: a sentence, and the end of what the command printed.
pub(crate) type Failure = String;

/// What a step printed.
pub(crate) struct Output {
    /// Standard output and error, as they came.
    pub(crate) text: String,
    /// Whether the command ended well.
    pub(crate) ok: bool,
}

/// Says what is being done.
pub(crate) fn say(what: &str) {
    println!("▸ {what}");
    let _ = std::io::stdout().flush();
}

/// Runs the command, or tells why it could not be run to a good end.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<Output, Failure> {
    let output = watch(what, command)?;
    if output.ok {
        Ok(output)
    } else {
        Err(format!("{what}: failed\n{}", tail(&output.text, 60)))
    }
}

/// Runs the command and hands back what it printed, failed or not. `echo` lines are shown as they come.
pub(crate) fn watch(what: &str, command: &mut Command) -> Result<Output, Failure> {
    watch_lines(what, command, |_| false)
}

/// Like [`watch`]; lines that `show` picks are shown as they come.
pub(crate) fn watch_lines(
    what: &str,
    command: &mut Command,
    show: impl Fn(&str) -> bool,
) -> Result<Output, Failure> {
    say(what);
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!(
                "{what}: `{}` can't be started: {error}",
                command.get_program().to_string_lossy()
            )
        })?;

    let (sender, lines) = mpsc::channel();
    read_lines(child.stdout.take(), sender.clone());
    read_lines(child.stderr.take(), sender);

    let mut log = open_log(what);
    let mut text = String::new();
    let mut last = String::new();
    let mut shown_at = Instant::now();
    let terminal = std::io::stdout().is_terminal();
    loop {
        match lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                if let Some(log) = log.as_mut() {
                    let _ = writeln!(log, "{line}");
                }
                if show(&line) {
                    println!("  {line}");
                }
                text.push_str(&line);
                text.push('\n');
                if !line.trim().is_empty() {
                    last = line;
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        let pause = Duration::from_secs(if terminal { 1 } else { 20 });
        if shown_at.elapsed() >= pause {
            shown_at = Instant::now();
            let sign: String = last.trim().chars().take(90).collect();
            if terminal {
                print!("\r\x1b[2K  {} {sign}", clock(began.elapsed()));
            } else {
                println!("  {} {sign}", clock(began.elapsed()));
            }
            let _ = std::io::stdout().flush();
        }
    }
    let status = child.wait().map_err(|error| format!("{what}: {error}"))?;
    let took = began.elapsed();
    if terminal {
        print!("\r\x1b[2K");
    }
    println!(
        "  {} in {}",
        if status.success() { "done" } else { "failed" },
        clock(took)
    );
    Ok(Output {
        text,
        ok: status.success(),
    })
}

/// Whether a program can be found and answers to `argument`.
pub(crate) fn answers(program: impl AsRef<std::ffi::OsStr>, argument: &str) -> Option<String> {
    let output = Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A cargo command in the checkout, with its output in the cache folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(arguments)
        .current_dir(cache::checkout())
        .env("CARGO_TARGET_DIR", cache::target())
        .env("AWM_COMPONENTS", cache::components())
        .env("AWM_UI", cache::screens())
        .env("CARGO_TERM_COLOR", "never");
    // Cargo hands these to its children; a nested cargo would take them for its own.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
        "RUSTUP_TOOLCHAIN_SOURCE",
    ] {
        command.env_remove(name);
    }
    command
}

/// The last lines of a text.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all.get(all.len().saturating_sub(lines)..)
        .unwrap_or_default()
        .join("\n")
}

/// `m:ss`.
pub(crate) fn clock(duration: Duration) -> String {
    format!("{}:{:02}", duration.as_secs() / 60, duration.as_secs() % 60)
}

fn read_lines(stream: Option<impl Read + Send + 'static>, sender: mpsc::Sender<String>) {
    let Some(stream) = stream else { return };
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while let Ok(read @ 1..) = reader.read_until(b'\n', &mut line) {
            debug_assert!(read > 0, "the pattern leaves no zero");
            let text = String::from_utf8_lossy(&line)
                .trim_end_matches(['\n', '\r'])
                .to_owned();
            if sender.send(text).is_err() {
                break;
            }
            line.clear();
        }
    });
}

fn open_log(what: &str) -> Option<File> {
    let name: String = what
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    std::fs::create_dir_all(cache::logs()).ok()?;
    File::create(cache::logs().join(Path::new(&format!("{}.log", name.trim_matches('-'))))).ok()
}
