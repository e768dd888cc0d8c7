//! The workspace folder, held by one process at a time.

use awm_api::{Code, UserError};
use directories::ProjectDirs;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long an instance that is ending is waited for.
const ENDING: Duration = Duration::from_secs(2);

/// The workspace folder. It is free for others when this is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    chosen: bool,
    _lock: File,
}

impl Home {
    /// Opens the folder, or makes it; `AlreadyRunning` if another process holds it.
    pub(crate) fn open(chosen: Option<PathBuf>) -> Result<Self, UserError> {
        let chosen = chosen.or_else(|| from_env("AWM_HOME"));
        let is_chosen = chosen.is_some();
        let path = match chosen {
            Some(path) => path,
            None => project_dirs()?.data_dir().to_path_buf(),
        };
        make_folder(&path).map_err(|error| from_io("can't be made", &path, &error))?;
        // Messages and stored paths shall not depend on where the program was started.
        let path = std::path::absolute(&path).unwrap_or(path);
        let lock = hold(&path)?;
        Ok(Self {
            path,
            chosen: is_chosen,
            _lock: lock,
        })
    }

    /// Whether somebody named the folder, rather than the system.
    pub(crate) fn is_chosen(&self) -> bool {
        self.chosen
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path.join("awm.db")
    }

    /// Originals of uploads.
    pub(crate) fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    /// Buckets of Map states.
    pub(crate) fn buckets(&self) -> PathBuf {
        self.path.join("buckets")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }
}

/// A folder that an environment variable names; an empty one names none.
pub(crate) fn from_env(variable: &str) -> Option<PathBuf> {
    let value = std::env::var_os(variable)?;
    (!value.is_empty()).then(|| PathBuf::from(value))
}

/// The system's folders for this application.
pub(crate) fn project_dirs() -> Result<ProjectDirs, UserError> {
    ProjectDirs::from("", "", "ai-workflow-manager").ok_or_else(|| {
        UserError::new(
            Code::Internal,
            "the system names no home folder for this user",
        )
        .help("choose a workspace folder with `--home` or `AWM_HOME`")
    })
}

/// What a failed file operation means to a person.
pub(crate) fn from_io(what: &str, path: &Path, error: &io::Error) -> UserError {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => UserError::new(
            Code::DiskFull,
            format!("`{shown}` {what}: the disk is full"),
        )
        .help("free some space and try again"),
        io::ErrorKind::NotFound => {
            UserError::new(Code::NotFound, format!("`{shown}` {what}: it is not there"))
                .help("check the path")
        }
        _ => UserError::new(Code::Internal, format!("`{shown}` {what}: {error}"))
            .help("check the permissions of the folder, or choose another one"),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // What is in it belongs to one person.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn hold(path: &Path) -> Result<File, UserError> {
    let name = path.join("awm.lock");
    let file = fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| from_io("can't be opened", &name, &error))?;
    // The system frees the lock of a process that was killed a moment after the process can't be seen any more.
    let began = Instant::now();
    let mut held = file.try_lock();
    while matches!(held, Err(TryLockError::WouldBlock)) && began.elapsed() < ENDING {
        std::thread::sleep(ENDING / 40);
        held = file.try_lock();
    }
    match held {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(UserError::new(
            Code::AlreadyRunning,
            format!("the workspace folder `{}` is in use", path.display()),
        )
        .help(
            "close the other instance of the application, or choose another folder with `--home`",
        )),
        Err(TryLockError::Error(error)) => Err(from_io("can't be locked", &name, &error)),
    }
}
