//! AWS Signature Version 4.

use crate::date;
use sha2::{Digest, Sha256};
use url::Url;

/// An access key.
#[derive(Clone)]
pub struct Key {
    /// Its public half.
    pub id: String,
    /// Its secret half.
    pub secret: String,
    /// The token of a temporary key.
    pub session: Option<String>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret must reach no log.
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The headers that sign a GET request without a body: `authorization`, `x-amz-date`, `x-amz-content-sha256`, and the session's
/// token if there is one. `headers` are further ones to sign, names in lower case. `at` is now.
pub fn authorization(
    key: &Key,
    region: &str,
    url: &Url,
    headers: &[(&str, &str)],
    at: i64,
) -> Vec<(String, String)> {
    let time = date::basic(at);
    let day = time.get(..8).unwrap_or_default();
    let empty = hex(&Sha256::digest(b""));
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let mut signed: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    signed.push(("host".into(), host));
    signed.push(("x-amz-content-sha256".into(), empty.clone()));
    signed.push(("x-amz-date".into(), time.clone()));
    if let Some(session) = &key.session {
        signed.push(("x-amz-security-token".into(), session.clone()));
    }
    signed.sort();
    let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let canonical: String = signed
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let request = format!(
        "GET\n{}\n{}\n{canonical}\n{names}\n{empty}",
        url.path(),
        canonical_query(url)
    );
    let scope = format!("{day}/{region}/s3/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex(&Sha256::digest(request.as_bytes()))
    );
    let mut signing = hmac(format!("AWS4{}", key.secret).as_bytes(), day.as_bytes());
    for part in [region, "s3", "aws4_request"] {
        signing = hmac(&signing, part.as_bytes());
    }
    let signature = hex(&hmac(&signing, to_sign.as_bytes()));
    signed.retain(|(name, _)| name != "host");
    signed.push((
        "authorization".into(),
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}",
            key.id
        ),
    ));
    signed
}

/// The query in the order of names, a name without `=` with an empty value. The address holds it encoded as signatures want it.
fn canonical_query(url: &Url) -> String {
    let mut parts: Vec<(&str, &str)> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .collect();
    parts.sort_unstable();
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}

/// Escapes all but what RFC 3986 calls unreserved, and slashes if they stay.
pub(crate) fn encode(text: &str, slashes: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            b'/' if slashes => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0_u8; BLOCK];
    let shortened;
    let key = match key.len() > BLOCK {
        true => {
            shortened = Sha256::digest(key);
            shortened.as_slice()
        }
        false => key,
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            session: None,
        }
    }

    /// The examples of "Authenticating Requests (AWS Signature Version 4)" in the API reference of S3.
    #[test]
    fn signs_as_the_reference_does() {
        for (url, headers, expected) in [
            (
                "https://examplebucket.s3.amazonaws.com/test.txt",
                &[("range", "bytes=0-9")][..],
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "https://examplebucket.s3.amazonaws.com/?lifecycle",
                &[],
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
                &[],
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let signed = authorization(
                &key(),
                "us-east-1",
                &Url::parse(url).unwrap(),
                headers,
                1_369_353_600_000,
            );
            let (_, authorization) = signed.last().unwrap();
            assert!(
                authorization.ends_with(&format!("Signature={expected}")),
                "{authorization}"
            );
        }
    }

    /// Test case 2 of RFC 4231, and a key that is longer than a block (case 6).
    #[test]
    fn hmac_as_the_standard_has_it() {
        assert_eq!(
            hex(&hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&hmac(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            )),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(
            format!("{:?}", key()),
            "Key { id: \"AKIAIOSFODNN7EXAMPLE\", .. }"
        );
    }
}
