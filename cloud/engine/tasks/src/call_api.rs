//! `AwmCallApi`: a call to somebody's API.

use crate::{
    Deps,
    failure::{bad_request, of_call, of_http, service},
    fields::Fields,
};
use awm_api::connections::ApiCall;
use awm_ports::{HttpRequest, HttpResponse, Redirects, TaskFailure};
use awm_tenancy::TenantId;
use serde_json::{Map, Value, json};

/// A state's data may have 256 KiB; an answer of a little more can still be cut down by the state's output.
const MAX_BYTES: u64 = 1 << 20;
const DEFAULT_TIMEOUT_S: u32 = 30;

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    if let Some(connection) = fields.optional_text("connection")? {
        return by_connection(deps, tenant, &connection, fields).await;
    }
    let request = read(fields)?;
    let url = request.url.clone();
    let response = deps.http.send(request).await.map_err(of_http)?;
    refused(&url, response.status, || {
        String::from_utf8_lossy(&response.body).into_owned()
    })?;
    Ok(json!({
        "status": response.status,
        "headers": headers(&response.headers),
        "body": body(&response),
    }))
}

/// Secrets come in below this line and never above it: what was recorded as the state's arguments holds none, and what comes back
/// is masked.
async fn by_connection(
    deps: &Deps,
    tenant: &TenantId,
    connection: &str,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let call = ApiCall {
        operation: fields.optional_text("operation")?,
        method: fields.optional_text("method")?,
        path: fields.optional_text("path")?,
        parameters: fields.optional_object("parameters")?.unwrap_or_default(),
        query: fields.optional_object("query")?.unwrap_or_default(),
        headers: fields.optional_object("headers")?.unwrap_or_default(),
        body: fields.value("body"),
    };
    let seconds = fields.optional_number("timeoutSeconds", 1..=300)?;
    fields.finish()?;
    let timeout_ms = seconds.map(|seconds| u64::from(seconds) * 1000);
    let outcome = deps
        .caller
        .call(tenant, connection, &call, timeout_ms)
        .await;
    let outcome = outcome.map_err(of_call)?;
    let answer = outcome.answer.map_err(of_http)?;
    refused(&outcome.sent.url, answer.status, || match &answer.body {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })?;
    Ok(json!({
        "status": answer.status,
        "headers": headers(&answer.headers),
        "body": answer.body,
    }))
}

/// Retry can only help where the server says that it is its own trouble; any other status is an answer to choose by.
fn refused(url: &str, status: u16, body: impl FnOnce() -> String) -> Result<(), TaskFailure> {
    if status != 429 && status < 500 {
        return Ok(());
    }
    let words: String = body().trim().chars().take(300).collect();
    Err(service(format!(
        "`{url}` answered with status {status}: {words}"
    )))
}

fn read(mut fields: Fields) -> Result<HttpRequest, TaskFailure> {
    let method = fields
        .optional_text("method")?
        .unwrap_or_else(|| "GET".into());
    let url = fields.name("url")?;
    let given = fields.optional_object("headers")?.unwrap_or_default();
    let query = fields.optional_object("query")?.unwrap_or_default();
    let body = fields.value("body");
    let seconds = fields
        .optional_number("timeoutSeconds", 1..=300)?
        .unwrap_or(DEFAULT_TIMEOUT_S);
    fields.finish()?;
    let mut headers = Vec::with_capacity(given.len());
    for (name, value) in given {
        let value = scalar(&value)
            .ok_or_else(|| bad_request(format!("the header `{name}` must be a string")))?;
        headers.push((name, value));
    }
    let body = match body {
        None => Vec::new(),
        Some(Value::String(text)) => text.into_bytes(),
        Some(value) => {
            if !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            {
                headers.push(("content-type".into(), "application/json".into()));
            }
            value.to_string().into_bytes()
        }
    };
    Ok(HttpRequest {
        method,
        url: with_query(&url, &query)?,
        headers,
        body,
        timeout_ms: u64::from(seconds) * 1000,
        max_bytes: MAX_BYTES,
        redirects: Redirects::Follow,
    })
}

/// Appends the query's fields; a list becomes a field per element.
fn with_query(url: &str, query: &Map<String, Value>) -> Result<String, TaskFailure> {
    let mut pairs = Vec::new();
    for (name, value) in query {
        let values = match value {
            Value::Null => continue,
            Value::Array(items) => items.iter().collect(),
            one => vec![one],
        };
        for value in values {
            let value = scalar(value).ok_or_else(|| {
                bad_request(format!(
                    "`query.{name}` must be a string, a number, true or false, or a list of these"
                ))
            })?;
            pairs.push(format!("{}={}", encoded(name), encoded(&value)));
        }
    }
    if pairs.is_empty() {
        return Ok(url.to_owned());
    }
    let (address, fragment) = url
        .split_once('#')
        .map_or((url, None), |(address, fragment)| (address, Some(fragment)));
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let fragment = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    Ok(format!("{address}{joint}{}{fragment}", pairs.join("&")))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn headers(given: &[(String, String)]) -> Value {
    let mut headers = Map::new();
    for (name, value) in given {
        match headers.get_mut(name) {
            Some(Value::String(before)) => {
                before.push_str(", ");
                before.push_str(value);
            }
            _ => {
                headers.insert(name.clone(), value.clone().into());
            }
        }
    }
    headers.into()
}

/// JSON where the server says that it is JSON and it is; otherwise text.
fn body(response: &HttpResponse) -> Value {
    let json = response
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.to_ascii_lowercase().contains("json"));
    json.then(|| serde_json::from_slice(&response.body).ok())
        .flatten()
        .unwrap_or_else(|| String::from_utf8_lossy(&response.body).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(request: Value, expected: Expect) {
        let found = match Fields::new("AwmCallApi", request).and_then(read) {
            Ok(request) => format!(
                "{} {} {:?} {:?} {}",
                request.method,
                request.url,
                request.headers,
                String::from_utf8_lossy(&request.body),
                request.timeout_ms
            ),
            Err(failure) => failure.cause,
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn reads_requests() {
        check(
            json!({"url": "https://a.example/x"}),
            expect![[r#"GET https://a.example/x [] "" 30000"#]],
        );
        check(
            json!({"method": "POST", "url": "https://a.example/x?y=1#z", "body": {"a": [1]}, "headers": {"X-N": 3},
                "query": {"q": "a b&c=ü", "n": [1, true], "none": null}, "timeoutSeconds": 5}),
            expect![[
                r##"POST https://a.example/x?y=1&q=a%20b%26c%3D%C3%BC&n=1&n=true#z [("X-N", "3"), ("content-type", "application/json")] "{\"a\":[1]}" 5000"##
            ]],
        );
        check(
            json!({"url": "https://a.example/?", "body": "raw", "query": {"a": 1}}),
            expect![[r#"GET https://a.example/?a=1 [] "raw" 30000"#]],
        );
    }

    #[test]
    fn names_what_is_wrong() {
        check(json!({}), expect!["`url` of AwmCallApi is missing"]);
        check(
            json!({"url": "x", "headers": {"A": {}}}),
            expect!["the header `A` must be a string"],
        );
        check(
            json!({"url": "x", "query": {"a": {"b": 1}}}),
            expect!["`query.a` must be a string, a number, true or false, or a list of these"],
        );
        check(
            json!({"url": "x", "timeoutSeconds": 0}),
            expect!["`timeoutSeconds` of AwmCallApi must be a whole number from 1 to 300, not 0"],
        );
        check(
            json!({"uri": "x", "url": "y"}),
            expect![
                "`uri` is not a field of AwmCallApi, which takes method, url, headers, query, body, timeoutSeconds"
            ],
        );
    }
}
