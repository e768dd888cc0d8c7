//! Where files lie, and which folders were taken in.

use super::new;
use awm_ports::{KEPT, Library, NewDocument, StoreError};
use awm_tenancy::TenantId;

pub(super) async fn places(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let other = TenantId::of_profile("000000000000000000000other")
        .map_err(|error| StoreError::Backend(Box::new(error)))?;
    let at = |id: &str, name: &str, path: &str| NewDocument {
        path: path.into(),
        ..new(id, "s2", name, id, 50)
    };
    let kept = format!("{KEPT}cc");
    for document in [
        at("p1", "team/plans/a.md", "/home/team/plans/a.md"),
        at("p2", "alone.md", "/home/alone.md"),
        at("p3", "up/load.md", &kept),
        at("p4", "elsewhere/d.md", "/data/renamed.md"),
        at("p5", "50%_off/e.md", "/home/50%_off/e.md"),
        // Its name is taken, so it gets a number.
        at("p6", "team/plans/a.md", "/other/team/plans/a.md"),
    ] {
        assert!(store.enqueue(&tenant, document).await?);
    }
    assert_eq!(
        store.location(&tenant, "p1").await?,
        "/home/team/plans/a.md"
    );
    assert_eq!(store.location(&tenant, "p3").await?, kept);
    for (tenant, id) in [(&other, "p1"), (&tenant, "none")] {
        let answer = store.location(tenant, id).await;
        assert!(
            matches!(answer, Err(StoreError::NotFound { .. })),
            "{id}: {answer:?}"
        );
    }
    for (path, root) in [
        ("/home/team/plans/a.md", Some("/home/team/plans/a.md")),
        ("/home/team/new/b.md", Some("/home/team")),
        ("/home/team", None),
        ("/home/team-b/x.md", None),
        ("/home/TEAM/x.md", None),
        ("/home/alone.md", Some("/home/alone.md")),
        ("/home/other.md", None),
        ("/data/renamed.md", Some("/data/renamed.md")),
        ("/data/else.md", None),
        ("/home/50%_off/f.md", Some("/home/50%_off")),
        ("/home/50xxoff/f.md", None),
        ("/other/team/x.md", Some("/other/team")),
        ("/other/x.md", None),
        ("/", None),
        ("", None),
    ] {
        assert_eq!(
            store.root_of(&tenant, path).await?.as_deref(),
            root,
            "{path}"
        );
        assert_eq!(
            store.root_of(&other, path).await?,
            None,
            "of another: {path}"
        );
    }
    for id in ["p1", "p2", "p3", "p4", "p5", "p6"] {
        store.remove(&tenant, id).await?;
    }
    Ok(())
}
