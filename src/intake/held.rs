//! The bytes of a file on their way: read into memory that is used again when those who looked at it have done.
//!
//! `chunks` reads into it and cuts pieces off, which `chunk` hands on.

use std::io;
use std::io::Read;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::Mutex;

/// So many pieces that came back wait to be used again.
const MOST_SPARE: usize = 4;

/// Memory that came back; what is in it is of no more use, but written, so that it need not be cleared.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    fn take(&self) -> Vec<u8> {
        self.0.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default()
    }

    fn give_back(&self, bytes: Vec<u8>) {
        if let Ok(mut spare) = self.0.lock()
            && spare.len() < MOST_SPARE
        {
            spare.push(bytes);
        }
    }
}

/// Some bytes of a file. Their memory goes back to where it came from.
#[derive(Debug, Default)]
pub struct Bytes {
    bytes: Vec<u8>,
    home: Option<Arc<Spare>>,
}

impl Bytes {
    /// Leaves out what comes after so many of them.
    pub(super) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Clone for Bytes {
    fn clone(&self) -> Self {
        self.bytes.clone().into()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, home: None }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            home.give_back(std::mem::take(&mut self.bytes));
        }
    }
}

/// Bytes that were read and not yet handed on.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// All of it can be read into.
    room: Vec<u8>,
    /// So much of it was.
    end: usize,
    spare: Arc<Spare>,
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.room.get(..self.end).unwrap_or_default()
    }
}

impl Held {
    /// Reads so many bytes behind those that are held, fewer only at the end of the file or before an error.
    pub(super) fn read(&mut self, reader: &mut impl Read, most: usize) -> io::Result<()> {
        let full = self.end.saturating_add(most);
        if self.room.len() < full {
            self.room.resize(full, 0);
        }
        while let Some(free) = self.room.get_mut(self.end..full).filter(|free| !free.is_empty()) {
            match reader.read(free) {
                Ok(0) => break,
                Ok(length) => self.end = self.end.saturating_add(length).min(full),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.end = 0;
    }

    /// Forgets the first of them.
    pub(super) fn forget(&mut self, first: usize) {
        let first = first.min(self.end);
        self.room.copy_within(first..self.end, 0);
        self.end -= first;
    }

    /// Hands on the first of them. So many are expected to come after them.
    pub(super) fn cut(&mut self, first: usize, expected: usize) -> Bytes {
        let first = first.min(self.end);
        let rest = self.get(first..).unwrap_or_default();
        let mut room = self.spare.take();
        let length = expected.max(rest.len());
        // One long record does not make all others long.
        if room.capacity() > length.saturating_mul(2) {
            room = Vec::new();
        }
        room.resize(length, 0);
        if let Some(start) = room.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        self.end = rest.len();
        let mut bytes = std::mem::replace(&mut self.room, room);
        bytes.truncate(first);
        Bytes { bytes, home: Some(Arc::clone(&self.spare)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Held;

    /// Hands out seven bytes at a time, and an error at the end.
    struct Slow(Vec<u8>);

    impl std::io::Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = buffer.len().min(7).min(self.0.len());
            if length == 0 {
                return Err(std::io::ErrorKind::ConnectionReset.into());
            }
            buffer[..length].copy_from_slice(&self.0.drain(..length).collect::<Vec<u8>>());
            Ok(length)
        }
    }

    #[test]
    fn what_was_read_before_an_error_is_held_and_memory_comes_back_to_be_read_into() {
        let all: Vec<u8> = (0..100).collect();
        let (mut held, mut slow) = (Held::default(), Slow(all.clone()));
        held.read(&mut slow, 40).unwrap();
        assert_eq!(&*held, &all[..40]);
        let first = held.cut(25, 64);
        let (came_from, copy) = (first.as_ptr(), first.clone());
        assert_eq!((&*first, &*held), (&all[..25], &all[25..40]));
        held.read(&mut slow, 20).unwrap();
        drop(first);
        assert_eq!(&*held.cut(35, 40), &all[25..60]);
        assert_eq!(held.as_ptr(), came_from, "used again");
        held.read(&mut slow, 100).unwrap_err();
        assert_eq!((&*held, &*copy), (&all[60..], &all[..25]));
        held.forget(30);
        assert_eq!(&*held, &all[90..]);
        held.clear();
        assert!(held.is_empty());
    }
}
