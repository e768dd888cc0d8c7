//! Items of APIs.

use super::{Entry, MAX_PARTS, good, source, titled};
use crate::{
    CrawlError,
    fetch::{self, PAGE_BYTES},
    run::{Ended, Run},
    visit::Text,
};
use awm_api::crawl::{ApiSpec, PageReason, Paging};
use awm_crawl::{address, date, items};
use awm_knowledge::markdown_blocks;
use awm_ports::{HttpRequest, Redirects};
use serde_json::Value;
use url::Url;

/// Takes the items of an API's list; those that a whole list no longer holds leave.
pub(crate) async fn api(run: &Run, spec: &ApiSpec) -> Result<Ended, CrawlError> {
    items::check(spec).map_err(|error| CrawlError::Spec(error.0))?;
    let mut next = items::first(spec);
    let start = next.clone();
    let (mut taken, mut whole) = (0, false);
    let mut headers = spec.headers.clone();
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("accept"))
    {
        headers.push(("accept".into(), "application/json".into()));
    }
    let credential = match &spec.credential {
        Some(name) => Some(authorization(run.credential(name).await?.expose())),
        None => None,
    };
    let body = match &spec.body {
        Some(body) => {
            headers.push(("content-type".into(), "application/json".into()));
            body.to_string().into_bytes()
        }
        None => Vec::new(),
    };
    for number in 0..MAX_PARTS {
        let Some(url) = next.take() else {
            break;
        };
        let mut headers = headers.clone();
        // A next page on another server gets no credential.
        if start
            .as_ref()
            .is_some_and(|start| start.origin() == url.origin())
        {
            headers.extend(credential.clone());
        }
        let request = HttpRequest {
            method: spec.method.to_ascii_uppercase(),
            body: body.clone(),
            // A redirect takes no credential along; where there is one, nothing else is asked either.
            redirects: match credential.is_some() {
                true => Redirects::SameOrigin,
                false => Redirects::Follow,
            },
            ..fetch::get(&url, headers, PAGE_BYTES)
        };
        let Some(response) = run.part(request, spec.delay_ms).await? else {
            return Ok(Ended::Stopped);
        };
        good(&response)?;
        let answer: Value = serde_json::from_slice(&response.body)
            .map_err(|error| source(format!("the answer is no JSON: {error}")))?;
        let found = items::read(spec, &answer).map_err(|error| source(error.0))?;
        let count = found.len();
        for (at, item) in found.into_iter().enumerate() {
            if run.stop.is_said() {
                return Ok(Ended::Stopped);
            }
            if taken >= spec.max_items {
                return Ok(Ended::Done);
            }
            taken += 1;
            one_item(run, spec, &url, at, item).await?;
        }
        next = items::next(
            spec,
            &url,
            number,
            count,
            &answer,
            fetch::header(&response, "link"),
        );
        whole = next.is_none();
        if spec.paging == Paging::None {
            break;
        }
    }
    if whole {
        run.forget_unlisted().await?;
    }
    Ok(Ended::Done)
}

async fn one_item(
    run: &Run,
    spec: &ApiSpec,
    at: &Url,
    place: usize,
    item: Result<items::Item, items::BadList>,
) -> Result<(), CrawlError> {
    let item = match item {
        Ok(item) => item,
        Err(why) => {
            let entry = Entry {
                url: format!("{at}#{place}"),
                version: "",
                title: "",
            };
            if let Some(row) = run.row(&entry).await? {
                run.take(row, Err((PageReason::NoItem, why.0))).await?;
            }
            return Ok(());
        }
    };
    let own = format!("{}#{}", spec.url, item.id);
    let Some(mut row) = run
        .row(&Entry {
            url: own.clone(),
            version: &item.updated,
            title: &item.title,
        })
        .await?
    else {
        return Ok(());
    };
    if Run::is_known(&row) {
        return run.same_version(row).await;
    }
    row.page.bytes = item.text.len() as u64;
    let blocks = match item.text.trim_start().starts_with('<') {
        true => run
            .extract("item.html", item.text.into_bytes())
            .await
            .map(|(_, blocks)| blocks)
            .map_err(|error| (PageReason::Unsupported, error.message)),
        false => Ok(markdown_blocks(&item.text)),
    };
    let text = blocks.map(|blocks| Text {
        name: item.title.clone(),
        // Only what a browser can open is opened by a citation.
        address: item
            .link
            .filter(|link| address::absolute(link).is_ok())
            .unwrap_or(own),
        media_type: "application/json".into(),
        modified_at: date::parse(&item.updated),
        blocks: titled(&item.title, blocks),
    });
    run.take(row, text).await
}

/// `Name: value` as it is, anything else as a bearer token.
fn authorization(credential: &str) -> (String, String) {
    match credential.split_once(": ") {
        Some((name, value))
            if name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
        {
            (name.to_owned(), value.to_owned())
        }
        _ => ("authorization".into(), format!("Bearer {credential}")),
    }
}
