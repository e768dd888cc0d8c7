//! Lists that APIs answer with: where the items are, their fields, the next page.

use awm_api::crawl::{ApiSpec, Paging};
use awm_asl::{
    jsonata::{Bindings, Expression, Session, expression_of},
    random::Seeded,
};
use serde_json::Value;
use url::Url;

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is told apart by.
    pub id: String,
    /// Its title; the id if it has none.
    pub title: String,
    /// Its text, Markdown or HTML as it came.
    pub text: String,
    /// The address that a person opens.
    pub link: Option<String>,
    /// When it changed, as it says; empty if it doesn't.
    pub updated: String,
}

/// Why a list can't be read: a sentence that names the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadList(pub String);

/// Checks the pointers and expressions of a list before anything is fetched.
pub fn check(spec: &ApiSpec) -> Result<(), BadList> {
    crate::address::absolute(&spec.url)
        .map_err(|error| BadList(format!("`{}` can't be called: {error}", spec.url)))?;
    if !matches!(spec.method.to_ascii_uppercase().as_str(), "GET" | "POST") {
        return Err(BadList(format!(
            "`{}` is neither GET nor POST",
            spec.method
        )));
    }
    if spec.id.trim().is_empty() {
        return Err(BadList("the field with an item's id is missing".into()));
    }
    for place in [
        &spec.items,
        &spec.id,
        &spec.title,
        &spec.text,
        &spec.link,
        &spec.updated,
    ] {
        Place::parse(place)?;
    }
    match &spec.paging {
        Paging::Cursor { pointer, parameter } => {
            Place::parse(pointer)?;
            named(parameter)
        }
        Paging::Number { parameter, .. } => named(parameter),
        Paging::Next { pointer } => Place::parse(pointer).map(drop),
        Paging::None => Ok(()),
    }
}

fn named(parameter: &str) -> Result<(), BadList> {
    match parameter.trim().is_empty() {
        true => Err(BadList("the parameter of the paging has no name".into())),
        false => Ok(()),
    }
}

/// The items of an answer, each or the reason why it is none.
pub fn read(spec: &ApiSpec, answer: &Value) -> Result<Vec<Result<Item, BadList>>, BadList> {
    let items = match Place::parse(&spec.items)?.find(answer)? {
        Some(Value::Array(items)) => items,
        Some(other) if spec.items.trim().is_empty() => vec![other],
        // JSONata gives a list of one as that one.
        Some(one @ Value::Object(_)) if expression_of(spec.items.trim()).is_some() => vec![one],
        None if expression_of(spec.items.trim()).is_some() => Vec::new(),
        Some(_) => {
            return Err(BadList(format!(
                "`{}` is no list in the answer",
                spec.items
            )));
        }
        None => {
            return Err(BadList(format!(
                "there is no `{}` in the answer",
                spec.items
            )));
        }
    };
    let places = Places {
        id: Place::parse(&spec.id)?,
        title: Place::parse(&spec.title)?,
        text: Place::parse(&spec.text)?,
        link: Place::parse(&spec.link)?,
        updated: Place::parse(&spec.updated)?,
    };
    Ok(items.iter().map(|item| places.item(spec, item)).collect())
}

struct Places<'a> {
    id: Place<'a>,
    title: Place<'a>,
    text: Place<'a>,
    link: Place<'a>,
    updated: Place<'a>,
}

impl Places<'_> {
    fn item(&self, spec: &ApiSpec, item: &Value) -> Result<Item, BadList> {
        let word = |place: &Place<'_>, given: &str| match given.trim().is_empty() {
            true => Ok(String::new()),
            false => Ok::<_, BadList>(
                place
                    .find(item)?
                    .map(|value| words(&value))
                    .unwrap_or_default(),
            ),
        };
        let id = word(&self.id, &spec.id)?;
        if id.trim().is_empty() {
            return Err(BadList(format!("an item has no `{}`", spec.id)));
        }
        let title = word(&self.title, &spec.title)?;
        let text = match spec.text.trim().is_empty() {
            true => fields(item),
            false => word(&self.text, &spec.text)?,
        };
        let link = word(&self.link, &spec.link)?;
        Ok(Item {
            title: if title.trim().is_empty() {
                id.clone()
            } else {
                title
            },
            id,
            text,
            link: Some(link).filter(|link| !link.is_empty()),
            updated: word(&self.updated, &spec.updated)?,
        })
    }
}

/// What is asked next; none if the list is at its end. `page` counts from 0, `items` is how many the answer held.
pub fn next(
    spec: &ApiSpec,
    at: &Url,
    page: u32,
    items: usize,
    answer: &Value,
    link_header: Option<&str>,
) -> Option<Url> {
    match &spec.paging {
        Paging::None => None,
        Paging::Next { pointer } => {
            let target = match pointer.trim().is_empty() {
                true => crate::html::link_header(link_header?, "next")?.to_owned(),
                false => match Place::parse(pointer).ok()?.find(answer).ok()?? {
                    Value::String(next) if !next.is_empty() => next,
                    _ => return None,
                },
            };
            at.join(&target).ok().filter(|next| next != at)
        }
        Paging::Cursor { pointer, parameter } => {
            let cursor = words(&Place::parse(pointer).ok()?.find(answer).ok()??);
            let usable = !cursor.is_empty() && cursor != "null" && cursor != "false";
            usable
                .then(|| with(at, parameter, &cursor))
                .filter(|next| next != at)
        }
        Paging::Number {
            parameter,
            first,
            step,
        } => (items > 0).then(|| {
            let number = u64::from(*first) + (u64::from(page) + 1) * u64::from((*step).max(1));
            with(at, parameter, &number.to_string())
        }),
    }
}

/// The address of the first page.
pub fn first(spec: &ApiSpec) -> Option<Url> {
    let url = Url::parse(spec.url.trim()).ok()?;
    Some(match &spec.paging {
        Paging::Number {
            parameter, first, ..
        } => with(&url, parameter, &first.to_string()),
        _ => url,
    })
}

/// The address with a parameter in place of one of the same name.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let mut changed = url.clone();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(name, value);
    changed
}

enum Place<'a> {
    Pointer(&'a str),
    Expression(Expression),
}

impl<'a> Place<'a> {
    fn parse(text: &'a str) -> Result<Self, BadList> {
        let text = text.trim();
        if let Some(source) = expression_of(text) {
            return Expression::parse(source)
                .map(Self::Expression)
                .map_err(|error| BadList(format!("`{text}` is no JSONata: {error}")));
        }
        match text.is_empty() || text.starts_with('/') {
            true => Ok(Self::Pointer(text)),
            false => Err(BadList(format!(
                "`{text}` is neither a JSON Pointer such as `/items` nor JSONata in `{{% … %}}`"
            ))),
        }
    }

    fn find(&self, value: &Value) -> Result<Option<Value>, BadList> {
        match self {
            Self::Pointer(pointer) => Ok(value.pointer(pointer).cloned()),
            Self::Expression(expression) => {
                let bindings = Bindings {
                    states: &[("input", value)],
                    variables: &(),
                    // Nothing of a list depends on the time or on chance, so that it reads the same each time.
                    now: 0,
                };
                Session::new(bindings, &mut Seeded::new(0))
                    .evaluate(expression)
                    .map_err(|error| BadList(format!("`{}`: {error}", expression.source())))
            }
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(words).collect::<Vec<_>>().join("\n\n"),
        other => other.to_string(),
    }
}

/// All fields of an item, a line each.
fn fields(item: &Value) -> String {
    match item {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("**{name}**: {}", words(value)))
            .collect::<Vec<_>>()
            .join("\n\n"),
        other => words(other),
    }
}
