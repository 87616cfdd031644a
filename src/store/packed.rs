//! What is large and much alike is kept packed: answers repeat the words of rules.

use std::io::Read as _;

use crate::store::StoreError;

/// The most that one packed piece may unpack to, so that an altered store cannot fill memory.
const MOST: u64 = 1 << 30;

/// Packs bytes.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    // Packing into memory cannot fail.
    zstd::stream::encode_all(bytes, 1).unwrap_or_default()
}

/// Unpacks what [`pack`] packed.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |_| StoreError::Damaged("a packed piece");
    let mut bytes = Vec::new();
    let reader = zstd::stream::read::Decoder::new(packed).map_err(damaged)?;
    reader.take(MOST).read_to_end(&mut bytes).map_err(damaged)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::pack;
    use super::unpack;

    #[test]
    fn what_was_packed_comes_back_and_what_was_not_is_said() {
        let bytes = b"much alike, ".repeat(1_000);
        let packed = pack(&bytes);
        assert!(packed.len() < 100);
        assert_eq!(unpack(&packed).unwrap(), bytes);
        assert!(unpack(b"nothing of ours").is_err());
    }
}
