//! A file, or a stretch of one, that several readers read at once, each from a place of its own: the caller's, or a nameless temporary one,
//! which the system takes away even when the program is killed.

use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// A reader of such a file. A clone begins at the start.
#[derive(Debug)]
pub struct Spool {
    file: Arc<Mutex<File>>,
    /// Where in the file it begins.
    from: u64,
    length: u64,
    at: u64,
}

impl Clone for Spool {
    fn clone(&self) -> Self {
        Self { file: Arc::clone(&self.file), from: self.from, length: self.length, at: 0 }
    }
}

/// A nameless temporary file.
pub fn scratch() -> io::Result<File> {
    tempfile::tempfile()
}

impl Spool {
    /// Readers of this file.
    pub fn of(mut file: File) -> io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        Ok(Self { file: Arc::new(Mutex::new(file)), from: 0, length, at: 0 })
    }

    /// Readers of what a stream holds, put behind all that the file holds; nothing when it is longer than this many bytes.
    pub(super) fn behind(
        file: &Arc<Mutex<File>>,
        stream: &mut impl Read,
        most: u64,
    ) -> io::Result<Option<Self>> {
        let mut held = file.lock().unwrap_or_else(PoisonError::into_inner);
        let from = held.seek(SeekFrom::End(0))?;
        let length = io::copy(&mut stream.take(most.saturating_add(1)), &mut *held)?;
        Ok((length <= most).then(|| Self { file: Arc::clone(file), from, length, at: 0 }))
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its first bytes, at most this many.
    pub fn start(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut start = Vec::new();
        self.clone().take(most).read_to_end(&mut start)?;
        Ok(start)
    }
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let Some(part) = buffer.get_mut(..wanted).filter(|part| !part.is_empty()) else { return Ok(0) };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.from.saturating_add(self.at)))?;
        let length = file.read(part)?;
        self.at += u64::try_from(length).unwrap_or(u64::MAX);
        Ok(length)
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
