//! The bytes of a file, whatever wraps them: gzip and zstd are taken off, and the progress through the file is counted.
//!
//! Only `chunks` reads from here.

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Zstd windows of more than 2^27 bytes are refused, since each costs as much memory.
const ZSTD_WINDOW_LOG: u32 = 27;

/// How far reading has come, shared with whoever shows it.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// Bytes of the file read so far, as it lies on the disk (compressed bytes when it is compressed).
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes of the whole file, when that is known.
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

/// A stream of plain bytes.
pub(super) struct Source {
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) compressed: bool,
    pub(super) progress: Progress,
}

impl Source {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let facts = file.metadata()?;
        if facts.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::new(file, facts.is_file().then_some(facts.len()))
    }

    /// Takes any stream, of a known length or not.
    pub(super) fn new(reader: impl Read + Send + 'static, total: Option<u64>) -> io::Result<Self> {
        let progress = Progress { total, ..Progress::default() };
        let mut counted = Counted { reader, read: Arc::clone(&progress.read) };
        let mut start = Vec::new();
        counted.by_ref().take(4).read_to_end(&mut start)?;
        let whole = io::Cursor::new(start.clone()).chain(counted);
        let (reader, compressed): (Box<dyn Read + Send>, bool) = match start.as_slice() {
            [0x1f, 0x8b, ..] => (Box::new(flate2::read::MultiGzDecoder::new(whole)), true),
            [0x28, 0xb5, 0x2f, 0xfd] => {
                let mut decoder = zstd::stream::read::Decoder::new(whole)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                (Box::new(decoder), true)
            }
            _ => (Box::new(whole), false),
        };
        Ok(Self { reader, compressed, progress })
    }
}

/// Counts what passes.
struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.read.fetch_add(u64::try_from(length).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(length)
    }
}
