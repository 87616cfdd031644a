//! Keys: how one is made, read and recognised. Only its SHA-256 is ever stored.

use sha2::Digest as _;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::http::options::Role;
use crate::http::options::StoredKey;
use crate::model::Day;
use crate::model::hex;

/// A key that was just made: shown once, then only its digest is kept.
pub struct MadeKey {
    /// The whole key.
    pub text: String,
    /// What is stored.
    pub stored: StoredKey,
}

impl MadeKey {
    /// A new key of 256 random bits. A `test` key also opens the sandbox ids.
    pub fn new(test: bool, roles: &[Role], expires_on: Option<Day>) -> Self {
        let mut hash = Sha256::new();
        // Three random ids carry 366 random bits; the digest keeps 256 of them.
        for _ in 0..3 {
            hash.update(Uuid::new_v4().as_bytes());
        }
        let secret = hex(&hash.finalize());
        let id: String = Uuid::new_v4().simple().to_string().chars().take(12).collect();
        let kind = if test { "test" } else { "live" };
        let body = format!("cc_{kind}_{id}_{secret}");
        let whole = format!("{body}_{:08x}", crc32(body.as_bytes()));
        let sha256 = digest(&whole);
        Self { text: whole, stored: StoredKey { id, sha256, roles: roles.to_vec(), expires_on } }
    }
}

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The public part of the key.
    pub id: String,
    /// What the key may be used for.
    pub roles: Vec<Role>,
    /// Whether it is a test key.
    pub test: bool,
}

/// The caller with this key, if it is known and in force.
pub fn recognise(text: &str, stored: &[StoredKey], today: Day) -> Option<Caller> {
    let (body, crc) = text.rsplit_once('_')?;
    if u32::from_str_radix(crc, 16).ok()? != crc32(body.as_bytes()) {
        return None;
    }
    let mut parts = body.splitn(4, '_');
    let (Some("cc"), Some(kind @ ("live" | "test")), Some(id), Some(_)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let given = digest(text);
    let known = stored.iter().find(|key| bool::from(key.sha256.ct_eq(&given)))?;
    let in_force = known.id == id && known.expires_on.is_none_or(|last| today <= last);
    in_force.then(|| Caller { id: known.id.clone(), roles: known.roles.clone(), test: kind == "test" })
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// The remainders of CRC-32 (IEEE) for every byte.
const REMAINDERS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "the loop ends at the length, and this runs in the compiler"
        )]
        {
            table[byte as usize] = crc;
        }
        byte += 1;
    }
    table
};

/// CRC-32 (IEEE), so that a mistyped key is told from a wrong one without asking who it belongs to.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let remainder = REMAINDERS.get(usize::from(crc.to_le_bytes()[0] ^ byte)).copied().unwrap_or(0);
        (crc >> 8) ^ remainder
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::MadeKey;
    use super::crc32;
    use super::recognise;
    use crate::http::options::Role;
    use crate::model::Day;

    #[test]
    fn the_checksum_is_that_of_the_standard_vector() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_key_opens_until_its_last_day_and_not_with_a_letter_changed() {
        let last = Day::from_ymd(2026, 11, 30).unwrap();
        let key = MadeKey::new(false, &[Role::Validate], Some(last));
        let stored = [key.stored];
        assert!(recognise(&key.text, &stored, last).is_some());
        assert!(recognise(&key.text, &stored, Day::from_ymd(2026, 12, 1).unwrap()).is_none());
        assert!(recognise(&key.text.replacen("live", "test", 1), &stored, last).is_none());
        assert!(recognise(&MadeKey::new(false, &[Role::Validate], None).text, &stored, last).is_none());
    }
}
