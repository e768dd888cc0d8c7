//! Answers of ListObjectsV2.

use crate::xml::{Step, text, walk};

/// A part of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects.
    pub objects: Vec<Object>,
    /// What the next part is asked for with.
    pub next: Option<String>,
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its ETag, with its quotes.
    pub etag: String,
    /// Its bytes.
    pub size: u64,
    /// When it was stored, as written.
    pub modified: String,
}

/// Reads an answer; the code of the error if it is one, such as `NoSuchBucket`.
pub fn listing(bytes: &[u8]) -> Result<Listing, String> {
    let text = text(bytes);
    let mut found = Listing::default();
    let mut object = Object::default();
    let (mut path, mut field) = (Vec::<String>::new(), String::new());
    let (mut code, mut is_list) = (String::new(), false);
    let whole = walk(&text, |step| {
        match step {
            Step::Open(name, _) => {
                is_list |= path.is_empty() && name == "listbucketresult";
                path.push(name.to_owned());
                field.clear();
            }
            Step::Text(part) => field.push_str(part),
            Step::Close(name) => {
                let value = std::mem::take(&mut field);
                path.pop();
                match (path.last().map_or("", String::as_str), name) {
                    ("contents", "key") => object.key = value,
                    ("contents", "etag") => object.etag = value,
                    ("contents", "size") => object.size = value.trim().parse().unwrap_or(0),
                    ("contents", "lastmodified") => object.modified = value,
                    ("listbucketresult", "contents") => {
                        found.objects.push(std::mem::take(&mut object));
                    }
                    ("listbucketresult", "nextcontinuationtoken") => found.next = Some(value),
                    ("error", "code") => code = value,
                    _ => {}
                }
            }
        }
        true
    });
    match is_list && whole {
        true => Ok(found),
        false if code.is_empty() => Err("the answer is no listing".into()),
        false => Err(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::{bucket_url, list_url, object_url};
    use awm_api::crawl::BucketSpec;
    use url::Url;

    #[test]
    fn reads_listings_and_errors() {
        let found = listing(
            b"<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><Name>b</Name><NextContinuationToken>t/1=</NextContinuationToken>\
              <Contents><Key>docs/a &amp; b.txt</Key><LastModified>2026-01-01T00:00:00Z</LastModified><ETag>&quot;e1&quot;</ETag><Size>12</Size>\
              <Owner><ID>x</ID></Owner></Contents></ListBucketResult>",
        )
        .unwrap();
        assert_eq!(found.next.as_deref(), Some("t/1="));
        assert_eq!(
            found.objects,
            [Object {
                key: "docs/a & b.txt".into(),
                etag: "\"e1\"".into(),
                size: 12,
                modified: "2026-01-01T00:00:00Z".into()
            }]
        );
        assert_eq!(
            listing(b"<Error><Code>NoSuchBucket</Code></Error>"),
            Err("NoSuchBucket".into())
        );
        assert_eq!(listing(b"<html>"), Err("the answer is no listing".into()));
        assert_eq!(
            listing(b"<ListBucketResult><Contents>"),
            Ok(Listing::default()),
            "an answer that is cut short holds nothing"
        );
    }

    #[test]
    fn addresses() {
        let mut spec = BucketSpec {
            endpoint: String::new(),
            region: "eu-west-1".into(),
            bucket: "my-docs".into(),
            prefix: String::new(),
            credential: None,
            max_items: 1,
        };
        let told = |spec: &BucketSpec| {
            bucket_url(spec).map_or_else(|error| error.to_string(), |url| url.to_string())
        };
        assert_eq!(told(&spec), "https://my-docs.s3.eu-west-1.amazonaws.com/");
        spec.bucket = "my.docs".into();
        assert_eq!(told(&spec), "https://s3.eu-west-1.amazonaws.com/my.docs/");
        spec.endpoint = "http://store.example:9000/".into();
        assert_eq!(told(&spec), "http://store.example:9000/my.docs/");
        let bucket = Url::parse("http://store.example:9000/my.docs/").unwrap();
        assert_eq!(
            list_url(&bucket, "a b/ü", Some("x+y/=")).as_str(),
            "http://store.example:9000/my.docs/?continuation-token=x%2By%2F%3D&list-type=2&max-keys=1000&prefix=a%20b%2F%C3%BC"
        );
        let object = |key: &str| object_url(&bucket, key).map(|url| url.to_string());
        assert_eq!(
            object("a b/ü?#%.txt").as_deref(),
            Some("http://store.example:9000/my.docs/a%20b/%C3%BC%3F%23%25.txt")
        );
        for key in ["../x", "a/../b", "a/./b"] {
            assert_eq!(object(key), None, "{key}");
        }
        for (bucket, region, endpoint) in [
            ("a", "r", ""),
            ("../etc", "r", ""),
            ("b@c", "r", ""),
            ("good", "r.evil.example/", ""),
            ("good", "r", "ftp://x"),
            ("good", "r", "http://u:p@x"),
        ] {
            let spec = BucketSpec {
                bucket: bucket.into(),
                region: region.into(),
                endpoint: endpoint.into(),
                ..spec.clone()
            };
            assert!(bucket_url(&spec).is_err(), "{bucket} {region} {endpoint}");
        }
    }
}
