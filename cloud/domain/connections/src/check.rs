//! Whether a connection may be stored.

use crate::{
    Problem,
    address::{base, is_private_line, origin},
    plan::header,
};
use awm_api::connections::{Auth, Connection, KeyPlace, Retries};
use std::collections::HashSet;
use url::Url;

/// A connection with nothing in it yet.
pub fn blank(id: String, name: String, base_url: String) -> Connection {
    Connection {
        id,
        revision: 0,
        name,
        base_url,
        auth: Auth::None,
        headers: Default::default(),
        timeout_ms: 30_000,
        retries: Retries::default(),
        rate: None,
        max_bytes: 1 << 20,
        operations: Vec::new(),
        secrets: Vec::new(),
        updated_at: 0,
    }
}

/// Parts of names that are secrets' more often than not, letters only.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "apikey",
    "accesskey",
    "secret",
    "token",
    "password",
    "cookie",
    "credential",
];

/// The connection as it is kept, or what is wrong with it.
pub fn check(mut connection: Connection) -> Result<Connection, Problem> {
    let url = base(&connection.base_url, "base_url")?;
    connection.base_url = url.as_str().trim_end_matches('/').to_owned();
    connection.name = connection.name.trim().chars().take(200).collect();
    if connection.name.is_empty() || connection.name.contains(char::is_control) {
        return Err(Problem::new(&["name"], "the connection has no name"));
    }
    check_auth(&mut connection.auth, &url)?;
    for (name, value) in &connection.headers {
        header(name, value, "headers")?;
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let letters = letters.to_ascii_lowercase();
        if SECRET_NAMES.iter().any(|secret| letters.contains(secret)) {
            return Err(Problem::new(
                &["headers", name],
                format!(
                    "the header `{name}` holds a secret, and headers are kept and shown as text"
                ),
            )
            .help("choose a way to sign in under Authentication: its secret is kept apart"));
        }
    }
    let within = |field: &str, value: u64, least: u64, most: u64| {
        let message = format!("{value} is not within {least} and {most}");
        match (least..=most).contains(&value) {
            true => Ok(()),
            false => Err(Problem::new(&[field], message)),
        }
    };
    within("timeout_ms", connection.timeout_ms, 100, 300_000)?;
    within("max_bytes", connection.max_bytes, 1, 16 << 20)?;
    within("retries", connection.retries.max.into(), 0, 5)?;
    within("retries", connection.retries.wait_ms, 0, 60_000)?;
    if let Some(rate) = connection.rate {
        within("rate", rate.calls.into(), 1, 100_000)?;
        within("rate", rate.seconds.into(), 1, 86_400)?;
    }
    let mut ids = HashSet::new();
    for operation in &connection.operations {
        if operation.id.is_empty() || !ids.insert(&operation.id) {
            return Err(Problem::new(
                &["operations", &operation.id],
                format!(
                    "there are two operations `{}`, or it has no name",
                    operation.id
                ),
            ));
        }
    }
    Ok(connection)
}

fn check_auth(auth: &mut Auth, url: &Url) -> Result<(), Problem> {
    let open = |url: &Url, field: &str| match is_private_line(url) {
        true => Ok(()),
        false => Err(Problem::new(
            &[field],
            format!(
                "`{}` is not encrypted, anybody on the way could read the secret",
                origin(url)
            ),
        )
        .help("use `https://`")),
    };
    if *auth != Auth::None {
        open(url, "base_url")?;
    }
    match auth {
        Auth::None | Auth::Bearer => Ok(()),
        Auth::ApiKey {
            place: KeyPlace::Header,
            name,
        } => header(name, "x", "auth"),
        Auth::ApiKey {
            place: KeyPlace::Query,
            name,
        } if name.is_empty() => Err(Problem::new(
            &["auth", "name"],
            "the field of the key has no name",
        )),
        Auth::ApiKey { .. } => Ok(()),
        Auth::Basic { username } => match username.contains(|c: char| c == ':' || c.is_control()) {
            true => Err(Problem::new(
                &["auth", "username"],
                "a user name has no `:` and no line break",
            )),
            false => Ok(()),
        },
        Auth::OAuth2 {
            token_url,
            client_id,
            scopes,
            ..
        } => {
            // A token address may have a query, as some servers tell tenants apart by it.
            let (address, query) = token_url.split_once('?').unwrap_or((token_url, ""));
            let parsed = base(address, "token_url")?;
            if query.contains(|c: char| c.is_control() || c.is_whitespace() || c == '#') {
                return Err(Problem::new(
                    &["auth", "token_url"],
                    "the query of the token address can't be sent",
                ));
            }
            open(&parsed, "token_url")?;
            *token_url = token_url.trim().to_owned();
            if client_id.is_empty() {
                return Err(Problem::new(&["auth", "client_id"], "the client has no id"));
            }
            scopes.retain(|scope| !scope.trim().is_empty());
            Ok(())
        }
    }
}

/// Whether both send their secret to the same servers: otherwise it has to be entered again.
pub fn same_servers(one: &Connection, other: &Connection) -> bool {
    let servers = |connection: &Connection| {
        let token = match &connection.auth {
            Auth::OAuth2 { token_url, .. } => Url::parse(token_url).ok().map(|url| origin(&url)),
            _ => None,
        };
        let base = Url::parse(&connection.base_url)
            .ok()
            .map(|url| origin(&url));
        (base, token, connection.auth.kind())
    };
    servers(one) == servers(other)
}
