//! Files that only their owner may read, replaced whole.

use awm_ports::SecretError;
use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
};

/// The file's bytes, if it is there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, SecretError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

/// Writes a new file and moves it into place, so that a crash leaves the old or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), SecretError> {
    let draft = path.with_added_extension("new");
    let write = || -> io::Result<()> {
        // A draft that a crash left might have other permissions.
        if let Err(error) = fs::remove_file(&draft)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        // Without this the move itself may be lost when the power goes.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(|error| failed("written", path, &error))
}

/// Removes the file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), SecretError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("removed", path, &error)),
        _ => Ok(()),
    }
}

fn failed(what: &str, path: &Path, error: &io::Error) -> SecretError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => SecretError::Full,
        _ => SecretError::Unavailable(format!("`{}` can't be {what}: {error}", path.display())),
    }
}
