//! What any [`Secrets`] keeps to.

use awm_ports::{Secret, SecretError, SecretName, Secrets};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store, with two tenants.
pub async fn secrets(
    store: &dyn Secrets,
    tenant: &TenantId,
    other: &TenantId,
) -> Result<(), SecretError> {
    let name = |text: &str| SecretName::new(text);
    let (key, token) = (name("connections/a/key")?, name("connections/a/token")?);
    let read = async |tenant: &TenantId, name: &SecretName| {
        let value = store.get(tenant, name).await?;
        Ok::<_, SecretError>(value.map(|value| value.expose().to_owned()))
    };

    assert_eq!(read(tenant, &key).await?, None);
    assert!(!store.delete(tenant, &key).await?, "nothing to forget");
    assert_eq!(store.list(tenant).await?, []);

    store.put(tenant, &key, &Secret::new("first")).await?;
    store
        .put(tenant, &key, &Secret::new("zweiter Wert ß 密码\n\"\\"))
        .await?;
    store.put(tenant, &token, &Secret::new("t")).await?;
    assert_eq!(
        read(tenant, &key).await?.as_deref(),
        Some("zweiter Wert ß 密码\n\"\\"),
        "the newest, byte for byte"
    );
    assert_eq!(store.list(tenant).await?, [key.clone(), token.clone()]);

    assert_eq!(
        read(other, &key).await?,
        None,
        "nothing of one tenant to another"
    );
    assert_eq!(store.list(other).await?, []);
    assert!(!store.delete(other, &key).await?);
    store.put(other, &key, &Secret::new("other's")).await?;
    assert_eq!(read(other, &key).await?.as_deref(), Some("other's"));
    assert_ne!(read(tenant, &key).await?.as_deref(), Some("other's"));
    assert!(store.delete(other, &key).await?);
    assert!(
        read(tenant, &key).await?.is_some(),
        "nor is it deleted with it"
    );

    let longest = "x".repeat(Secret::MAX_BYTES);
    store
        .put(tenant, &token, &Secret::new(longest.clone()))
        .await?;
    assert_eq!(read(tenant, &token).await?, Some(longest.clone()));
    let refused = store
        .put(tenant, &token, &Secret::new(longest.clone() + "y"))
        .await;
    assert!(
        matches!(refused, Err(SecretError::TooLarge(_))),
        "{refused:?}"
    );
    assert_eq!(read(tenant, &token).await?, Some(longest), "as it was");

    assert!(store.delete(tenant, &token).await?);
    assert!(!store.delete(tenant, &token).await?);
    assert_eq!(store.list(tenant).await?, std::slice::from_ref(&key));
    assert!(store.delete(tenant, &key).await?);
    assert_eq!(read(tenant, &key).await?, None);
    Ok(())
}
