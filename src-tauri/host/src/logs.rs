//! The log: a file in the workspace folder that does not grow for ever. Document text and secrets are never logged.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};
use tracing_subscriber::EnvFilter;

const NAME: &str = "awm.log";
/// A file of this size is put aside.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Files that are kept beside the present one.
const KEPT: u32 = 4;

/// Libraries that see headers, bodies and keys: below this level they may write down what passes through them, whatever `AWM_LOG` says.
const GUARDED: &[&str] = &[
    "axum",
    "h2",
    "hyper",
    "hyper_util",
    "keyring_core",
    "reqwest",
    "rustls",
    "secret_service",
    "tower",
    "tungstenite",
    "zbus",
];

/// Logs into the folder from now on. Where another log has been started before in this process, that one goes on.
pub(crate) fn start(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let rolling = Rolling::open(folder)?;
    let mut filter = EnvFilter::try_from_env("AWM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    for outside in GUARDED {
        if let Ok(directive) = format!("{outside}=info").parse() {
            filter = filter.add_directive(directive);
        }
    }
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(rolling))
        .try_init();
    // An error says that there is one already.
    drop(started);
    Ok(())
}

/// The last lines, at most `max_bytes` of them.
pub(crate) fn tail(folder: &Path, max_bytes: u64) -> String {
    let read = || -> io::Result<String> {
        let mut file = File::open(folder.join(NAME))?;
        let start = file.metadata()?.len().saturating_sub(max_bytes);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(max_bytes).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(match text.split_once('\n') {
            // The first line is most often cut.
            Some((_, rest)) if start > 0 => rest.to_owned(),
            _ => text,
        })
    };
    read().unwrap_or_default()
}

/// A file that is put aside when it is large.
struct Rolling {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl Rolling {
    fn open(folder: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join(NAME))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            bytes: file.metadata()?.len(),
            file,
        })
    }

    fn roll(&mut self) -> io::Result<()> {
        let aside = |n: u32| self.folder.join(format!("{NAME}.{n}"));
        for n in (1..KEPT).rev() {
            // Most often there are fewer than may be kept.
            let _ = fs::rename(aside(n), aside(n + 1));
        }
        fs::rename(self.folder.join(NAME), aside(1))?;
        *self = Self::open(&self.folder)?;
        Ok(())
    }
}

impl Write for Rolling {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes >= MAX_BYTES {
            // A log that can't be put aside goes on in the same file.
            let _ = self.roll();
        }
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_put_aside_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Rolling::open(folder.path()).unwrap();
        let part = vec![b'x'; 1024 * 1024];
        for _ in 0..40 {
            log.write_all(&part).unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names.join(" "),
            "awm.log awm.log.1 awm.log.2 awm.log.3 awm.log.4"
        );
        let size: u64 = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum();
        assert!(size <= 5 * (MAX_BYTES + 1024 * 1024), "{size}");
    }

    #[test]
    fn the_tail_begins_with_a_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "first line\nsecond\nthird\n").unwrap();
        assert_eq!(tail(folder.path(), 16), "second\nthird\n");
        assert_eq!(tail(folder.path(), 999), "first line\nsecond\nthird\n");
        assert_eq!(tail(&folder.path().join("none"), 9), "");
    }
}
