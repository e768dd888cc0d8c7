//! Secrets. They go in and never come out.

use super::bad_field;
use crate::{Host, failure::Failure};
use awm_api::secrets::{
    SecretDelete, SecretList, SecretListing, SecretPlace, SecretSet, SecretStored,
};
use awm_ports::{Secret, SecretName, SecretsPlace};

pub(crate) async fn secret_set<H: Host>(
    host: &H,
    request: SecretSet,
) -> Result<SecretStored, Failure> {
    let (tenant, secrets) = (host.tenant(), &host.ports().secrets);
    let name = SecretName::new(request.name)?;
    let value = Secret::new(request.value.0);
    if value.expose().is_empty() {
        return Err(bad_field("value", "the value is empty")
            .help("delete the secret if there shall be none")
            .into());
    }
    let existed = secrets.list(tenant).await?.contains(&name);
    secrets.put(tenant, &name, &value).await?;
    Ok(SecretStored { existed })
}

pub(crate) async fn secret_delete<H: Host>(
    host: &H,
    request: SecretDelete,
) -> Result<SecretStored, Failure> {
    let name = SecretName::new(request.name)?;
    let existed = host.ports().secrets.delete(host.tenant(), &name).await?;
    Ok(SecretStored { existed })
}

pub(crate) async fn secret_list<H: Host>(
    host: &H,
    _: SecretList,
) -> Result<SecretListing, Failure> {
    let secrets = &host.ports().secrets;
    let names = secrets.list(host.tenant()).await?;
    Ok(SecretListing {
        place: match secrets.place() {
            SecretsPlace::Keychain => SecretPlace::Keychain,
            SecretsPlace::File => SecretPlace::File,
            SecretsPlace::PassphraseFile => SecretPlace::PassphraseFile,
            SecretsPlace::Memory => SecretPlace::Memory,
        },
        names: names.iter().map(ToString::to_string).collect(),
    })
}
