//! Paths, values and headers that try to get somewhere else, each beside one that goes where it should.
#![cfg(test)]

use awm_api::connections::{
    ApiCall, Auth, Connection, KeyPlace, Operation, Parameter, ParameterPlace, ResponseShape,
};
use awm_connections::{blank, check, plan, same_servers};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn connection() -> Connection {
    let mut connection = blank("c".into(), "Shop".into(), "https://api.example/v1".into());
    connection
        .headers
        .insert("Accept-Language".into(), "de".into());
    connection.auth = Auth::ApiKey {
        place: KeyPlace::Header,
        name: "X-Key".into(),
    };
    connection.operations.push(Operation {
        id: "order".into(),
        summary: String::new(),
        method: "get".into(),
        path: "/orders/{id}".into(),
        parameters: vec![
            parameter("id", ParameterPlace::Path),
            parameter("q", ParameterPlace::Query),
            parameter("X-Trace", ParameterPlace::Header),
        ],
        body: None,
        response: ResponseShape::default(),
    });
    connection
}

fn parameter(name: &str, place: ParameterPlace) -> Parameter {
    Parameter {
        name: name.into(),
        place,
        required: place == ParameterPlace::Path,
        description: String::new(),
        schema: json!(true),
        example: None,
    }
}

fn call(value: Value) -> ApiCall {
    serde_json::from_value(value).unwrap()
}

fn told(connection: &Connection, request: Value) -> String {
    match plan(connection, &call(request)) {
        Ok(planned) => format!(
            "{} {} {:?} {}",
            planned.method,
            planned.url,
            planned.headers,
            String::from_utf8_lossy(&planned.body)
        ),
        Err(problem) => problem.message,
    }
}

#[test]
fn a_path_stays_below_the_base_address() {
    let connection = connection();
    for good in [
        "/orders",
        "orders",
        "/orders/",
        "/a/b.c",
        "/a/...",
        "/@me",
        "/a:b",
        "/%2e%2e%2e",
        "/a%2Fb",
        "",
    ] {
        let told = told(&connection, json!({ "path": good }));
        assert!(
            told.starts_with("GET https://api.example/v1/"),
            "{good}: {told}"
        );
    }
    for bad in [
        "//evil.example",
        "//evil.example/x",
        "/..",
        "/../admin",
        "..",
        "/a/../../b",
        "/%2e%2e/admin",
        "/.%2E/admin",
        "/%2E./x",
        "/a/.",
        "\\\\evil.example",
        "/\\evil.example",
        "/a\\..\\b",
        "/a\r\nHost: evil",
        "/a\nb",
        "/a\tb",
        "/a b",
        "/a?x=1",
        "/a#x",
        "\u{0}",
        "/..;/admin\r",
        "https://evil.example\\",
        "/{",
    ] {
        let told = told(&connection, json!({ "path": bad }));
        assert!(!told.contains("GET https"), "{bad:?}: {told}");
    }
    // A whole address is just a strange path.
    let whole = told(&connection, json!({"path": "https://evil.example/x"}));
    assert!(
        whole.starts_with("GET https://api.example/v1/https"),
        "{whole}"
    );
}

#[test]
fn a_value_is_one_segment_whatever_it_holds() {
    let connection = connection();
    let with = |value: Value| {
        told(
            &connection,
            json!({"operation": "order", "parameters": {"id": value}}),
        )
    };
    for (value, segment) in [
        ("7", "7"),
        ("a/b", "a%2Fb"),
        ("../admin", "..%2Fadmin"),
        ("@evil.example", "%40evil.example"),
        ("?x=1#y", "%3Fx%3D1%23y"),
        ("\r\nHost: evil", "%0D%0AHost%3A%20evil"),
        ("ü", "%C3%BC"),
        ("%2e%2e", "%252e%252e"),
    ] {
        let told = with(json!(value));
        assert!(
            told.starts_with(&format!("GET https://api.example/v1/orders/{segment} ")),
            "{value}: {told}"
        );
    }
    for value in [
        json!("."),
        json!(".."),
        json!(""),
        json!(null),
        json!({}),
        json!([]),
    ] {
        assert!(!with(value.clone()).starts_with("GET"), "{value}");
    }
}

#[test]
fn headers_hold_one_line_and_the_connections_sign_in_stays_its_own() {
    let connection = connection();
    let good = told(
        &connection,
        json!({"headers": {"X-A": "b", "accept-language": "en"}, "query": {"key": "1"}}),
    );
    expect![[r#"GET https://api.example/v1/?key=1 [("X-A", "b"), ("accept-language", "en")] "#]]
        .assert_eq(&good);
    for (name, value) in [
        ("X-A", "b\r\nX-Key: stolen"),
        ("X-A", "b\nc"),
        ("X-A", "\u{0}"),
        ("X-A", "ü"),
        ("X-A\r\nB", "c"),
        ("X A", "c"),
        ("", "c"),
        ("X-Key", "mine"),
        ("x-key", "mine"),
    ] {
        let told = told(&connection, json!({"headers": {name: value}}));
        assert!(!told.starts_with("GET"), "{name:?}: {told}");
        assert!(
            !told.contains("stolen") && !told.contains("mine"),
            "values aren't repeated: {told}"
        );
    }
    let mut bearer = connection.clone();
    bearer.auth = Auth::Bearer;
    assert!(!told(&bearer, json!({"headers": {"authorization": "x"}})).starts_with("GET"));
    let mut query = connection.clone();
    query.auth = Auth::ApiKey {
        place: KeyPlace::Query,
        name: "key".into(),
    };
    assert!(!told(&query, json!({"query": {"key": "x"}})).starts_with("GET"));
    assert!(told(&query, json!({"query": {"keys": "x"}})).starts_with("GET"));
}

#[test]
fn calls_are_checked_against_their_operation() {
    let connection = connection();
    for (request, expected) in [
        (
            json!({"operation": "order"}),
            "the path needs a value for `id`",
        ),
        (
            json!({"operation": "none"}),
            "the connection `Shop` has no operation `none`",
        ),
        (
            json!({"operation": "order", "parameters": {"id": 1, "x": 1}}),
            "there is no parameter `x`",
        ),
        (
            json!({"method": "TRACE"}),
            "`TRACE` is not a method that can be used",
        ),
        (
            json!({"operation": "order", "parameters": {"id": 1, "q": ["a b", 2], "X-Trace": true}}),
            r#"GET https://api.example/v1/orders/1?q=a%20b&q=2 [("Accept-Language", "de"), ("X-Trace", "true")] "#,
        ),
        (
            json!({"method": "post", "path": "/orders", "body": {"a": [1]}}),
            r#"POST https://api.example/v1/orders [("Accept-Language", "de"), ("content-type", "application/json")] {"a":[1]}"#,
        ),
    ] {
        assert_eq!(told(&connection, request), expected);
    }
}

fn stored(change: impl Fn(&mut Connection), expected: Expect) {
    let mut connection = connection();
    change(&mut connection);
    let found = match check(connection) {
        Ok(connection) => format!("ok {}", connection.base_url),
        Err(problem) => format!("{} at {:?}", problem.message, problem.place),
    };
    expected.assert_eq(&found);
}

#[test]
fn a_connection_holds_no_secret_and_shows_none_on_the_way() {
    let base = |url: &'static str| move |c: &mut Connection| c.base_url = url.into();
    stored(
        base(" https://api.example/v1/ "),
        expect!["ok https://api.example/v1"],
    );
    stored(
        base("http://localhost:8080"),
        expect!["ok http://localhost:8080"],
    );
    stored(
        base("http://api.example"),
        expect![[
            r#"`http://api.example` is not encrypted, anybody on the way could read the secret at ["base_url"]"#
        ]],
    );
    stored(
        base("https://user:pw@api.example"),
        expect![[r#"the address holds a user name or a password at ["base_url"]"#]],
    );
    stored(
        base("https://api.example/?key=1"),
        expect![[r#"the address holds a query or a fragment at ["base_url"]"#]],
    );
    stored(
        base("file:///etc/passwd"),
        expect![[r#"`file:` is not http or https at ["base_url"]"#]],
    );
    stored(
        base("https://a.example\r\n.evil"),
        expect![[r#"the address holds a line break or another control character at ["base_url"]"#]],
    );
    stored(
        |c| drop(c.headers.insert("Authorization".into(), "Bearer x".into())),
        expect![[
            r#"the header `Authorization` holds a secret, and headers are kept and shown as text at ["headers", "Authorization"]"#
        ]],
    );
    stored(
        |c| drop(c.headers.insert("X-Api-Key".into(), "x".into())),
        expect![[
            r#"the header `X-Api-Key` holds a secret, and headers are kept and shown as text at ["headers", "X-Api-Key"]"#
        ]],
    );
    stored(
        |c| drop(c.headers.insert("A".into(), "b\r\nC: d".into())),
        expect![[
            r#"the value of the header `A` holds a line break or a character that headers can't have at ["headers", "A"]"#
        ]],
    );
    let token = |url: &'static str| {
        move |c: &mut Connection| {
            c.auth = Auth::OAuth2 {
                token_url: url.into(),
                client_id: "me".into(),
                scopes: vec![],
                in_body: false,
            };
        }
    };
    stored(
        token("https://sign.example/token?tenant=1"),
        expect!["ok https://api.example/v1"],
    );
    stored(
        token("http://sign.example/token"),
        expect![[
            r#"`http://sign.example` is not encrypted, anybody on the way could read the secret at ["token_url"]"#
        ]],
    );
    stored(
        token("https://a:b@sign.example/"),
        expect![[r#"the address holds a user name or a password at ["token_url"]"#]],
    );
    stored(
        token("ftp://sign.example/"),
        expect![[r#"`ftp:` is not http or https at ["token_url"]"#]],
    );
}

#[test]
fn another_server_is_another_server() {
    let one = connection();
    let with = |url: &str| {
        let mut other = connection();
        other.base_url = url.into();
        other
    };
    assert!(same_servers(&one, &with("https://api.example/v2")));
    for url in [
        "https://api.example.evil/v1",
        "https://api.example:8443/v1",
        "http://api.example/v1",
        "https://other.example",
    ] {
        assert!(!same_servers(&one, &with(url)), "{url}");
    }
    let sign_in = |url: &str| {
        let mut other = connection();
        other.auth = Auth::OAuth2 {
            token_url: url.into(),
            client_id: "me".into(),
            scopes: vec![],
            in_body: false,
        };
        other
    };
    assert!(same_servers(
        &sign_in("https://a.example/t"),
        &sign_in("https://a.example/u")
    ));
    assert!(!same_servers(
        &sign_in("https://a.example/t"),
        &sign_in("https://b.example/t")
    ));
    assert!(
        !same_servers(&one, &sign_in("https://a.example/t")),
        "another secret"
    );
}
