//! The pieces that what is sorted is written in: numbers of eight bytes, and texts after their lengths, the least byte first.

use std::io;
use std::io::Read;
use std::io::Write;
use std::sync::Arc;

/// Bytes that were written together and are read one after another. What is read of them may keep hold of them, so that it need not be copied.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    bytes: Arc<Vec<u8>>,
    at: usize,
}

impl Piece {
    /// These bytes, from the first on.
    pub const fn of(bytes: Arc<Vec<u8>>) -> Self {
        Self { bytes, at: 0 }
    }

    /// All of its bytes.
    pub const fn bytes(&self) -> &Arc<Vec<u8>> {
        &self.bytes
    }

    /// Where in them reading has come to.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What was not read yet.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Goes on behind so many bytes.
    pub fn skip(&mut self, length: usize) {
        self.at = self.at.saturating_add(length);
    }

    /// Its bytes, to be filled anew; empty where something still keeps hold of them.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        Arc::try_unwrap(self.bytes).unwrap_or_default()
    }
}

impl Read for Piece {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.rest().read(buffer)?;
        self.skip(length);
        Ok(length)
    }
}

/// Writes a length.
pub fn write_length(length: usize, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&u32::try_from(length).map_err(io::Error::other)?.to_le_bytes())
}

/// Reads a length.
pub fn read_length(from: &mut impl Read) -> io::Result<usize> {
    let mut four = [0; 4];
    from.read_exact(&mut four)?;
    usize::try_from(u32::from_le_bytes(four)).map_err(io::Error::other)
}

/// Writes a number.
pub fn write_number(number: u64, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&number.to_le_bytes())
}

/// Reads a number.
pub fn read_number(from: &mut impl Read) -> io::Result<u64> {
    let mut eight = [0; 8];
    from.read_exact(&mut eight)?;
    Ok(u64::from_le_bytes(eight))
}

/// Writes a text.
pub fn write_text(text: &str, to: &mut impl Write) -> io::Result<()> {
    write_length(text.len(), to)?;
    to.write_all(text.as_bytes())
}

/// Reads a text.
pub fn read_text(from: &mut impl Read) -> io::Result<String> {
    let mut bytes = vec![0; read_length(from)?];
    from.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
