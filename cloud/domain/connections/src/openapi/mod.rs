//! OpenAPI 3.0 and 3.1, as far as calls need them.

mod operations;
mod resolve;
mod security;
#[cfg(test)]
mod tests;

use crate::Problem;
use awm_api::connections::{Auth, Operation};
use awm_asl::{Format, source};
use resolve::Resolver;
use serde_json::Value;
use url::Url;

/// What a document says.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// The API's name.
    pub title: String,
    /// The first server's address, if it is a whole one.
    pub base_url: Option<String>,
    /// How to sign in, where it is one of the ways that are known.
    pub auth: Auth,
    /// What can be asked.
    pub operations: Vec<Operation>,
    /// What was left out, and what is still to be done.
    pub notes: Vec<String>,
}

/// The longest document, bytes. The largest ones in public have 12 MB.
pub const MAX_BYTES: usize = 24 << 20;
const MAX_NOTES: usize = 50;

/// Reads a document. A part that can't be used is left out and noted; one that contradicts the specification is an error with
/// its place.
pub fn read(text: &str) -> Result<Described, Problem> {
    let document = value(text)?;
    let root = document
        .as_object()
        .ok_or_else(|| Problem::new(&[], "the document is not an object"))?;
    version(&document)?;
    let resolver = Resolver::new(&document);
    let mut notes = Vec::new();
    let title = root
        .get("info")
        .and_then(|info| info.get("title"))
        .and_then(Value::as_str)
        .unwrap_or("API");
    let base_url = server(&document, &mut notes)?;
    let auth = security::auth(&document, &resolver, base_url.as_deref(), &mut notes);
    let operations = operations::all(&document, &resolver, &mut notes)?;
    if operations.is_empty() {
        notes.push("the document describes no operation".into());
    }
    if resolver.cut() > 0 {
        notes.push(format!(
            "{} schemas refer to themselves or are too large; beyond that point they allow anything",
            resolver.cut()
        ));
    }
    if notes.len() > MAX_NOTES {
        let more = notes.len() - MAX_NOTES;
        notes.truncate(MAX_NOTES);
        notes.push(format!("and {more} more"));
    }
    Ok(Described {
        title: line(title, 200),
        base_url,
        auth,
        operations,
        notes,
    })
}

/// The text as a value, JSON or YAML.
fn value(text: &str) -> Result<Value, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem::new(
            &[],
            format!(
                "the document has {} bytes, at most {MAX_BYTES} are read",
                text.len()
            ),
        ));
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text)
            .map_err(|error| Problem::new(&[], format!("the document is not JSON: {error}")));
    }
    if text.len() > source::MAX_READ_BYTES {
        return Err(Problem::new(
            &[],
            format!("as YAML at most {} bytes are read", source::MAX_READ_BYTES),
        )
        .help("convert the document to JSON"));
    }
    let (value, diagnostics) = source::read_value(text, Format::Yaml);
    // A problem of the text, such as a tab in YAML, is worth more than what could be made of it nevertheless.
    if let Some(first) = diagnostics
        .iter()
        .find(|found| found.severity == awm_asl::Severity::Error)
    {
        let number = first.span.map_or(1, |span| span.line);
        return Err(Problem::new(
            &[],
            format!(
                "line {number} of the document can't be read: {}",
                first.message
            ),
        ));
    }
    value.ok_or_else(|| Problem::new(&[], "the document is empty"))
}

fn version(document: &Value) -> Result<(), Problem> {
    let help = "OpenAPI 3.0 and 3.1 documents can be imported; or start blank and write down the operations that are needed";
    let text = |name: &str| {
        document.get(name).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    match (text("openapi"), text("swagger")) {
        (Some(version), _) if version.starts_with("3.") => Ok(()),
        (Some(version), _) => Err(Problem::new(
            &["openapi"],
            format!("OpenAPI `{}` is not a version that can be read", line(&version, 20)),
        )
        .help(help)),
        (None, Some(version)) => Err(Problem::new(
            &["swagger"],
            format!("this is a Swagger {} document, which has another form than OpenAPI 3", line(&version, 20)),
        )
        .help("convert it to OpenAPI 3 first, for example with the editor of swagger.io (Edit, Convert to OpenAPI 3)")),
        (None, None) => {
            Err(Problem::new(&[], "this is not an OpenAPI document: it has no field `openapi`").help(help))
        }
    }
}

/// The first server, its variables filled in with their defaults.
fn server(document: &Value, notes: &mut Vec<String>) -> Result<Option<String>, Problem> {
    let Some(server) = document.get("servers").and_then(|servers| servers.get(0)) else {
        notes.push("the document names no server: enter the address under Settings".into());
        return Ok(None);
    };
    let place = ["servers", "0", "url"];
    let mut url = server
        .get("url")
        .and_then(Value::as_str)
        .ok_or_else(|| Problem::new(&place, "the server has no address"))?
        .to_owned();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten().take(20) {
        let default = variable
            .get("default")
            .and_then(Value::as_str)
            .unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    let whole = Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !whole || url.contains(['{', '?', '#', '@']) {
        notes.push(format!(
            "the server's address `{}` is not a whole one: enter it under Settings",
            line(&url, 200)
        ));
        return Ok(None);
    }
    Ok(Some(url.trim_end_matches('/').to_owned()))
}

/// The first line, at most so many characters.
fn line(text: &str, most: usize) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    first
        .chars()
        .filter(|c| !c.is_control())
        .take(most)
        .collect()
}
