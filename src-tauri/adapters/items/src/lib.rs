#![doc = include_str!("../README.md")]

use async_trait::async_trait;
use awm_ports::{ItemObject, ItemStore, StoreError};
use awm_tenancy::TenantId;
use std::{
    fs,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// One tenant's buckets, below one folder. For another tenant there are none.
#[derive(Clone, Debug)]
pub struct LocalItems {
    tenant: TenantId,
    root: PathBuf,
}

impl LocalItems {
    /// Buckets below `root`, which is made by the first write.
    pub fn new(tenant: TenantId, root: PathBuf) -> Self {
        Self { tenant, root }
    }

    fn bucket(&self, tenant: &TenantId, bucket: &str) -> Result<PathBuf, StoreError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
        let named = !bucket.is_empty() && !bucket.starts_with('.') && bucket.chars().all(plain);
        match named && *tenant == self.tenant {
            true => Ok(self.root.join(bucket)),
            false => Err(missing("bucket", bucket)),
        }
    }
}

#[async_trait]
impl ItemStore for LocalItems {
    async fn read_part(
        &self,
        tenant: &TenantId,
        bucket: &str,
        key: &str,
        from: u64,
        most: usize,
    ) -> Result<Vec<u8>, StoreError> {
        let (folder, file) = (self.bucket(tenant, bucket)?, below(key)?);
        let key = key.to_owned();
        on_thread(move || {
            let found = |error| from_io(error, "object", &key);
            let path = fs::canonicalize(folder.join(file)).map_err(found)?;
            // A link in a bucket must not lead out of it.
            if !path.starts_with(fs::canonicalize(&folder).map_err(found)?) {
                return Err(missing("object", &key));
            }
            let mut file = fs::File::open(path).map_err(found)?;
            file.seek(io::SeekFrom::Start(from)).map_err(found)?;
            let mut bytes = Vec::new();
            file.take(most as u64)
                .read_to_end(&mut bytes)
                .map_err(found)?;
            Ok(bytes)
        })
        .await
    }

    async fn write(
        &self,
        tenant: &TenantId,
        bucket: &str,
        key: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let path = self.bucket(tenant, bucket)?.join(below(key)?);
        let (key, bytes) = (key.to_owned(), bytes.to_vec());
        on_thread(move || {
            let failed = |error| from_io(error, "object", &key);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let mut draft = path.clone().into_os_string();
            draft.push(".new");
            fs::write(&draft, bytes).map_err(failed)?;
            fs::rename(draft, path).map_err(failed)
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        bucket: &str,
        prefix: &str,
    ) -> Result<Vec<ItemObject>, StoreError> {
        let folder = self.bucket(tenant, bucket)?;
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        on_thread(move || {
            let mut found = Vec::new();
            walk(&folder, String::new(), &mut found)
                .map_err(|error| from_io(error, "bucket", &bucket))?;
            found.retain(|object| object.key.starts_with(&prefix));
            found.sort_by(|a, b| a.key.cmp(&b.key));
            Ok(found)
        })
        .await
    }
}

/// Goes through a folder with a list of its own, as deep as folders go. Links are left out.
fn walk(root: &Path, key: String, found: &mut Vec<ItemObject>) -> io::Result<()> {
    let mut waiting = vec![(root.to_path_buf(), key)];
    while let Some((folder, above)) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let key = format!("{above}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{key}/")));
            } else if kind.is_file() {
                let metadata = entry.metadata()?;
                let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
                let modified = modified.unwrap_or_default();
                found.push(ItemObject {
                    key,
                    size: metadata.len(),
                    etag: format!("\"{:x}-{:x}\"", modified.as_nanos(), metadata.len()),
                    modified_at: i64::try_from(modified.as_millis()).unwrap_or(i64::MAX),
                });
            }
        }
    }
    Ok(())
}

/// A key as a path that stays below its bucket.
fn below(key: &str) -> Result<PathBuf, StoreError> {
    let plain = |step: &str| !matches!(step, "" | "." | "..") && !step.contains(['\\', ':', '\0']);
    match key.split('/').all(plain) {
        true => Ok(key.split('/').collect()),
        false => Err(missing("object", key)),
    }
}

fn missing(what: &'static str, id: &str) -> StoreError {
    StoreError::NotFound {
        what,
        id: id.to_owned(),
    }
}

fn from_io(error: io::Error, what: &'static str, id: &str) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => missing(what, id),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Backend(Box::new(error)),
    }
}

async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(StoreError::Backend(Box::new(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read_and_listed() -> Result<(), StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let items = LocalItems::new(TenantId::local(), folder.path().to_path_buf());
        let tenant = TenantId::local();
        for key in ["b.json", "2026/a.json", "2026/10/ö.csv"] {
            items.write(&tenant, "orders", key, key.as_bytes()).await?;
            assert_eq!(
                items.read_part(&tenant, "orders", key, 0, 99).await?,
                key.as_bytes()
            );
        }
        items.write(&tenant, "orders", "b.json", b"again").await?;
        let part = items.read_part(&tenant, "orders", "2026/a.json", 5, 3);
        assert_eq!(part.await?, b"a.j");
        let keys = async |prefix| -> Result<String, StoreError> {
            let found = items.list(&tenant, "orders", prefix).await?;
            Ok(found
                .into_iter()
                .map(|o| format!("{} {}, ", o.key, o.size))
                .collect())
        };
        assert_eq!(
            keys("").await?,
            "2026/10/ö.csv 14, 2026/a.json 11, b.json 5, "
        );
        assert_eq!(keys("2026/1").await?, "2026/10/ö.csv 14, ");
        assert_eq!(keys("none").await?, "");
        Ok(())
    }

    #[tokio::test]
    async fn nothing_leads_out_of_a_bucket() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret"), "SECRET").unwrap();
        let items = LocalItems::new(TenantId::local(), folder.path().to_path_buf());
        let tenant = TenantId::local();
        items.write(&tenant, "own", "a", b"a").await.unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), folder.path().join("own/link"))
            .unwrap();
        for (bucket, key) in [
            ("own", "../../secret"),
            ("own", "../own/a"),
            ("own", "/etc/passwd"),
            ("own", "a/../../../secret"),
            ("own", "..\\..\\secret"),
            ("own", "link"),
            ("own", ""),
            ("..", "secret"),
            (".", "own/a"),
            ("own/..", "own/a"),
            ("", "own/a"),
            ("Own", "a"),
        ] {
            let read = items.read_part(&tenant, bucket, key, 0, 99).await;
            assert!(
                matches!(read, Err(StoreError::NotFound { .. })),
                "{bucket} {key}: {read:?}"
            );
            if key != "link" {
                let written = items.write(&tenant, bucket, key, b"x").await;
                assert!(written.is_err(), "{bucket} {key}");
            }
        }
        assert_eq!(fs::read(folder.path().join("secret")).unwrap(), b"SECRET");
    }
}
