//! How a document says that one signs in.

use super::resolve::Resolver;
use awm_api::connections::{Auth, KeyPlace};
use serde_json::Value;

/// The first way that is known: of those that the document asks for, otherwise of those that it describes.
pub(super) fn auth(
    document: &Value,
    resolver: &Resolver<'_>,
    base_url: Option<&str>,
    notes: &mut Vec<String>,
) -> Auth {
    let schemes = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let Some(schemes) = schemes else {
        return Auth::None;
    };
    let asked = document
        .get("security")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .filter_map(|one| one.keys().next());
    let mut unknown = Vec::new();
    for name in asked.chain(schemes.keys()) {
        let Some(scheme) = schemes
            .get(name)
            .and_then(|scheme| resolver.follow(scheme).ok())
        else {
            continue;
        };
        match known(scheme, base_url) {
            Some(auth) => {
                if let Some(secret) = auth.secret() {
                    notes.push(format!(
                        "to sign in, enter the {} under Authentication",
                        secret.replace('-', " ")
                    ));
                }
                return auth;
            }
            None if !unknown.contains(&name) => unknown.push(name),
            None => {}
        }
    }
    for name in unknown {
        notes.push(format!(
            "the sign-in `{}` is of a kind that can't be used",
            super::line(name, 100)
        ));
    }
    Auth::None
}

fn known(scheme: &Value, base_url: Option<&str>) -> Option<Auth> {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "apiKey" => {
            let place = match text("in") {
                "header" => KeyPlace::Header,
                "query" => KeyPlace::Query,
                _ => return None,
            };
            (!text("name").is_empty()).then(|| Auth::ApiKey {
                place,
                name: text("name").to_owned(),
            })
        }
        "http" => match text("scheme").to_ascii_lowercase().as_str() {
            "basic" => Some(Auth::Basic {
                username: String::new(),
            }),
            "bearer" => Some(Auth::Bearer),
            _ => None,
        },
        "oauth2" => {
            let flow = scheme.pointer("/flows/clientCredentials")?;
            let token_url = flow.get("tokenUrl")?.as_str()?;
            let scopes = flow.get("scopes").and_then(Value::as_object);
            // A relative address counts from the server's.
            let token_url = match (token_url.strip_prefix('/'), base_url) {
                (Some(_), Some(base)) => url::Url::parse(base)
                    .ok()?
                    .join(token_url)
                    .ok()?
                    .to_string(),
                _ => token_url.to_owned(),
            };
            Some(Auth::OAuth2 {
                token_url,
                client_id: String::new(),
                scopes: scopes
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.clone())
                    .collect(),
                in_body: false,
            })
        }
        _ => None,
    }
}
