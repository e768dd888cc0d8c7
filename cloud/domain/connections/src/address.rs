//! Addresses that can't be led astray.

use crate::Problem;
use url::{Host, Url};

/// A base address as it is kept: http or https, without user, query, fragment and slash at its end.
pub(crate) fn base(text: &str, field: &str) -> Result<Url, Problem> {
    let bad = |message: String| {
        Problem::new(&[field], message)
            .help("write it like `https://api.example/v1`, without user, `?` and `#`")
    };
    let text = text.trim();
    if let Some(found) = strange(text) {
        return Err(bad(format!("the address holds {found}")));
    }
    let url =
        Url::parse(text).map_err(|error| bad(format!("`{text}` is not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad(format!("`{}:` is not http or https", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("the address holds a user name or a password".into()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("the address holds a query or a fragment".into()));
    }
    Ok(url)
}

/// The base address and a path below it whose `{name}`s are filled in.
pub(crate) fn below(
    base: &Url,
    path: &str,
    value: impl Fn(&str) -> Result<String, Problem>,
) -> Result<Url, Problem> {
    let bad = |message: String| {
        Problem::new(&["path"], message)
            .help("the path lies below the connection's base address, such as `/orders/{id}`")
    };
    if let Some(found) = strange(path) {
        return Err(bad(format!("the path holds {found}")));
    }
    if path.contains(['?', '#']) {
        return Err(
            bad(format!("the path `{path}` holds a query or a fragment"))
                .help("give the query's fields in `query`"),
        );
    }
    let mut filled = String::from("/");
    let mut rest = path.strip_prefix('/').unwrap_or(path);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| bad(format!("`{{` of the path `{path}` is not closed")))?;
        filled.push_str(before);
        filled.push_str(&encoded(&value(name)?));
        rest = after;
    }
    filled.push_str(rest);
    for segment in filled.split('/').skip(1) {
        // The parser of addresses reads `%2e` as a dot too.
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        if plain == "." || plain == ".." {
            return Err(bad(format!("the path `{filled}` climbs with `{segment}`")));
        }
    }
    if filled.starts_with("//") {
        return Err(bad(format!(
            "the path `{filled}` begins with another server"
        )));
    }
    let root = base.as_str().trim_end_matches('/');
    let joined = format!("{root}{filled}");
    let url = Url::parse(&joined)
        .map_err(|error| bad(format!("`{joined}` is not an address: {error}")))?;
    // Whatever the rules above overlook: the parsed address has the last word.
    let prefix = base.path().trim_end_matches('/');
    let stays = origin(&url) == origin(base)
        && url.username().is_empty()
        && url.password().is_none()
        && url
            .path()
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match stays {
        true => Ok(url),
        false => Err(bad(format!("the path `{filled}` leaves the base address"))),
    }
}

/// Scheme, host and port, as a secret is bound to them.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Whether nobody on the way can listen: encrypted, or within this machine.
pub fn is_private_line(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => matches!(name, "localhost" | "sample-api.invalid"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Characters that parsers of addresses drop, turn round or disagree about.
fn strange(text: &str) -> Option<&'static str> {
    if text.contains(char::is_control) {
        return Some("a line break or another control character");
    }
    if text.contains('\\') {
        return Some("a backslash");
    }
    text.contains(char::is_whitespace).then_some("a space")
}
