//! The system's keychain.

use crate::disk;
use async_trait::async_trait;
use awm_ports::{Secret, SecretError, SecretName, Secrets, SecretsPlace};
use awm_tenancy::TenantId;
use futures::{channel::oneshot, future};
use keyring_core::{CredentialStore, Entry, Error};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Keeps secrets in the system's keychain, and their names in `secrets.names.json`.
pub struct Keychain {
    store: Arc<CredentialStore>,
    /// Tells the workspaces of one person apart.
    workspace: String,
    names: PathBuf,
    turn: Mutex<()>,
}

/// The name under which a person finds the entries.
const SERVICE: &str = "ai-workflow-manager";
const NAMES: &str = "secrets.names.json";
/// A keychain that asks a person has this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// Whether there is one at all has to be known sooner, as the start waits for it.
const PROBE: Duration = Duration::from_secs(5);

/// Names by tenant.
type Names = BTreeMap<String, BTreeSet<String>>;

impl Keychain {
    /// Opens the keychain for the workspace in the folder; [`SecretError::Unavailable`] if the system has none, or it doesn't
    /// answer. `workspace` is an id that no other folder has.
    pub async fn open(folder: &Path, workspace: &str) -> Result<Self, SecretError> {
        // Reading what is not there tells whether the keychain answers, and asks a person nothing.
        let probe = format!("{workspace}/probe");
        let store = apart(PROBE, move || {
            let store = system_store()?;
            match store
                .build(SERVICE, &probe, None)
                .and_then(|entry| entry.get_password())
            {
                Ok(_) | Err(Error::NoEntry) => Ok(store),
                Err(error) => Err(failed(&error)),
            }
        })
        .await?;
        Ok(Self {
            store,
            workspace: workspace.to_owned(),
            names: folder.join(NAMES),
            turn: Mutex::new(()),
        })
    }

    /// Does the work with the entry on a thread of its own.
    async fn with_entry<T: Send + 'static>(
        &self,
        tenant: &TenantId,
        name: &SecretName,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<Option<T>, SecretError> {
        let user = format!("{}/{tenant}/{name}", self.workspace);
        let store = self.store.clone();
        apart(PATIENCE, move || {
            let entry = store.build(SERVICE, &user, None);
            match entry.and_then(|entry| work(&entry)) {
                Ok(value) => Ok(Some(value)),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(failed(&error)),
            }
        })
        .await
    }

    fn read_names(&self) -> Result<Names, SecretError> {
        match disk::read(&self.names)? {
            None => Ok(Names::new()),
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|_| {
                SecretError::Damaged(format!("`{}` can't be read", self.names.display()))
            }),
        }
    }

    fn change_names(&self, change: impl FnOnce(&mut Names) -> bool) -> Result<(), SecretError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names = self.read_names()?;
        if !change(&mut names) {
            return Ok(());
        }
        let bytes =
            serde_json::to_vec(&names).map_err(|error| SecretError::Damaged(error.to_string()))?;
        disk::replace(&self.names, &bytes)
    }
}

#[async_trait]
impl Secrets for Keychain {
    async fn put(
        &self,
        tenant: &TenantId,
        name: &SecretName,
        value: &Secret,
    ) -> Result<(), SecretError> {
        let length = value.expose().len();
        if length > Secret::MAX_BYTES {
            return Err(SecretError::TooLarge(length));
        }
        // The name first: one without a value isn't listed, a value without a name could never be found again.
        self.change_names(|names| {
            let names = names.entry(tenant.to_string()).or_default();
            names.insert(name.to_string())
        })?;
        let value = value.clone();
        self.with_entry(tenant, name, move |entry| {
            entry.set_password(value.expose())
        })
        .await?;
        Ok(())
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &SecretName,
    ) -> Result<Option<Secret>, SecretError> {
        self.with_entry(tenant, name, |entry| entry.get_password().map(Secret::new))
            .await
    }

    async fn delete(&self, tenant: &TenantId, name: &SecretName) -> Result<bool, SecretError> {
        let found = self
            .with_entry(tenant, name, Entry::delete_credential)
            .await?
            .is_some();
        self.change_names(|names| {
            names
                .get_mut(tenant.as_str())
                .is_some_and(|names| names.remove(name.as_str()))
        })?;
        Ok(found)
    }

    async fn list(&self, tenant: &TenantId) -> Result<Vec<SecretName>, SecretError> {
        let names = self.read_names()?.remove(tenant.as_str());
        let mut found = Vec::new();
        for name in names.into_iter().flatten() {
            let name = SecretName::new(name)?;
            // A crash, or the person in the keychain's own window, may have left a name without a value.
            if self.get(tenant, &name).await?.is_some() {
                found.push(name);
            }
        }
        Ok(found)
    }

    fn place(&self) -> SecretsPlace {
        SecretsPlace::Keychain
    }
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain")
            .field("workspace", &self.workspace)
            .finish_non_exhaustive()
    }
}

#[cfg(target_os = "linux")]
fn system_store() -> Result<Arc<CredentialStore>, SecretError> {
    // Without a session bus the client would look for one in odd places, and start one.
    let runtime = std::env::var_os("XDG_RUNTIME_DIR");
    let bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|set| !set.is_empty())
        || runtime.is_some_and(|folder| Path::new(&folder).join("bus").exists());
    if !bus {
        return Err(SecretError::Unavailable(
            "this session has no keychain: there is no session bus".into(),
        ));
    }
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| failed(&error))?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn system_store() -> Result<Arc<CredentialStore>, SecretError> {
    let store =
        apple_native_keyring_store::keychain::Store::new().map_err(|error| failed(&error))?;
    Ok(store)
}

#[cfg(windows)]
fn system_store() -> Result<Arc<CredentialStore>, SecretError> {
    let store = windows_native_keyring_store::Store::new().map_err(|error| failed(&error))?;
    Ok(store)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn system_store() -> Result<Arc<CredentialStore>, SecretError> {
    Err(SecretError::Unavailable(
        "no keychain of this system is known".into(),
    ))
}

/// Does blocking work on a thread of its own and waits for it, but not for ever. A thread that hangs is left behind: nothing
/// waits for it at the end of the process.
async fn apart<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    let (tell, told) = oneshot::channel();
    let (late, too_late) = oneshot::channel::<()>();
    let started = std::thread::Builder::new()
        .name("keychain".into())
        .spawn(move || {
            // Nobody listens any more if it took too long.
            let _ = tell.send(work());
        })
        .and_then(|_| {
            std::thread::Builder::new()
                .name("keychain-patience".into())
                .spawn(move || {
                    std::thread::park_timeout(patience);
                    drop(late);
                })
        });
    let waiting = started.map_err(|error| {
        SecretError::Unavailable(format!("the keychain can't be asked: {error}"))
    })?;
    let answer = match future::select(told, too_late).await {
        future::Either::Left((Ok(answer), _)) => answer,
        future::Either::Left((Err(_), _)) => {
            Err(SecretError::Unavailable("the keychain failed".into()))
        }
        future::Either::Right(_) => Err(SecretError::Locked(
            "the keychain does not answer; it may be waiting for its password".into(),
        )),
    };
    waiting.thread().unpark();
    answer
}

/// An error's words. Those that hold bytes of the value are not among them.
fn failed(error: &Error) -> SecretError {
    match error {
        Error::NoStorageAccess(why) => {
            SecretError::Locked(format!("the keychain is locked: {why}"))
        }
        Error::PlatformFailure(why) => {
            SecretError::Unavailable(format!("the keychain can't be used: {why}"))
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretError::Damaged("the keychain's entry is not text".into())
        }
        Error::TooLong(_, max) => {
            SecretError::Damaged(format!("the keychain takes {max} bytes at most"))
        }
        Error::Ambiguous(_) => SecretError::Damaged(
            "the keychain holds the secret twice; remove one in its own window".into(),
        ),
        _ => SecretError::Unavailable("the keychain can't be used".into()),
    }
}
