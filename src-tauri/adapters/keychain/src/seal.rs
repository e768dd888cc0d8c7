//! Encryption of the file: XChaCha20-Poly1305, whose nonces are long enough to be drawn at random.

use argon2::{Algorithm, Argon2, Params, Version};
use awm_ports::SecretError;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 24;
pub(crate) const SALT_BYTES: usize = 16;

/// What Argon2id costs: RFC 9106's second recommendation, which a desktop does in a fraction of a second.
pub(crate) const MEMORY_KIB: u32 = 64 * 1024;
pub(crate) const PASSES: u32 = 3;

pub(crate) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        SecretError::Unavailable(format!("the system gives no random numbers: {error}"))
    })?;
    Ok(bytes)
}

/// The key that belongs to a passphrase and a salt.
pub(crate) fn derive(passphrase: &str, salt: &[u8]) -> Result<Key, SecretError> {
    let failed = |error: argon2::Error| {
        SecretError::Unavailable(format!("no key can be made of the passphrase: {error}"))
    };
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(KEY_BYTES)).map_err(failed)?;
    let mut key = Key::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(failed)?;
    Ok(key)
}

/// Encrypts; `bound` has to be the same when it is opened.
pub(crate) fn seal(
    key: &Key,
    nonce: &[u8; NONCE_BYTES],
    bound: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SecretError> {
    cipher(key)
        .encrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: plain,
                aad: bound,
            },
        )
        .map_err(|_| SecretError::Unavailable("the secrets can't be encrypted".into()))
}

/// Decrypts; `None` if the key is another one, or a byte was changed.
pub(crate) fn open(
    key: &Key,
    nonce: &[u8; NONCE_BYTES],
    bound: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    cipher(key)
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: bound,
            },
        )
        .ok()
        .map(Zeroizing::new)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**key).into())
}
