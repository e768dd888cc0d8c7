//! Filters, tags and neighbours.

use super::{absent, found, passage, query};
use awm_api::knowledge::SearchFilter;
use awm_ports::{Library, NewDocument, NewPassage, SearchQuery, StoreError};
use awm_tenancy::TenantId;

/// Two tenants with the same words; what one tags and finds is nothing to the other.
pub(super) async fn filters(store: &dyn Library) -> Result<(), StoreError> {
    let (own, other) = (TenantId::local(), another()?);
    for (tenant, source) in [(&own, "f1"), (&own, "f2"), (&other, "f1")] {
        store
            .create_source(tenant, source, &format!("Filter {source}"), 200)
            .await?;
    }
    for (tenant, id, source, name, at) in [
        (&own, "fa", "f1", "hr/leave.md", 1_000),
        (&own, "fb", "f1", "hr/pay.txt", 2_000),
        (&own, "fc", "f2", "it/leave.md", 3_000),
        (&other, "fx", "f1", "hr/leave.md", 1_000),
    ] {
        put(store, tenant, id, source, name, at).await?;
    }
    assert_eq!(
        store
            .put_tags(&own, "fa", vec!["rule".into(), "hr".into()])
            .await?,
        ["hr", "rule"]
    );
    store.put_tags(&own, "fc", vec!["rule".into()]).await?;
    assert!(matches!(
        store.put_tags(&other, "fa", vec!["x".into()]).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(
        store.tags(&other, None).await?.is_empty(),
        "tags of another tenant"
    );
    let tags = store.tags(&own, None).await?;
    let told: Vec<(&str, u64)> = tags.iter().map(|t| (t.tag.as_str(), t.documents)).collect();
    assert_eq!(told, [("hr", 1), ("rule", 2)]);
    assert_eq!(store.tags(&own, Some("fc")).await?.len(), 1);

    let open = SearchFilter::default();
    let strings = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    for (filter, sources, expected) in [
        (open.clone(), &[][..], &["fa-0", "fb-0", "fc-0"][..]),
        (open.clone(), &["f2"], &["fc-0"]),
        (open.clone(), &["Filter f1"], &["fa-0", "fb-0"]),
        (open.clone(), &["unknown"], &[]),
        (
            SearchFilter {
                tags: strings(&["rule"]),
                ..open.clone()
            },
            &[],
            &["fa-0", "fc-0"],
        ),
        (
            SearchFilter {
                tags: strings(&["rule", "hr"]),
                ..open.clone()
            },
            &[],
            &["fa-0"],
        ),
        (
            SearchFilter {
                tags: strings(&["none"]),
                ..open.clone()
            },
            &[],
            &[],
        ),
        (
            SearchFilter {
                from: Some(2_000),
                ..open.clone()
            },
            &[],
            &["fb-0", "fc-0"],
        ),
        (
            SearchFilter {
                to: Some(2_000),
                ..open.clone()
            },
            &[],
            &["fa-0"],
        ),
        (
            SearchFilter {
                path: Some("hr/".into()),
                ..open.clone()
            },
            &[],
            &["fa-0", "fb-0"],
        ),
        (
            SearchFilter {
                path: Some("*.md".into()),
                ..open.clone()
            },
            &["f1"],
            &["fa-0"],
        ),
        (
            SearchFilter {
                path: Some("%".into()),
                ..open.clone()
            },
            &[],
            &[],
        ),
        (
            SearchFilter {
                languages: strings(&["cjk"]),
                ..open.clone()
            },
            &[],
            &[],
        ),
        (
            SearchFilter {
                languages: strings(&["en", "cjk"]),
                ..open.clone()
            },
            &["f2"],
            &["fc-0"],
        ),
    ] {
        let asked = SearchQuery {
            sources: strings(sources),
            filter: filter.clone(),
            ..query("quokka", "en")
        };
        let mut ids = found(store, asked).await?;
        ids.sort();
        assert_eq!(ids, expected, "{filter:?} {sources:?}");
    }
    Ok(())
}

/// Passages before and after one, of the same document and tenant only.
pub(super) async fn around(store: &dyn Library) -> Result<(), StoreError> {
    let (own, other) = (TenantId::local(), another()?);
    for (id, before, after, expected) in [
        ("fa-0", 2, 2, &["fa-0", "fa-1", "fa-2"][..]),
        ("fa-1", 1, 1, &["fa-0", "fa-1", "fa-2"]),
        ("fa-2", 1, 9, &["fa-1", "fa-2"]),
        ("fa-1", 0, 0, &["fa-1"]),
    ] {
        let around = store.neighbours(&own, id, before, after).await?;
        let ids: Vec<&str> = around
            .before
            .iter()
            .chain([&around.passage])
            .chain(&around.after)
            .map(|passage| passage.id.as_str())
            .collect();
        assert_eq!(ids, expected, "{id} {before} {after}");
    }
    let foreign = store.neighbours(&other, "fa-1", 1, 1).await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
    for source in ["f1", "f2"] {
        store.delete_source(&own, source).await?;
    }
    if store.tags(&own, None).await?.is_empty() {
        Ok(())
    } else {
        Err(absent("the end of tags with their documents"))
    }
}

async fn put(
    store: &dyn Library,
    tenant: &TenantId,
    id: &str,
    source: &str,
    name: &str,
    at: i64,
) -> Result<(), StoreError> {
    let document = NewDocument {
        id: id.into(),
        source_id: source.into(),
        name: name.into(),
        path: String::new(),
        bytes: 1,
        hash: format!("{id} {name}"),
        modified_at: Some(at),
        at,
    };
    let passages: Vec<NewPassage> = ["quokka rules", "second part", "third part"]
        .into_iter()
        .map(|text| passage(0, text, "en"))
        .collect();
    store
        .put_document(tenant, document, "text/plain", "text", passages)
        .await?;
    Ok(())
}

fn another() -> Result<TenantId, StoreError> {
    TenantId::of_profile("anotherprofile000000000000")
        .map_err(|error| StoreError::Damaged(error.to_string()))
}
