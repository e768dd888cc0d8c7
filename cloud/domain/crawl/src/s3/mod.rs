//! The little of S3 that reading takes: signed requests, addresses of objects, listings.

mod list;
mod sign;

pub use list::{Listing, Object, listing};
pub use sign::{Key, authorization};

use awm_api::crawl::BucketSpec;
use url::Url;

/// Why a bucket can't be asked: a sentence that names the field's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadBucket(pub String);

/// The address of a bucket: by path where the service is one's own, by name at Amazon's.
pub fn bucket_url(spec: &BucketSpec) -> Result<Url, BadBucket> {
    let bucket = spec.bucket.trim();
    let fits = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
        });
    if !fits {
        return Err(BadBucket(format!("`{bucket}` is no name of a bucket")));
    }
    let region = spec.region.trim();
    if region.is_empty()
        || !region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return Err(BadBucket(format!(
            "`{region}` is no region, such as `eu-west-1`"
        )));
    }
    let endpoint = spec.endpoint.trim().trim_end_matches('/');
    let address = match endpoint.is_empty() {
        // A dot in the name would need a certificate for two levels.
        true if !bucket.contains('.') => format!("https://{bucket}.s3.{region}.amazonaws.com/"),
        true => format!("https://s3.{region}.amazonaws.com/{bucket}/"),
        false => format!("{endpoint}/{bucket}/"),
    };
    crate::address::absolute(&address)
        .map_err(|error| BadBucket(format!("`{endpoint}` can't be called: {error}")))
}

/// The address of the next part of a listing.
pub fn list_url(bucket: &Url, prefix: &str, token: Option<&str>) -> Url {
    let mut query = vec![("list-type", "2"), ("max-keys", "1000"), ("prefix", prefix)];
    query.extend(token.map(|token| ("continuation-token", token)));
    query.sort_unstable();
    let mut url = bucket.clone();
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", sign::encode(value, false)))
        .collect();
    url.set_query(Some(&query.join("&")));
    url
}

/// The address of an object. None for a key that an address can't hold, such as one with `..` as a part.
pub fn object_url(bucket: &Url, key: &str) -> Option<Url> {
    if key.split('/').any(|part| part == "." || part == "..") {
        return None;
    }
    let text = format!("{bucket}{}", sign::encode(key, true));
    Url::parse(&text).ok().filter(|url| url.as_str() == text)
}
