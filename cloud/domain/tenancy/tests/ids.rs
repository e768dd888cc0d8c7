//! What is an id, and what isn't.

use awm_tenancy::TenantId;

#[test]
fn an_id_is_safe_in_keys_prefixes_and_index_names() {
    let proper = "acme0000000000000000000000";
    assert_eq!(
        TenantId::of_profile(proper).map(|id| id.as_str().to_owned()),
        Ok(proper.to_owned())
    );
    for text in [
        "",
        "acme",
        "acme00000000000000000000000",
        "ACME0000000000000000000000",
        "acme-000000000000000000000",
        "acme*000000000000000000000",
        "acme/../0000000000000000000",
        "acmé000000000000000000000",
        "acme\u{0}000000000000000000000",
        "аcme000000000000000000000",
    ] {
        assert!(TenantId::of_profile(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_local_tenant_is_no_other_s_beginning() {
    assert_eq!(TenantId::local().as_str().len(), 26);
}
