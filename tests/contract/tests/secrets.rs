//! What keeps secrets keeps to the suite, the real Secret Service included; and so do settings whose keys lie there.
#![cfg(test)]

use awm_caller::KeyedSettings;
use awm_keychain::{FileKey, Keychain, SecretFile};
use awm_memory::{MemoryConnections, MemorySecrets};
use awm_ports::{Secret, SecretError, SecretName, Secrets, SecretsPlace, StoreError};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::{fs, path::Path, process::Command, sync::Arc};

fn tenants() -> (TenantId, TenantId) {
    let other = TenantId::of_profile("other000000000000000000000");
    (TenantId::local(), other.unwrap())
}

async fn suite(store: &dyn Secrets) {
    let (tenant, other) = tenants();
    awm_contract::secrets(store, &tenant, &other).await.unwrap();
}

fn file(folder: &Path) -> SecretFile {
    SecretFile::open(folder, FileKey::Beside).unwrap()
}

fn with_passphrase(folder: &Path, passphrase: &str) -> Result<SecretFile, SecretError> {
    SecretFile::open(folder, FileKey::Passphrase(Secret::new(passphrase)))
}

#[tokio::test]
async fn in_memory() {
    suite(&MemorySecrets::default()).await;
}

#[tokio::test]
async fn in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    suite(&file(folder.path())).await;
    suite(&with_passphrase(folder.path(), "correct horse").unwrap()).await;
}

#[tokio::test]
async fn connections() -> Result<(), StoreError> {
    let (tenant, other) = tenants();
    awm_contract::connections(&MemoryConnections::default(), &tenant, &other).await?;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db"))?;
    awm_contract::connections(&*store, &tenant, &other).await
}

#[tokio::test]
async fn settings_with_keys() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db"))?;
    let secrets = Arc::new(MemorySecrets::default());
    awm_contract::settings(&KeyedSettings::new(store, secrets)).await
}

/// A value with letters that would be found anywhere.
const PLANTED: &str = "planted-value-5d0f";

async fn plant(store: &dyn Secrets) {
    let name = SecretName::new("a").unwrap();
    let put = store.put(&tenants().0, &name, &Secret::new(PLANTED)).await;
    put.unwrap();
}

async fn told(store: &dyn Secrets) -> String {
    let name = SecretName::new("a").unwrap();
    match store.get(&tenants().0, &name).await {
        Ok(value) => format!("{:?}", value.map(|value| value.expose().to_owned())),
        Err(error) => format!("{error}").replace(std::env::temp_dir().to_str().unwrap(), ""),
    }
}

#[tokio::test]
async fn the_file_shows_nothing_and_only_its_owner_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    plant(&file(folder.path())).await;
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for part in ["planted", "value", "cGxhbnRlZ", "local0"] {
            let found = bytes.windows(part.len()).any(|w| w == part.as_bytes());
            assert!(!found, "{part} in {}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        names.push(path.file_name().unwrap().to_owned().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["secrets.enc", "secrets.key"]);
    assert_eq!(format!("{:?}", Secret::new(PLANTED)), "Secret(…)");
}

#[tokio::test]
async fn a_changed_file_or_key_is_told_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path());
    plant(&store).await;
    let (enc, key) = (
        folder.path().join("secrets.enc"),
        folder.path().join("secrets.key"),
    );
    let whole = fs::read_to_string(&enc).unwrap();
    assert!(told(&store).await.contains(PLANTED), "the control");

    let at = whole.find("sealed\":\"").unwrap() + 20;
    let other = if whole.as_bytes()[at] == b'A' {
        "B"
    } else {
        "A"
    };
    let changed = format!(
        "{}{other}{}",
        whole.get(..at).unwrap(),
        whole.get(at + 1..).unwrap()
    );
    for text in [
        changed.as_str(),
        "",
        "{}",
        whole.get(..whole.len() / 2).unwrap(),
    ] {
        fs::write(&enc, text).unwrap();
        let told = told(&store).await;
        assert!(told.contains("can't be used"), "{told}");
        let name = SecretName::new("b").unwrap();
        let put = store.put(&tenants().0, &name, &Secret::new("x")).await;
        assert!(matches!(put, Err(SecretError::Damaged(_))), "{put:?}");
        assert_eq!(fs::read_to_string(&enc).unwrap(), text, "left as it is");
    }
    fs::write(&enc, &whole).unwrap();
    let right = fs::read(&key).unwrap();
    fs::write(&key, [7; 32]).unwrap();
    assert!(told(&store).await.contains("its key is of another file"));
    fs::remove_file(&key).unwrap();
    assert!(told(&store).await.contains("it is gone"));
    fs::write(&key, right).unwrap();
    assert!(told(&store).await.contains(PLANTED), "whole again");
}

#[tokio::test]
async fn a_passphrase_locks_what_was_open() {
    let folder = tempfile::tempdir().unwrap();
    plant(&file(folder.path())).await;
    let store = with_passphrase(folder.path(), "correct horse").unwrap();
    assert!(told(&store).await.contains(PLANTED), "taken over");
    assert_eq!(store.place(), SecretsPlace::PassphraseFile);
    assert!(
        !folder.path().join("secrets.key").exists(),
        "no key lies about"
    );
    assert_eq!(
        told(&file(folder.path())).await,
        "the secrets are locked with a passphrase, and none was given"
    );
    let wrong = with_passphrase(folder.path(), "wrong").map(drop);
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "the passphrase does not open the secrets"
    );
    let again = with_passphrase(folder.path(), "correct horse").unwrap();
    assert!(told(&again).await.contains(PLANTED));
}

#[test]
fn names_are_checked() {
    for name in ["a", "models/0af", "connections/01k/client-secret", "a.b_c"] {
        assert!(SecretName::new(name).is_ok(), "{name}");
    }
    let long = "x".repeat(201);
    for name in [
        "", "/", "a//b", "a/", "../a", "a/../b", ".", "A", "a b", "a\0", "ä", "a\nb", "a*", &long,
    ] {
        assert!(SecretName::new(name).is_err(), "{name}");
    }
}

/// Set within a session that has a keychain.
const WITHIN: &str = "AWM_TEST_WITHIN_KEYCHAIN_SESSION";

/// A D-Bus session of its own with GNOME Keyring, whose files lie in a folder that goes away. Where these programs are not
/// installed, as on macOS and Windows, there is nothing to test against.
#[tokio::test]
async fn in_the_secret_service() {
    if std::env::var_os(WITHIN).is_some() {
        return within_the_session().await;
    }
    let there = |program: &str| {
        std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
        })
    };
    if !there("dbus-run-session") || !there("gnome-keyring-daemon") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    // `$0` is this program. The password goes in as the login would give it.
    let script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && \
        \"$0\" --exact in_the_secret_service --nocapture";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(WITHIN, "1")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("DISPLAY")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("kept in the keychain"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn within_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let store = Keychain::open(folder.path(), "w1").await.unwrap();
    suite(&store).await;
    plant(&store).await;
    assert_eq!(store.place(), SecretsPlace::Keychain);
    let names = fs::read_to_string(folder.path().join("secrets.names.json")).unwrap();
    assert!(
        !names.contains(PLANTED) && names.contains("\"a\""),
        "{names}"
    );

    let same = Keychain::open(folder.path(), "w1").await.unwrap();
    assert!(
        told(&same).await.contains(PLANTED),
        "another process of the workspace"
    );
    let elsewhere = Keychain::open(folder.path(), "w2").await.unwrap();
    assert_eq!(told(&elsewhere).await, "None", "another workspace");
    println!("kept in the keychain");
}

#[tokio::test]
async fn without_a_session_there_is_no_keychain() {
    if std::env::var_os(WITHIN).is_some() || !cfg!(target_os = "linux") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "no_bus_is_told", "--nocapture"])
        .env("XDG_RUNTIME_DIR", folder.path())
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("there is no session bus"), "{text}");
}

#[tokio::test]
async fn no_bus_is_told() {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR");
    let bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || runtime.is_some_and(|folder| Path::new(&folder).join("bus").exists());
    if bus || !cfg!(target_os = "linux") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let opened = Keychain::open(folder.path(), "w1").await.map(drop);
    let error = opened.unwrap_err();
    assert!(matches!(error, SecretError::Unavailable(_)), "{error:?}");
    println!("{error}");
}
