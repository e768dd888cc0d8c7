//! `AwmFetchPage`: a page's readable text.

use crate::{
    Deps,
    extract::joined,
    failure::{not_found, of_extractor, of_http, service},
    fields::Fields,
};
use awm_ports::{HttpRequest, Redirects, TaskFailure};
use serde_json::{Value, json};

/// Bytes of a page, at most; the largest real ones are smaller.
const MAX_BYTES: u64 = 10 << 20;
const TIMEOUT_MS: u64 = 45_000;

pub(crate) async fn run(deps: &Deps, mut fields: Fields) -> Result<Value, TaskFailure> {
    let url = fields.name("url")?;
    fields.finish()?;
    let response = deps
        .http
        .send(HttpRequest {
            method: "GET".into(),
            url: url.clone(),
            headers: vec![("accept".into(), "text/html, text/*;q=0.9, */*;q=0.5".into())],
            body: Vec::new(),
            timeout_ms: TIMEOUT_MS,
            max_bytes: MAX_BYTES,
            redirects: Redirects::Follow,
        })
        .await
        .map_err(of_http)?;
    match response.status {
        200..=299 => {}
        404 | 410 => {
            return Err(not_found(format!(
                "there is no page at `{url}`: status {}",
                response.status
            )));
        }
        status => return Err(service(format!("`{url}` answered with status {status}"))),
    }
    let media_type = response
        .headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str())
        .unwrap_or_default();
    let name = name(&response.url, media_type);
    let page = deps
        .extractor
        .extract_bytes(&name, response.body)
        .await
        .map_err(of_extractor)?;
    let title = page
        .title
        .clone()
        .filter(|title| !title.trim().is_empty())
        .unwrap_or(name);
    Ok(json!({"url": response.url, "title": title, "markdown": joined(&page)}))
}

/// A name that tells the kind: the address's last part, with an ending if it has none.
fn name(url: &str, media_type: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path
        .split_once("://")
        .map_or(path, |(_, rest)| rest)
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    let ending = match kind {
        "text/html" | "application/xhtml+xml" | "" => "html",
        "text/markdown" => "md",
        "text/csv" => "csv",
        "application/pdf" => "pdf",
        _ => "txt",
    };
    if last.to_ascii_lowercase().ends_with(&format!(".{ending}")) {
        last.to_owned()
    } else {
        format!("{last}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_tell_the_kind() {
        for (url, media_type, expected) in [
            (
                "https://a.example/guide.html",
                "text/html; charset=utf-8",
                "guide.html",
            ),
            ("https://a.example/guide/", "text/html", "guide.html"),
            ("https://a.example", "", "a.example.html"),
            ("https://a.example/a.php?id=1#x", "text/html", "a.php.html"),
            ("https://a.example/list.CSV", "text/csv", "list.CSV"),
            ("https://a.example/report", "application/pdf", "report.pdf"),
            ("https://a.example/robots.txt", "text/plain", "robots.txt"),
        ] {
            assert_eq!(name(url, media_type), expected, "{url}");
        }
    }
}
