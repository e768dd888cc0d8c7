//! Objects of buckets.

use super::{Entry, MAX_PARTS, source};
use crate::{
    CrawlError,
    fetch::{self, PAGE_BYTES},
    run::{Ended, Run},
    visit::Text,
};
use awm_api::crawl::{BucketSpec, PageReason};
use awm_crawl::{date, s3};
use awm_ports::{HttpRequest, Redirects};
use serde_json::Value;
use url::Url;

/// Takes the objects below a prefix; those that are no longer there leave.
pub(crate) async fn bucket(run: &Run, spec: &BucketSpec) -> Result<Ended, CrawlError> {
    let bucket = s3::bucket_url(spec).map_err(|error| CrawlError::Spec(error.0))?;
    let key = match &spec.credential {
        Some(name) => Some(access_key(run.credential(name).await?.expose())?),
        None => None,
    };
    let (mut token, mut taken) = (None::<String>, 0);
    for _ in 0..MAX_PARTS {
        let url = s3::list_url(&bucket, &spec.prefix, token.as_deref());
        let Some(response) = run.part(signed(run, spec, key.as_ref(), &url), 0).await? else {
            return Ok(Ended::Stopped);
        };
        let listing = match response.status {
            200..=299 => s3::listing(&response.body),
            status => Err(s3::listing(&response.body)
                .err()
                .map_or(format!("status {status}"), |code| {
                    format!("{code} (status {status})")
                })),
        };
        let listing = listing.map_err(|code| {
            source(format!(
                "the bucket `{}` can't be listed: {code}",
                spec.bucket
            ))
        })?;
        for object in &listing.objects {
            if run.stop.is_said() {
                return Ok(Ended::Stopped);
            }
            // Names of folders are no objects to a person.
            if object.key.ends_with('/') {
                continue;
            }
            if taken >= spec.max_items {
                return Ok(Ended::Done);
            }
            taken += 1;
            if one_object(run, spec, key.as_ref(), &bucket, object).await? == Ended::Stopped {
                return Ok(Ended::Stopped);
            }
        }
        token = listing.next;
        if token.is_none() {
            run.forget_unlisted().await?;
            break;
        }
    }
    Ok(Ended::Done)
}

async fn one_object(
    run: &Run,
    spec: &BucketSpec,
    key: Option<&s3::Key>,
    bucket: &Url,
    object: &s3::Object,
) -> Result<Ended, CrawlError> {
    let address = format!("s3://{}/{}", spec.bucket, object.key);
    let Some(mut row) = run
        .row(&Entry {
            url: address.clone(),
            version: &object.etag,
            title: object.key.rsplit('/').next().unwrap_or_default(),
        })
        .await?
    else {
        return Ok(Ended::Done);
    };
    row.page.bytes = object.size;
    if Run::is_known(&row) {
        run.same_version(row).await?;
        return Ok(Ended::Done);
    }
    let text = match s3::object_url(bucket, &object.key) {
        None => Err((
            PageReason::NoItem,
            "no address can hold this key".to_owned(),
        )),
        Some(_) if object.size > PAGE_BYTES => Err((
            PageReason::TooLarge,
            format!("more than {PAGE_BYTES} bytes"),
        )),
        Some(url) => {
            let Some(response) = run.part(signed(run, spec, key, &url), 0).await? else {
                return Ok(Ended::Stopped);
            };
            row.page.status = Some(response.status);
            match response.status {
                200..=299 => run
                    .extract(&object.key, response.body)
                    .await
                    .map(|(media_type, blocks)| Text {
                        name: object.key.clone(),
                        address,
                        media_type,
                        modified_at: date::parse(&object.modified),
                        blocks,
                    })
                    .map_err(|error| (PageReason::Unsupported, error.message)),
                status => Err((
                    PageReason::Status,
                    format!("the store answered with status {status}"),
                )),
            }
        }
    };
    run.take(row, text).await?;
    Ok(Ended::Done)
}

fn signed(run: &Run, spec: &BucketSpec, key: Option<&s3::Key>, url: &Url) -> HttpRequest {
    let headers = match key {
        Some(key) => s3::authorization(key, spec.region.trim(), url, &[], run.now()),
        None => Vec::new(),
    };
    HttpRequest {
        redirects: Redirects::SameOrigin,
        ..fetch::get(url, headers, PAGE_BYTES)
    }
}

fn access_key(text: &str) -> Result<s3::Key, CrawlError> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match (word("id"), word("secret")) {
        (Some(id), Some(secret)) => Ok(s3::Key {
            id,
            secret,
            session: word("session"),
        }),
        _ => Err(source(
            "the credential of the bucket has no `id` or no `secret`",
        )),
    }
}
