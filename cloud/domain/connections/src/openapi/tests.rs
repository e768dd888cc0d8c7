use super::read;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn told(text: &str) -> String {
    match read(text) {
        Ok(found) => {
            let mut lines = vec![format!(
                "{} {:?} {:?}",
                found.title, found.base_url, found.auth
            )];
            for operation in &found.operations {
                let parameters: Vec<String> = operation
                    .parameters
                    .iter()
                    .map(|p| {
                        format!(
                            "{:?} {}{} {}",
                            p.place,
                            p.name,
                            if p.required { "!" } else { "" },
                            p.schema
                        )
                    })
                    .collect();
                lines.push(format!(
                    "{}: {} {} {parameters:?}",
                    operation.id, operation.method, operation.path
                ));
                if let Some(body) = &operation.body {
                    lines.push(format!(
                        "  body {} {} {}",
                        body.media_type, body.required, body.schema
                    ));
                }
                if let Some(schema) = &operation.response.schema {
                    lines.push(format!("  answers {schema}"));
                }
            }
            lines.extend(found.notes.iter().map(|note| format!("note: {note}")));
            lines.join("\n")
        }
        Err(problem) => format!("{} at {:?}", problem.message, problem.place),
    }
}

fn check(document: Value, expected: Expect) {
    expected.assert_eq(&told(&document.to_string()));
}

#[test]
fn reads_yaml_with_references() {
    let text = r##"
openapi: 3.0.3
info: {title: Orders, version: "1"}
servers:
  - url: https://{region}.api.example/v1/
    variables: {region: {default: eu}}
security: [{app: [orders]}]
paths:
  /orders/{id}:
    parameters:
      - $ref: "#/components/parameters/Id"
    get:
      operationId: getOrder
      summary: One order
      parameters:
        - {name: expand, in: query, schema: {type: array, items: {type: string}}}
        - {name: session, in: cookie, schema: {type: string}}
      responses:
        "200": {$ref: "#/components/responses/Order"}
    put:
      requestBody:
        required: true
        content:
          application/xml: {}
          application/json; charset=utf-8: {schema: {$ref: "#/components/schemas/Order"}}
      responses: {"204": {description: done}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  responses:
    Order: {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Order:
      type: object
      properties:
        id: {type: string, nullable: true}
        parts: {type: array, items: {$ref: "#/components/schemas/Order"}}
  securitySchemes:
    app: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {orders: x}}}}
"##;
    expect![[r#"
        Orders Some("https://eu.api.example/v1") OAuth2 { token_url: "https://eu.api.example/token", client_id: "", scopes: ["orders"], in_body: false }
        getOrder: GET /orders/{id} ["Path id! {\"type\":\"string\"}", "Query expand {\"type\":\"array\",\"items\":{\"type\":\"string\"}}"]
          answers {"type":"object","properties":{"id":{"type":["string","null"]},"parts":{"type":"array","items":true}}}
        PUT /orders/{id}: PUT /orders/{id} ["Path id! {\"type\":\"string\"}"]
          body application/json; charset=utf-8 true {"type":"object","properties":{"id":{"type":["string","null"]},"parts":{"type":"array","items":true}}}
        note: to sign in, enter the client secret under Authentication
        note: GET /orders/{id}: the cookie `session` can't be sent
        note: 2 schemas refer to themselves or are too large; beyond that point they allow anything"#]]
    .assert_eq(&told(text));
}

#[test]
fn names_what_is_wrong_and_where() {
    check(
        json!({"swagger": "2.0"}),
        expect![[
            r#"this is a Swagger 2.0 document, which has another form than OpenAPI 3 at ["swagger"]"#
        ]],
    );
    check(
        json!({"openapi": "4.0"}),
        expect![[r#"OpenAPI `4.0` is not a version that can be read at ["openapi"]"#]],
    );
    check(
        json!({"info": {}}),
        expect!["this is not an OpenAPI document: it has no field `openapi` at []"],
    );
    check(
        json!({"openapi": "3.1.0", "paths": []}),
        expect![[r#"`paths` is not an object at ["paths"]"#]],
    );
    check(
        json!({"openapi": "3.1.0", "paths": {"orders": {}}}),
        expect![[r#"the path `orders` does not begin with `/` at ["paths", "orders"]"#]],
    );
    check(
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query"}]}}}}),
        expect![[r#"a parameter has no name at ["paths", "/a", "get", "parameters", "0"]"#]],
    );
    check(
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "body"}]}}}}),
        expect![[
            r#"it is not said where `q` stands at ["paths", "/a", "get", "parameters", "0", "in"]"#
        ]],
    );
    expect!["the document is not JSON: expected value at line 2 column 3 at []"]
        .assert_eq(&told("{\"a\":\n  x}"));
    assert!(
        told("openapi: 3.0.0\npaths:\n\t/a: {}\n").starts_with("line "),
        "{}",
        told("a:\n\tb")
    );
    assert!(!told("").is_empty() && !told("[]").is_empty() && !told("hello").is_empty());
}

#[test]
fn leaves_out_what_cannot_be_used_and_says_so() {
    check(
        json!({"openapi": "3.1.0", "info": {"title": "A\nB"}, "servers": [{"url": "/v1"}],
            "components": {"securitySchemes": {"sso": {"type": "openIdConnect"}}},
            "paths": {
                "/a": {"get": {"parameters": [{"$ref": "other.yaml#/p"}, {"$ref": "#/none"}, {"$ref": "#/paths/~1a/get/parameters/2"}]}},
                "/b/{x}": {"get": {"operationId": "same"}, "trace": {}},
                "/c": {"post": {"operationId": "same", "requestBody": {"content": {"image/png": {}}}}},
                "x-other": 5}}),
        expect![[r#"
            A None None
            GET /a: GET /a []
            same: GET /b/{x} ["Path x! true"]
            same 2: POST /c []
            note: the server's address `/v1` is not a whole one: enter it under Settings
            note: the sign-in `sso` is of a kind that can't be used
            note: GET /a: `other.yaml#/p` lies outside of the document, and is not fetched
            note: GET /a: `#/none` leads nowhere
            note: GET /a: the references lead in a circle
            note: POST /c: its body is of a kind that can't be written here"#]],
    );
}

#[test]
fn a_document_of_references_to_references_stays_small() {
    // Each schema holds the next one ten times: written out, 10^30 parts.
    let mut schemas = serde_json::Map::new();
    for n in 0..30 {
        let next = json!({"$ref": format!("#/components/schemas/S{}", n + 1)});
        let properties: serde_json::Map<String, Value> = (0..10)
            .map(|field| (format!("f{field}"), next.clone()))
            .collect();
        schemas.insert(
            format!("S{n}"),
            json!({"type": "object", "properties": properties}),
        );
    }
    schemas.insert("S30".into(), json!({"type": "string"}));
    let answer = json!({"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}}});
    let paths: serde_json::Map<String, Value> = (0..500)
        .map(|n| (format!("/p{n}"), json!({"get": answer})))
        .collect();
    let document = json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}});
    let found = read(&document.to_string()).unwrap();
    let size: usize = found
        .operations
        .iter()
        .map(|operation| {
            operation
                .response
                .schema
                .as_ref()
                .unwrap()
                .to_string()
                .len()
        })
        .sum();
    assert!(size < 20 << 20, "{size} bytes");
    assert!(
        found.notes.iter().any(|note| note.contains("too large")),
        "{:?}",
        found.notes
    );
}
