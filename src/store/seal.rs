//! Pseudonyms and sealed ids of children. The key is a file beside the data, or given; it never enters the database.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::aead;
use aws_lc_rs::hmac;
use aws_lc_rs::rand;

use crate::model::hex;
use crate::store::StoreError;

/// Bytes of the key in its file: half for pseudonyms, half for seals.
const BYTES: usize = 64;

/// What turns ids into pseudonyms and back.
pub struct Secret {
    pseudonyms: hmac::Key,
    seals: aead::LessSafeKey,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(hidden)")
    }
}

impl Secret {
    /// The key in this file; made, for its owner's eyes only, where there is none.
    pub fn of_file(path: &Path) -> Result<Self, StoreError> {
        let told = |error: &std::io::Error| {
            StoreError::Key(format!("{}: {}; may the folder be written?", path.display(), error.kind()))
        };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = vec![0; BYTES];
                rand::fill(&mut bytes)
                    .map_err(|_| StoreError::Key("the system gives no random bytes".into()))?;
                write_private(path, &bytes).map_err(|error| told(&error))?;
                // Where two processes make it at once, the first one's holds.
                fs::read(path).map_err(|error| told(&error))?
            }
            Err(error) => return Err(told(&error)),
        };
        Self::of_bytes(&bytes).ok_or_else(|| {
            StoreError::Key(format!("{} is no key of this program: it has {BYTES} bytes", path.display()))
        })
    }

    /// The key of these 64 bytes.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (first, second) = bytes.split_at_checked(BYTES / 2)?;
        let seals = aead::UnboundKey::new(&aead::AES_256_GCM, second).ok()?;
        Some(Self {
            pseudonyms: hmac::Key::new(hmac::HMAC_SHA256, first),
            seals: aead::LessSafeKey::new(seals),
        })
    }

    /// The pseudonym of a child, or of a finding: the same for the same id under the same key, and no way back without it.
    pub fn pseudonym(&self, id: &str) -> String {
        let tag = hmac::sign(&self.pseudonyms, id.as_bytes());
        format!("p-{}", hex(tag.as_ref().get(..16).unwrap_or_default()))
    }

    /// A child's id, sealed.
    pub fn seal(&self, child: &str) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(child.as_bytes())
    }

    /// Bytes that name children, sealed.
    pub fn seal_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let failed = |_| StoreError::Key("an id cannot be sealed".into());
        let mut nonce = [0; aead::NONCE_LEN];
        rand::fill(&mut nonce).map_err(failed)?;
        let mut sealed = bytes.to_vec();
        let with = aead::Nonce::assume_unique_for_key(nonce);
        self.seals.seal_in_place_append_tag(with, aead::Aad::empty(), &mut sealed).map_err(failed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The id that was sealed.
    pub fn open(&self, sealed: &[u8]) -> Result<String, StoreError> {
        String::from_utf8(self.open_bytes(sealed)?).map_err(|_| StoreError::Damaged("a sealed id"))
    }

    /// The bytes that were sealed.
    pub fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let damaged = || StoreError::Damaged("a sealed id");
        let (nonce, content) = sealed.split_at_checked(aead::NONCE_LEN).ok_or_else(damaged)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut content = content.to_vec();
        let plain =
            self.seals.open_in_place(nonce, aead::Aad::empty(), &mut content).map_err(|_| damaged())?;
        Ok(plain.to_vec())
    }
}

/// Writes a file that only its owner may read, whole or not at all; one that is there stays.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    match fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    fs::remove_file(&unfinished)
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn an_id_comes_back_under_its_key_only() {
        let (one, other) = (Secret::of_bytes(&[1; 64]).unwrap(), Secret::of_bytes(&[2; 64]).unwrap());
        let sealed = one.seal("C1001").unwrap();
        assert_eq!(one.open(&sealed).unwrap(), "C1001");
        assert!(other.open(&sealed).is_err());
        let mut altered = sealed.clone();
        if let Some(byte) = altered.last_mut() {
            *byte ^= 1;
        }
        assert!(one.open(&altered).is_err());
        assert!(one.open(b"short").is_err());
    }

    #[test]
    fn a_pseudonym_is_the_same_for_the_same_id_and_key_only() {
        let (one, other) = (Secret::of_bytes(&[1; 64]).unwrap(), Secret::of_bytes(&[2; 64]).unwrap());
        assert_eq!(one.pseudonym("C1001"), one.pseudonym("C1001"));
        assert_ne!(one.pseudonym("C1001"), one.pseudonym("C1002"));
        assert_ne!(one.pseudonym("C1001"), other.pseudonym("C1001"));
        assert_eq!(one.pseudonym("C1001").len(), 34);
    }
}
