//! What a call becomes, before it is signed.

use crate::{
    Problem,
    address::{base, below, encoded},
};
use awm_api::connections::{ApiCall, Auth, Connection, KeyPlace, Operation, ParameterPlace};
use serde_json::Value;
use url::Url;

/// A call that could be sent if it were signed.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The method in capitals.
    pub method: String,
    /// The address, without a key in it.
    pub url: Url,
    /// The headers, those of the connection first.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The operation's id, if one was named.
    pub operation: Option<String>,
}

/// Puts a connection and a call together.
pub fn plan(connection: &Connection, call: &ApiCall) -> Result<Planned, Problem> {
    let root = base(&connection.base_url, "base_url")?;
    let operation = find(connection, call)?;
    let method = call
        .method
        .as_deref()
        .or(operation.map(|operation| operation.method.as_str()))
        .unwrap_or("GET")
        .to_ascii_uppercase();
    if !matches!(
        method.as_str(),
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS"
    ) {
        return Err(Problem::new(
            &["method"],
            format!("`{method}` is not a method that can be used"),
        ));
    }
    let path = call
        .path
        .as_deref()
        .or(operation.map(|operation| operation.path.as_str()))
        .unwrap_or("/");
    let mut url = below(&root, path, |name| match call.parameters.get(name) {
        None | Some(Value::Null) => Err(Problem::new(
            &["parameters", name],
            format!("the path needs a value for `{name}`"),
        )),
        Some(value) => scalar(value, name).and_then(|text| match text.is_empty() {
            true => Err(Problem::new(
                &["parameters", name],
                format!("`{name}` of the path is empty"),
            )),
            false => Ok(text),
        }),
    })?;
    let mut headers: Vec<(String, String)> = connection
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut pairs = Vec::new();
    parameters(operation, path, call, &mut pairs, &mut headers)?;
    for (name, value) in &call.query {
        field(&mut pairs, name, value)?;
    }
    for (name, value) in &call.headers {
        set(&mut headers, name, scalar(value, name)?);
    }
    refuse_own_sign_in(&connection.auth, &pairs, &headers)?;
    for (name, value) in &headers {
        header(name, value, "headers")?;
    }
    if !pairs.is_empty() {
        url.set_query(Some(&joined(&pairs)));
    }
    let body = body(operation, call, &mut headers)?;
    Ok(Planned {
        method,
        url,
        headers,
        body,
        operation: operation.map(|operation| operation.id.clone()),
    })
}

fn find<'a>(connection: &'a Connection, call: &ApiCall) -> Result<Option<&'a Operation>, Problem> {
    let Some(id) = &call.operation else {
        return Ok(None);
    };
    let mut operations = connection.operations.iter();
    match operations.find(|operation| operation.id == *id) {
        Some(operation) => Ok(Some(operation)),
        None => Err(Problem::new(
            &["operation"],
            format!(
                "the connection `{}` has no operation `{id}`",
                connection.name
            ),
        )
        .help("choose one of the connection's operations, or give `method` and `path`")),
    }
}

/// Values by the operation's parameters. One that is neither a parameter nor in the path is most likely a typing error.
fn parameters(
    operation: Option<&Operation>,
    path: &str,
    call: &ApiCall,
    pairs: &mut Vec<(String, String)>,
    headers: &mut Vec<(String, String)>,
) -> Result<(), Problem> {
    let known = operation.map_or(&[][..], |operation| &operation.parameters);
    for (name, value) in &call.parameters {
        let place = known.iter().find(|parameter| parameter.name == *name);
        match place.map(|parameter| parameter.place) {
            Some(ParameterPlace::Query) => field(pairs, name, value)?,
            Some(ParameterPlace::Header) if value.is_null() => {}
            Some(ParameterPlace::Header) => set(headers, name, scalar(value, name)?),
            _ if path.contains(&format!("{{{name}}}")) => {}
            _ => {
                return Err(Problem::new(
                    &["parameters", name],
                    format!("there is no parameter `{name}`"),
                )
                .help("give further fields of the query in `query`"));
            }
        }
    }
    let missing = known.iter().find(|parameter| {
        parameter.required
            && call
                .parameters
                .get(&parameter.name)
                .is_none_or(Value::is_null)
            && match parameter.place {
                ParameterPlace::Path => path.contains(&format!("{{{}}}", parameter.name)),
                ParameterPlace::Query => !call.query.contains_key(&parameter.name),
                ParameterPlace::Header => !headers
                    .iter()
                    .map(|(name, _)| name)
                    .chain(call.headers.keys())
                    .any(|name| name.eq_ignore_ascii_case(&parameter.name)),
            }
    });
    match missing {
        Some(parameter) => Err(Problem::new(
            &["parameters", &parameter.name],
            format!("the parameter `{}` is missing", parameter.name),
        )),
        None => Ok(()),
    }
}

fn body(
    operation: Option<&Operation>,
    call: &ApiCall,
    headers: &mut Vec<(String, String)>,
) -> Result<Vec<u8>, Problem> {
    let shape = operation.and_then(|operation| operation.body.as_ref());
    let Some(value) = &call.body else {
        return match shape.filter(|shape| shape.required) {
            Some(_) => Err(Problem::new(&["body"], "the operation needs a body")),
            None => Ok(Vec::new()),
        };
    };
    let media_type = shape.map_or("application/json", |shape| shape.media_type.as_str());
    let typed = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !typed && (shape.is_some() || !value.is_string()) {
        headers.push(("content-type".into(), media_type.into()));
    }
    match value {
        Value::String(text) => Ok(text.clone().into_bytes()),
        Value::Object(form) if media_type == "application/x-www-form-urlencoded" => {
            let mut pairs = Vec::new();
            for (name, value) in form {
                field(&mut pairs, name, value)?;
            }
            Ok(joined(&pairs).into_bytes())
        }
        value => Ok(value.to_string().into_bytes()),
    }
}

/// What the connection signs in with is its alone: a call that brought its own would be signed as somebody else.
fn refuse_own_sign_in(
    auth: &Auth,
    pairs: &[(String, String)],
    headers: &[(String, String)],
) -> Result<(), Problem> {
    let (in_header, in_query) = match auth {
        Auth::None => (None, None),
        Auth::ApiKey {
            place: KeyPlace::Header,
            name,
        } => (Some(name.as_str()), None),
        Auth::ApiKey {
            place: KeyPlace::Query,
            name,
        } => (None, Some(name.as_str())),
        Auth::Basic { .. } | Auth::Bearer | Auth::OAuth2 { .. } => (Some("authorization"), None),
    };
    let own = in_header
        .filter(|own| {
            headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(own))
        })
        .or(in_query.filter(|own| pairs.iter().any(|(name, _)| name == own)));
    match own {
        Some(name) => Err(Problem::new(
            &["headers", name],
            format!("`{name}` is set by the connection when it signs in"),
        )
        .help("leave it out, or use a connection that doesn't sign in")),
        None => Ok(()),
    }
}

/// Whether a header can be sent. The value stays out of the message: it may be a secret.
pub(crate) fn header(name: &str, value: &str, field: &str) -> Result<(), Problem> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        return Err(Problem::new(
            &[field],
            format!("`{shown}` is not the name of a header"),
        ));
    }
    let sendable = |byte: u8| byte == b'\t' || (0x20..0x7f).contains(&byte);
    match value.bytes().all(sendable) {
        true => Ok(()),
        false => Err(Problem::new(
            &[field, name],
            format!(
                "the value of the header `{name}` holds a line break or a character that headers can't have"
            ),
        )),
    }
}

fn set(headers: &mut Vec<(String, String)>, name: &str, value: String) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}

fn field(pairs: &mut Vec<(String, String)>, name: &str, value: &Value) -> Result<(), Problem> {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                pairs.push((name.to_owned(), scalar(item, name)?));
            }
        }
        one => pairs.push((name.to_owned(), scalar(one, name)?)),
    }
    Ok(())
}

fn scalar(value: &Value, name: &str) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Problem::new(
            &["parameters", name],
            format!("`{name}` must be a string, a number, true or false"),
        )),
    }
}

fn joined(pairs: &[(String, String)]) -> String {
    let fields: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    fields.join("&")
}
