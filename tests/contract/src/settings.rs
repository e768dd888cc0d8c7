//! What any [`SettingsStore`] keeps to.

use awm_api::settings::{Model, ModelKind, Settings, Theme};
use awm_ports::{SettingsStore, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn settings(store: &dyn SettingsStore) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    assert_eq!(store.load(&tenant).await?, Settings::default());

    let with = |base_url: &str, api_key: Option<&str>, has_key| Settings {
        theme: Theme::Dark,
        models: vec![Model {
            kind: ModelKind::OpenAiCompatible,
            base_url: base_url.into(),
            name: "small".into(),
            api_key: api_key.map(str::to_owned),
            has_key,
            ..Model::default()
        }],
        ..Settings::default()
    };
    let (here, there) = ("https://here.example/v1", "https://there.example/v1");
    for (saved, loaded, why) in [
        (
            with(here, None, true),
            with(here, None, false),
            "no key was ever given",
        ),
        (
            with(here, Some("k"), false),
            with(here, Some("k"), true),
            "a key is kept",
        ),
        (
            with(here, None, true),
            with(here, Some("k"), true),
            "and stays when none comes along",
        ),
        (
            with(there, None, true),
            with(there, None, false),
            "but isn't sent to another address",
        ),
        (
            with(here, None, true),
            with(here, None, false),
            "nor found again later",
        ),
        (
            with(here, Some("k2"), false),
            with(here, Some("k2"), true),
            "a new one",
        ),
        (
            with(here, Some(""), true),
            with(here, None, false),
            "an empty one forgets it",
        ),
    ] {
        store.save(&tenant, &saved).await?;
        assert_eq!(store.load(&tenant).await?, loaded, "{why}");
        let key = |s: &Settings| s.models.first().and_then(|m| m.api_key.clone());
        assert_eq!(key(&store.load(&tenant).await?), key(&loaded), "{why}");
    }
    store.save(&tenant, &Settings::default()).await?;
    store.save(&tenant, &with(here, None, true)).await?;
    assert_eq!(
        store.load(&tenant).await?,
        with(here, None, false),
        "gone with the model"
    );

    // Several models: a key for each address, shared by the models of one endpoint.
    let several = |keys: [Option<&str>; 3]| Settings {
        models: [("a", here), ("b", there), ("c", here)]
            .into_iter()
            .zip(keys)
            .map(|((title, base_url), key)| Model {
                title: title.into(),
                base_url: base_url.into(),
                name: "small".into(),
                api_key: key.map(str::to_owned),
                price_in: Some(0.15),
                ..Model::default()
            })
            .collect(),
        ..Settings::default()
    };
    store
        .save(&tenant, &several([Some("k1"), Some("k2"), None]))
        .await?;
    store.save(&tenant, &several([None, None, None])).await?;
    let stored = store.load(&tenant).await?;
    let keys: Vec<_> = stored.models.iter().map(|m| m.api_key.as_deref()).collect();
    assert_eq!(
        keys.get(..2),
        Some([Some("k1"), Some("k2")].as_slice()),
        "each address keeps its key"
    );
    assert_eq!(
        stored.model(Some("b")).map(|m| m.base_url.as_str()),
        Some(there)
    );
    assert_eq!(
        stored.model(None).map(Model::title),
        Some("a"),
        "the first is the default"
    );
    Ok(())
}
