//! What a call is signed with, and tokens that are given for a while.

use crate::{CallError, Caller, caller::masked, secret_name};
use awm_api::{
    Timestamp,
    connections::{Auth, Connection, KeyPlace},
};
use awm_connections::{Mask, encoded};
use awm_ports::{HttpRequest, Redirects, Secret};
use awm_tenancy::TenantId;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What is added to a call, and what has to be taken out of whatever is told about it.
pub(crate) struct Signature {
    pub(crate) header: Option<(String, Secret)>,
    pub(crate) query: Option<(String, Secret)>,
    pub(crate) mask: Mask,
    /// The token within the header.
    token: Option<Secret>,
}

/// Tokens by connection. A slot is held while one is fetched, so that many calls at once ask for one only.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<(TenantId, String), Slot>>);

type Slot = Arc<futures::lock::Mutex<Option<Token>>>;

#[derive(Clone)]
struct Token {
    value: Secret,
    expires_at: Timestamp,
    /// What it was asked for with: a changed secret or scope asks anew.
    asked_with: String,
}

/// A token is not used in its last moments, as it might end on its way.
const MARGIN_MS: i64 = 30_000;
/// Where a server doesn't say how long.
const DEFAULT_SECONDS: i64 = 300;
const TOKEN_BYTES: u64 = 64 * 1024;

impl Caller {
    /// Signs a call. `refused` is a signature that the server no longer takes.
    pub(crate) async fn sign(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        refused: Option<Signature>,
    ) -> Result<Signature, CallError> {
        let mut signature = Signature {
            header: None,
            query: None,
            mask: Mask::default(),
            token: None,
        };
        let Some(field) = connection.auth.secret() else {
            return Ok(signature);
        };
        let secret = self.secret(tenant, connection, field).await?;
        signature.mask.add(secret.expose());
        match &connection.auth {
            Auth::None => {}
            Auth::ApiKey {
                place: KeyPlace::Header,
                name,
            } => {
                signature.header = Some((name.clone(), secret));
            }
            Auth::ApiKey {
                place: KeyPlace::Query,
                name,
            } => {
                signature.query = Some((name.clone(), secret));
            }
            Auth::Basic { username } => {
                signature
                    .mask
                    .add(&format!("{username}:{}", secret.expose()));
                signature.header = Some(("Authorization".into(), basic(username, &secret)));
            }
            Auth::Bearer => {
                let value = Secret::new(format!("Bearer {}", secret.expose()));
                signature.header = Some(("Authorization".into(), value));
            }
            Auth::OAuth2 { client_id, .. } => {
                // The id and the secret go out encoded and together.
                let encoded = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
                signature.mask.add(&encoded);
                let stale = refused.and_then(|refused| refused.token);
                let token = self
                    .token(tenant, connection, &secret, stale, &signature.mask)
                    .await?;
                signature.mask.add(token.expose());
                let value = Secret::new(format!("Bearer {}", token.expose()));
                signature.header = Some(("Authorization".into(), value));
                signature.token = Some(token);
            }
        }
        if let Some((name, value)) = &signature.header
            && !value
                .expose()
                .bytes()
                .all(|byte| (0x20..0x7f).contains(&byte))
        {
            return Err(CallError::SignIn(format!(
                "the {} holds a line break or a character that the header `{name}` can't have",
                field.replace('-', " ")
            )));
        }
        Ok(signature)
    }

    async fn secret(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        field: &str,
    ) -> Result<Secret, CallError> {
        let name = secret_name(&connection.id, field)?;
        let secret = self.parts.secrets.get(tenant, &name).await?;
        secret.ok_or_else(|| CallError::SecretMissing {
            connection: connection.name.clone(),
            field: field.replace('-', " "),
            name: name.to_string(),
        })
    }

    async fn token(
        &self,
        tenant: &TenantId,
        connection: &Connection,
        secret: &Secret,
        stale: Option<Secret>,
        mask: &Mask,
    ) -> Result<Secret, CallError> {
        let slot = {
            let mut slots = self.tokens.0.lock().unwrap_or_else(PoisonError::into_inner);
            slots
                .entry((tenant.clone(), connection.id.clone()))
                .or_default()
                .clone()
        };
        let mut kept = slot.lock().await;
        let asked_with = fingerprint(&connection.auth, secret);
        let usable = kept.as_ref().filter(|token| {
            token.asked_with == asked_with
                && token.expires_at > self.parts.clock.now()
                && stale
                    .as_ref()
                    .is_none_or(|stale| stale.expose() != token.value.expose())
        });
        if let Some(token) = usable {
            return Ok(token.value.clone());
        }
        *kept = None;
        let (value, seconds) = self.fetch(connection, secret, mask).await?;
        let expires_at = self.parts.clock.now() + seconds.saturating_mul(1000) - MARGIN_MS;
        *kept = Some(Token {
            value: value.clone(),
            expires_at,
            asked_with,
        });
        Ok(value)
    }

    /// Asks for a token (RFC 6749, 4.4.2); answers it and how many seconds it is good for.
    async fn fetch(
        &self,
        connection: &Connection,
        secret: &Secret,
        mask: &Mask,
    ) -> Result<(Secret, i64), CallError> {
        let Auth::OAuth2 {
            token_url,
            client_id,
            scopes,
            in_body,
        } = &connection.auth
        else {
            return Err(CallError::SignIn("the connection asks for no token".into()));
        };
        let mut body = String::from("grant_type=client_credentials");
        if !scopes.is_empty() {
            body.push_str(&format!("&scope={}", encoded(&scopes.join(" "))));
        }
        let mut headers = vec![
            (
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("Accept".to_owned(), "application/json".to_owned()),
        ];
        let (id, written) = (encoded(client_id), encoded(secret.expose()));
        match in_body {
            true => body.push_str(&format!("&client_id={id}&client_secret={written}")),
            false => {
                let value = basic(&id, &Secret::new(written));
                headers.push(("Authorization".into(), value.expose().to_owned()));
            }
        }
        let request = HttpRequest {
            method: "POST".into(),
            url: token_url.clone(),
            headers,
            body: body.into_bytes(),
            timeout_ms: connection.timeout_ms.min(30_000),
            max_bytes: TOKEN_BYTES,
            // The body or a header holds the client's secret.
            redirects: Redirects::SameOrigin,
        };
        let response = self.parts.http.send(request).await.map_err(|error| {
            CallError::SignIn(format!("no token could be got: {}", masked(error, mask)))
        })?;
        let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        if !(200..300).contains(&response.status) {
            // Only the two fields that are meant for people: the rest may repeat what was sent.
            let words: String = format!("{} {}", text("error"), text("error_description"))
                .trim()
                .chars()
                .filter(|c| !c.is_control())
                .take(300)
                .collect();
            return Err(CallError::SignIn(mask.text(&format!(
                "the token server answered with status {}: {words}",
                response.status
            ))));
        }
        let bearer =
            text("token_type").is_empty() || text("token_type").eq_ignore_ascii_case("bearer");
        if text("access_token").is_empty() || !bearer {
            return Err(CallError::SignIn(
                "the token server answered without a bearer token".into(),
            ));
        }
        let seconds = match answer.get("expires_in") {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        Ok((
            Secret::new(text("access_token")),
            seconds.unwrap_or(DEFAULT_SECONDS).clamp(0, 86_400),
        ))
    }
}

fn basic(username: &str, password: &Secret) -> Secret {
    let pair = Secret::new(format!("{username}:{}", password.expose()));
    Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair.expose())))
}

fn fingerprint(auth: &Auth, secret: &Secret) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{auth:?}\0").as_bytes());
    hasher.update(secret.expose().as_bytes());
    hasher.finalize().to_hex().to_string()
}
