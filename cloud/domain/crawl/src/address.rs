//! One spelling for each address, so that a page is visited once.

use url::{Url, form_urlencoded};

/// Bytes of an address, at most: what servers and browsers agree on.
pub const MAX_BYTES: usize = 2_048;

/// Why a link leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It can't be read.
    #[error("it is no address")]
    Malformed,
    /// `mailto:`, `javascript:` and the like.
    #[error("it is neither http nor https")]
    Scheme,
    /// It holds a user name or password.
    #[error("it holds a user name or password")]
    Credentials,
    /// It is longer than [`MAX_BYTES`].
    #[error("it is longer than 2,048 bytes")]
    Long,
}

/// Parameters that tell who sent the visitor, not what is on the page. A name that ends with `*` is a beginning.
const TRACKING: &[&str] = &[
    "utm_*",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "hsctatracking",
    "vero_id",
    "oly_enc_id",
    "oly_anon_id",
    "piwik_*",
    "pk_*",
    "mtm_*",
    "matomo_*",
    "ref_src",
];

/// Parameters that tell one visitor from another.
const SESSION: &[&str] = &[
    "phpsessid",
    "jsessionid",
    "aspsessionid*",
    "asp.net_sessionid",
    "sessionid",
    "session_id",
    "sess_id",
    "sid",
    "cfid",
    "cftoken",
    "zenid",
    "oscsid",
];

/// The address that a link on a page means, in its one spelling.
pub fn normalise(base: &Url, link: &str) -> Result<Url, BadAddress> {
    // What is too long is not parsed first.
    if link.len() > MAX_BYTES * 2 {
        return Err(BadAddress::Long);
    }
    clean(base.join(link.trim()).map_err(|_| BadAddress::Malformed)?)
}

/// An address as a person or a sitemap gives it, in its one spelling.
pub fn absolute(text: &str) -> Result<Url, BadAddress> {
    if text.len() > MAX_BYTES * 2 {
        return Err(BadAddress::Long);
    }
    clean(Url::parse(text.trim()).map_err(|_| BadAddress::Malformed)?)
}

fn clean(mut url: Url) -> Result<Url, BadAddress> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(BadAddress::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Credentials);
    }
    url.set_fragment(None);
    // A host with a dot at its end is the same one, written absolutely.
    let host = url.host_str().ok_or(BadAddress::Malformed)?;
    if host.ends_with('.') {
        let bare = host.trim_end_matches('.').to_owned();
        url.set_host(Some(&bare))
            .map_err(|_| BadAddress::Malformed)?;
    }
    let path = escapes(&without_session(url.path()));
    url.set_path(&path);
    match url.query().map(query) {
        Some(query) if query.is_empty() => url.set_query(None),
        Some(query) => url.set_query(Some(&query)),
        None => {}
    }
    match url.as_str().len() > MAX_BYTES {
        true => Err(BadAddress::Long),
        false => Ok(url),
    }
}

/// Without `;jsessionid=…` in the path.
fn without_session(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| match part.split_once(';') {
            Some((name, parameters))
                if parameters
                    .split('=')
                    .next()
                    .is_some_and(|key| listed(SESSION, key)) =>
            {
                name
            }
            _ => part,
        })
        .collect();
    parts.join("/")
}

/// The query without what doesn't belong to the page; the order stays, as some servers mind it.
fn query(query: &str) -> String {
    let kept: Vec<String> = query
        .split('&')
        .filter(|part| {
            let raw = part.split('=').next().unwrap_or_default();
            let name = form_urlencoded::parse(raw.as_bytes())
                .next()
                .map(|(name, _)| name.into_owned())
                .unwrap_or_default();
            !part.is_empty() && !listed(TRACKING, &name) && !listed(SESSION, &name)
        })
        .map(escapes)
        .collect();
    kept.join("&")
}

fn listed(list: &[&str], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    list.iter().any(|known| match known.strip_suffix('*') {
        Some(begin) => name.starts_with(begin),
        None => *known == name,
    })
}

/// Escapes in capitals, and none for what needs none (RFC 3986, 6.2.2).
pub(crate) fn escapes(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = (byte == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?)))
            .flatten();
        match pair {
            Some((high, low)) => {
                let decoded = high << 4 | low;
                if decoded.is_ascii_alphanumeric() || b"-._~".contains(&decoded) {
                    out.push(char::from(decoded));
                } else {
                    out.push_str(&format!("%{decoded:02X}"));
                }
                at += 3;
            }
            None if byte.is_ascii() => {
                out.push(char::from(byte));
                at += 1;
            }
            None => {
                out.push_str(&format!("%{byte:02X}"));
                at += 1;
            }
        }
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// The address without its scheme: what a document made of it is called.
pub fn shown(url: &Url) -> String {
    let text = url.as_str();
    text.split_once("://")
        .map_or(text, |(_, rest)| rest)
        .trim_end_matches('/')
        .to_owned()
}

/// Scheme, host and port: what one robots.txt speaks for.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(links: &[&str], expected: Expect) {
        let base = Url::parse("https://example.com/docs/guide/index.html").unwrap();
        let told: Vec<String> = links
            .iter()
            .map(|link| match normalise(&base, link) {
                Ok(url) => format!("{link} -> {url}"),
                Err(error) => format!("{link} -> {error}"),
            })
            .collect();
        expected.assert_eq(&told.join("\n"));
    }

    #[test]
    fn one_spelling() {
        check(
            &[
                "",
                "#top",
                "intro.html#a",
                "../x/./y/../z",
                "/a/../../../b",
                "//Other.EXAMPLE/a",
                "HTTP://Example.COM:80/",
                "https://example.com:443",
                "https://example.com:8443/",
                "https://example.com./a",
                "https://example.com../a",
                "/%7Euser/%c3%a4%2f",
                "/%2e%2e/%2E/c",
                "/ä b",
                "/p?",
                "/p?&&",
                "/p?utm_source=x&a=1&UTM_Medium=y&fbclid=z",
                "/p?gclid=1",
                "/p?b=2&a=1",
                "/p?PHPSESSID=abc&q=1",
                "/p;jsessionid=ABC123?x=1",
                "/p;v=1",
                "https://münchen.example/",
                "http://0x7f.1/",
                "http://１２７.0.0.1/",
                "\\\\other\\a",
                "  spaced.html\n",
            ],
            expect![[r#"
                 -> https://example.com/docs/guide/index.html
                #top -> https://example.com/docs/guide/index.html
                intro.html#a -> https://example.com/docs/guide/intro.html
                ../x/./y/../z -> https://example.com/docs/x/z
                /a/../../../b -> https://example.com/b
                //Other.EXAMPLE/a -> https://other.example/a
                HTTP://Example.COM:80/ -> http://example.com/
                https://example.com:443 -> https://example.com/
                https://example.com:8443/ -> https://example.com:8443/
                https://example.com./a -> https://example.com/a
                https://example.com../a -> https://example.com/a
                /%7Euser/%c3%a4%2f -> https://example.com/~user/%C3%A4%2F
                /%2e%2e/%2E/c -> https://example.com/c
                /ä b -> https://example.com/%C3%A4%20b
                /p? -> https://example.com/p
                /p?&& -> https://example.com/p
                /p?utm_source=x&a=1&UTM_Medium=y&fbclid=z -> https://example.com/p?a=1
                /p?gclid=1 -> https://example.com/p
                /p?b=2&a=1 -> https://example.com/p?b=2&a=1
                /p?PHPSESSID=abc&q=1 -> https://example.com/p?q=1
                /p;jsessionid=ABC123?x=1 -> https://example.com/p?x=1
                /p;v=1 -> https://example.com/p;v=1
                https://münchen.example/ -> https://xn--mnchen-3ya.example/
                http://0x7f.1/ -> http://127.0.0.1/
                http://１２７.0.0.1/ -> http://127.0.0.1/
                \\other\a -> https://other/a
                  spaced.html
                 -> https://example.com/docs/guide/spaced.html"#]],
        );
        check(
            &[
                "mailto:a@b.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://example.com/",
                "tel:+1",
                "https://user@example.com/",
                "https://u:p@example.com/",
                "http://",
                "https://[::1",
            ],
            expect![[r#"
                mailto:a@b.example -> it is neither http nor https
                javascript:alert(1) -> it is neither http nor https
                data:text/html,x -> it is neither http nor https
                ftp://example.com/ -> it is neither http nor https
                tel:+1 -> it is neither http nor https
                https://user@example.com/ -> it holds a user name or password
                https://u:p@example.com/ -> it holds a user name or password
                http:// -> it is no address
                https://[::1 -> it is no address"#]],
        );
        let base = Url::parse("https://example.com/").unwrap();
        for length in [2_100, 5_000] {
            let long = format!("/{}", "a".repeat(length));
            assert_eq!(normalise(&base, &long), Err(BadAddress::Long));
        }
    }

    #[test]
    fn a_second_time_changes_nothing() {
        for text in [
            "https://a.example/x%2fy?q=%41&b=%zz",
            "https://a.example/%25%32%35",
            "http://a.example/a//b/",
        ] {
            let once = absolute(text).unwrap();
            assert_eq!(absolute(once.as_str()).unwrap(), once);
        }
    }
}
