use super::{Path, Scope};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn data() -> Value {
    json!({
        "store": {
            "book": [
                { "title": "A", "price": 8, "tags": ["x"] },
                { "title": "B", "price": 12.5 },
                { "title": "C", "price": 9, "tags": [] },
            ],
            "bicycle": { "price": 20 },
        },
        "a b": { "it's": 1 },
        "n": null,
        "t": "text",
    })
}

/// Evaluates each path; a line for each.
fn check(paths: &[&str], expected: Expect) {
    let (input, context) = (data(), json!({ "Execution": { "Id": "id" } }));
    let variables = BTreeMap::from([("v".to_owned(), json!({ "k": [1, 2] }))]);
    let scope = Scope {
        input: &input,
        context: &context,
        variables: &variables,
    };
    let mut told = String::new();
    for text in paths {
        let line = match Path::parse(text) {
            Ok(path) => match path.evaluate(&scope) {
                Ok(value) => value.to_string(),
                Err(error) => format!("error: {error}"),
            },
            Err(error) => format!("syntax: {error}"),
        };
        told.push_str(&format!("{text} -> {line}\n"));
    }
    expected.assert_eq(&told);
}

#[test]
fn a_path_to_one_place_gives_its_value() {
    check(
        &[
            "$.store.bicycle",
            "$['store']['book'][1]['title']",
            "$.store.book[-1].title",
            "$['a b']['it\\'s']",
            "$.n",
            "$$.Execution.Id",
            "$v.k[1]",
            "$v",
        ],
        expect![[r#"
            $.store.bicycle -> {"price":20}
            $['store']['book'][1]['title'] -> "B"
            $.store.book[-1].title -> "C"
            $['a b']['it\'s'] -> 1
            $.n -> null
            $$.Execution.Id -> "id"
            $v.k[1] -> 2
            $v -> {"k":[1,2]}
        "#]],
    );
}

#[test]
fn a_path_to_many_places_gives_a_list() {
    check(
        &[
            "$.store.book[*].title",
            "$.store.book[:2].price",
            "$.store.book[-2:].title",
            "$.store.book[0,2].title",
            "$..price",
            "$.store.*",
            "$.store.book[*].none",
            "$.store.book[5:]",
        ],
        expect![[r#"
            $.store.book[*].title -> ["A","B","C"]
            $.store.book[:2].price -> [8,12.5]
            $.store.book[-2:].title -> ["B","C"]
            $.store.book[0,2].title -> ["A","C"]
            $..price -> [8,12.5,9,20]
            $.store.* -> [[{"title":"A","price":8,"tags":["x"]},{"title":"B","price":12.5},{"title":"C","price":9,"tags":[]}],{"price":20}]
            $.store.book[*].none -> []
            $.store.book[5:] -> []
        "#]],
    );
}

#[test]
fn filters_choose_items() {
    check(
        &[
            "$.store.book[?(@.price < 10)].title",
            "$.store.book[?(@.price > 8 && @.price <= 12.5)].title",
            "$.store.book[?(@.title == 'A' || @.title == \"C\")].price",
            "$.store.book[?(@.tags)].title",
            "$.store.book[?(!@.tags)].title",
            "$.store.book[?(@.title in ['B','C'])].title",
            "$.store.book[?(@.tags size 1)].title",
            "$.store.book[?(@.tags empty true)].title",
            "$.store.book[?(@.price < $.store.bicycle.price)].title",
            "$..book[?(@.title != 'A')].title",
        ],
        expect![[r#"
            $.store.book[?(@.price < 10)].title -> ["A","C"]
            $.store.book[?(@.price > 8 && @.price <= 12.5)].title -> ["B","C"]
            $.store.book[?(@.title == 'A' || @.title == "C")].price -> [8,9]
            $.store.book[?(@.tags)].title -> ["A","C"]
            $.store.book[?(!@.tags)].title -> ["B"]
            $.store.book[?(@.title in ['B','C'])].title -> ["B","C"]
            $.store.book[?(@.tags size 1)].title -> ["A"]
            $.store.book[?(@.tags empty true)].title -> ["C"]
            $.store.book[?(@.price < $.store.bicycle.price)].title -> ["A","B","C"]
            $..book[?(@.title != 'A')].title -> ["B","C"]
        "#]],
    );
}

#[test]
fn functions_count_and_sum() {
    check(
        &[
            "$.store.book.length()",
            "$.store.book[*].price.max()",
            "$..price.sum()",
            "$.store.book[*].price.avg()",
            "$.t.length()",
            "$.store.keys()",
            "$.store.book[9:].price.min()",
        ],
        expect![[r#"
            $.store.book.length() -> 3
            $.store.book[*].price.max() -> 12.5
            $..price.sum() -> 49.5
            $.store.book[*].price.avg() -> 9.833333333333334
            $.t.length() -> 4
            $.store.keys() -> ["book","bicycle"]
            $.store.book[9:].price.min() -> error: Aggregation function attempted to calculate value using empty array
        "#]],
    );
}

#[test]
fn what_is_not_there_is_told_as_aws_tells_it() {
    check(
        &[
            "$.none",
            "$.none.deeper",
            "$.store.none.deeper",
            "$.store.book[7]",
            "$.t.x",
            "$.store[0]",
            "$unknown",
        ],
        expect![[r#"
            $.none -> error: No results for path: $['none']
            $.none.deeper -> error: Missing property in path $['none']
            $.store.none.deeper -> error: Missing property in path $['store']['none']
            $.store.book[7] -> error: No results for path: $['store']['book'][7]
            $.t.x -> error: Expected to find an object with property ['x'] in path $['t'] but found 'com.fasterxml.jackson.databind.node.TextNode'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.
            $.store[0] -> error: Filter: [0] can only be applied to arrays. Current context is: {"book":[{"title":"A","price":8,"tags":["x"]},{"title":"B","price":12.5},{"title":"C","price":9,"tags":[]}],"bicycle":{"price":20}}
            $unknown -> error: No results for path: $unknown
        "#]],
    );
}

#[test]
fn what_is_no_path_is_refused() {
    check(
        &[
            "",
            "store",
            "$.",
            "$..",
            "$[",
            "$['a",
            "$[1",
            "$[x]",
            "$.a b",
            "$[?(@.a]",
            "$[?@.a]",
            "$.a.nofunction()",
            "$1x",
        ],
        expect![[r#"
             -> syntax: `` is not a path: it must begin with `$`
            store -> syntax: `store` is not a path: it must begin with `$`
            $. -> syntax: `$.` is not a path: a name is missing after `.`
            $.. -> syntax: `$..` is not a path: it must not end with `..`
            $[ -> syntax: `$[` is not a path: an index, a name, `*` or a filter is missing in `[]`
            $['a -> syntax: `$['a` is not a path: a closing quote is missing
            $[1 -> syntax: `$[1` is not a path: `]` is missing
            $[x] -> syntax: `$[x]` is not a path: an index, a name, `*` or a filter is missing in `[]`
            $.a b -> syntax: `$.a b` is not a path: unexpected ` b`
            $[?(@.a] -> syntax: `$[?(@.a]` is not a path: `)` is missing in a filter
            $[?@.a] -> syntax: `$[?@.a]` is not a path: `(` is missing after `?`
            $.a.nofunction() -> syntax: `$.a.nofunction()` is not a path: there is no function `nofunction`
            $1x -> syntax: `$1x` is not a path: a variable's name must not begin with a digit
        "#]],
    );
    let deep = format!("$[?({}@.a)]", "(".repeat(10_000));
    assert!(Path::parse(&deep).is_err());
    assert!(Path::parse(&format!("${}", ".a".repeat(100_000))).is_err());
}

#[test]
fn a_reference_path_takes_a_value() {
    let mut told = String::new();
    for (target, path) in [
        (json!({ "a": 1 }), "$.b.c"),
        (json!({ "a": { "b": 1 } }), "$.a.c"),
        (json!({ "a": [1, 2] }), "$.a[1]"),
        (json!({ "a": 1 }), "$.a"),
        (json!({ "a": 1 }), "$.a.b"),
        (json!([1]), "$.a"),
        (json!({ "a": [1] }), "$.a[4]"),
        (json!({}), "$.a[*]"),
        (json!({}), "$"),
    ] {
        let line = match Path::parse(path)
            .unwrap()
            .write(target.clone(), json!("new"))
        {
            Ok(value) => value.to_string(),
            Err(error) => format!("error: {error}"),
        };
        told.push_str(&format!("{target} {path} -> {line}\n"));
    }
    expect![[r#"
        {"a":1} $.b.c -> {"a":1,"b":{"c":"new"}}
        {"a":{"b":1}} $.a.c -> {"a":{"b":1,"c":"new"}}
        {"a":[1,2]} $.a[1] -> {"a":[1,"new"]}
        {"a":1} $.a -> {"a":"new"}
        {"a":1} $.a.b -> error: Unable to apply ReferencePath $.a.b to input {"a":1}
        [1] $.a -> error: Unable to apply ReferencePath $.a to input [1]
        {"a":[1]} $.a[4] -> error: Unable to apply ReferencePath $.a[4] to input {"a":[1]}
        {} $.a[*] -> error: Unable to apply ReferencePath $.a[*] to input {}
        {} $ -> "new"
    "#]]
    .assert_eq(&told);
}
