//! Lists of APIs.
#![cfg(test)]

use awm_api::crawl::{ApiSpec, Paging};
use awm_crawl::items::{check, first, next, read};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn spec(items: &str, id: &str) -> ApiSpec {
    serde_json::from_value(
        json!({"url": "https://api.example/v1/things?per=2", "items": items, "id": id}),
    )
    .unwrap()
}

fn told(spec: &ApiSpec, answer: &Value, expected: Expect) {
    let told = match check(spec).and_then(|()| read(spec, answer)) {
        Err(error) => error.to_string(),
        Ok(items) => items
            .into_iter()
            .map(|item| match item {
                Ok(item) => format!(
                    "{} | {} | {:?} | {:?} | {}",
                    item.id, item.title, item.text, item.link, item.updated
                ),
                Err(error) => error.to_string(),
            })
            .collect::<Vec<_>>()
            .join("\n"),
    };
    expected.assert_eq(&told);
}

#[test]
fn items_by_pointer_and_by_jsonata() {
    let answer = json!({"data": {"things": [
        {"id": 7, "name": "Lamp", "body": "A lamp.", "url": "https://a.example/7", "at": "2026"},
        {"name": "no id"},
        {"id": "x", "body": null},
    ]}});
    let mut pointers = spec("/data/things", "/id");
    pointers.title = "/name".into();
    pointers.text = "/body".into();
    pointers.link = "/url".into();
    pointers.updated = "/at".into();
    told(
        &pointers,
        &answer,
        expect![[r#"
            7 | Lamp | "A lamp." | Some("https://a.example/7") | 2026
            an item has no `/id`
            x | x | "" | None | "#]],
    );
    let mut expressions = spec(
        "{% $states.input.data.things[$exists(id)] %}",
        "{% 'thing-' & $states.input.id %}",
    );
    expressions.text = "{% $uppercase($states.input.name) %}".into();
    told(
        &expressions,
        &answer,
        expect![[r#"
            thing-7 | thing-7 | "LAMP" | None | 
            thing-x | thing-x | "" | None | "#]],
    );
    told(
        &spec("", "/a"),
        &json!([{"a": 1, "b": [1, "two"], "c": null}]),
        expect![[r#"1 | 1 | "**a**: 1\n\n**b**: 1\n\ntwo" | None | "#]],
    );
}

#[test]
fn names_what_is_wrong() {
    told(
        &spec("items", "/id"),
        &json!({}),
        expect!["`items` is neither a JSON Pointer such as `/items` nor JSONata in `{% … %}`"],
    );
    told(
        &spec("/items", "/id"),
        &json!({}),
        expect!["there is no `/items` in the answer"],
    );
    told(
        &spec("/items", "/id"),
        &json!({"items": 3}),
        expect!["`/items` is no list in the answer"],
    );
    told(
        &spec("{% ( %}", "/id"),
        &json!({}),
        expect!["`{% ( %}` is no JSONata: S0207: Unexpected end of expression"],
    );
    told(
        &spec("", ""),
        &json!([]),
        expect!["the field with an item's id is missing"],
    );
    told(
        &spec("{% $states.input.none %}", "/id"),
        &json!({}),
        expect![""],
    );
    let mut wrong = spec("", "/id");
    wrong.method = "DELETE".into();
    told(
        &wrong,
        &json!([]),
        expect!["`DELETE` is neither GET nor POST"],
    );
    wrong.method = "get".into();
    wrong.url = "file:///etc/passwd".into();
    told(
        &wrong,
        &json!([]),
        expect!["`file:///etc/passwd` can't be called: it is neither http nor https"],
    );
}

#[test]
fn further_pages() {
    let mut list = spec("", "/id");
    let at = first(&list).unwrap();
    let answer = json!({"next": "/v1/things?page=2", "cursor": "a b", "more": null});
    let mut asked = |paging: Paging, page, items, header| {
        list.paging = paging;
        next(&list, &at, page, items, &answer, header).map(|url| url.to_string())
    };
    assert_eq!(asked(Paging::None, 0, 5, None), None);
    let pointer = |text: &str| Paging::Next {
        pointer: text.into(),
    };
    assert_eq!(
        asked(pointer("/next"), 0, 5, None).as_deref(),
        Some("https://api.example/v1/things?page=2")
    );
    assert_eq!(asked(pointer("/more"), 0, 5, None), None);
    assert_eq!(
        asked(pointer(""), 0, 5, Some("<?page=3>; rel=\"next\"")).as_deref(),
        Some("https://api.example/v1/things?page=3")
    );
    assert_eq!(asked(pointer(""), 0, 5, None), None);
    // A next page that is the same page is no next page.
    assert_eq!(asked(pointer(""), 0, 5, Some("<?per=2>; rel=next")), None);
    let cursor = |text: &str| Paging::Cursor {
        pointer: text.into(),
        parameter: "after".into(),
    };
    assert_eq!(
        asked(cursor("/cursor"), 0, 5, None).as_deref(),
        Some("https://api.example/v1/things?per=2&after=a+b")
    );
    assert_eq!(asked(cursor("/more"), 0, 5, None), None);
    let number = || Paging::Number {
        parameter: "per".into(),
        first: 1,
        step: 10,
    };
    assert_eq!(
        asked(number(), 1, 5, None).as_deref(),
        Some("https://api.example/v1/things?per=21")
    );
    assert_eq!(asked(number(), 1, 0, None), None);
}
