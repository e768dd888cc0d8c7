//! Which of the places for secrets is used, and what moves between them.

use crate::home::Home;
use awm_api::{Code, UserError};
use awm_caller::model_key_name;
use awm_commands::secret_error;
use awm_keychain::{FileKey, Keychain, LegacyKey, SecretFile};
use awm_ports::{Ids, Secret, SecretError, Secrets};
use awm_tenancy::TenantId;
use std::{fs, path::Path, sync::Arc};

/// Opens the place that `AWM_SECRETS` names: `keychain`, `file`, or `auto`. By itself a workspace in the system's own data folder
/// uses the keychain where one answers, and one in a chosen folder the encrypted file, which can be moved along with it.
pub(crate) async fn open(
    home: &Home,
    tenant: &TenantId,
    ids: &dyn Ids,
) -> Result<Arc<dyn Secrets>, UserError> {
    let wanted = std::env::var("AWM_SECRETS").unwrap_or_default();
    let folder = home.path();
    let secrets: Arc<dyn Secrets> = match wanted.as_str() {
        "keychain" => Arc::new(keychain(folder, ids).await?),
        "file" => Arc::new(file(folder)?),
        "" | "auto" if home.is_chosen() => Arc::new(file(folder)?),
        "" | "auto" => match keychain(folder, ids).await {
            Ok(keychain) => Arc::new(keychain),
            Err(error) => {
                tracing::info!(%error, "secrets are kept in an encrypted file");
                Arc::new(file(folder)?)
            }
        },
        other => {
            return Err(UserError::new(
                Code::BadRequest,
                format!("`AWM_SECRETS` is `{other}`, which is no place for secrets"),
            )
            .help("set it to `auto`, `keychain` or `file`"));
        }
    };
    take_over(folder, &*secrets, tenant)
        .await
        .map_err(secret_error)?;
    Ok(secrets)
}

async fn keychain(folder: &Path, ids: &dyn Ids) -> Result<Keychain, UserError> {
    let workspace = workspace_id(folder, ids)?;
    Keychain::open(folder, &workspace)
        .await
        .map_err(secret_error)
}

/// Tells workspaces of one person apart within the keychain.
fn workspace_id(folder: &Path, ids: &dyn Ids) -> Result<String, UserError> {
    let path = folder.join("workspace.id");
    let failed = |error| crate::home::from_io("can't be used", &path, &error);
    match fs::read_to_string(&path) {
        Ok(id) if !id.trim().is_empty() => Ok(id.trim().to_owned()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        _ => {
            let id = ids.next();
            fs::write(&path, &id).map_err(failed)?;
            Ok(id)
        }
    }
}

fn file(folder: &Path) -> Result<SecretFile, UserError> {
    let passphrase = std::env::var("AWM_SECRETS_PASSPHRASE").unwrap_or_default();
    let key = match passphrase.is_empty() {
        true => FileKey::Beside,
        false => FileKey::Passphrase(Secret::new(passphrase)),
    };
    SecretFile::open(folder, key).map_err(secret_error)
}

/// Moves the key that versions before kept as text.
async fn take_over(
    folder: &Path,
    secrets: &dyn Secrets,
    tenant: &TenantId,
) -> Result<(), SecretError> {
    let Some(old) = LegacyKey::read(folder)? else {
        return Ok(());
    };
    for LegacyKey { address, key } in &old {
        secrets.put(tenant, &model_key_name(address)?, key).await?;
    }
    // Only now, so that a crash in between loses nothing.
    LegacyKey::forget(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_old_files_key_moves_once() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("secrets.json");
        let text = r#"{"version": 1, "tenants": {"local0000000000000000000000":
            {"model_address": "https://a.example", "model_key": "sk-1"}}}"#;
        fs::write(&old, text).unwrap();
        let secrets = SecretFile::open(folder.path(), FileKey::Beside).unwrap();
        let tenant = TenantId::local();
        take_over(folder.path(), &secrets, &tenant).await.unwrap();
        let name = model_key_name("https://a.example").unwrap();
        let moved = secrets.get(&tenant, &name).await.unwrap();
        assert_eq!(moved.unwrap().expose(), "sk-1");
        assert!(!old.exists());

        fs::write(&old, "something else").unwrap();
        take_over(folder.path(), &secrets, &tenant).await.unwrap();
        assert!(old.exists(), "what isn't understood is left alone");
    }
}
