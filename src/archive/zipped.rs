//! A zip archive: its directory looked at first, its entries unpacked one by one with a limit.

use std::fs::File;
use std::io;
use std::io::BufReader;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::Mutex;

use zip::CompressionMethod;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::archive::ArchiveTrouble;
use crate::archive::Spool;
use crate::archive::scratch;

/// How much an archive may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Entries, folders among them.
    pub entries: usize,
    /// How many times as long an entry may be unpacked, once it is longer than [`Self::small_bytes`].
    pub ratio: u64,
    /// Bytes up to which an entry may be as dense as it likes.
    pub small_bytes: u64,
    /// Bytes of one entry, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all entries, unpacked.
    pub total_bytes: u64,
}

impl Default for ArchiveLimits {
    /// 1,000 entries, 200 times as long (a real export shrinks to a tenth), two gibibytes altogether.
    fn default() -> Self {
        Self { entries: 1_000, ratio: 200, small_bytes: 1 << 20, entry_bytes: 2 << 30, total_bytes: 2 << 30 }
    }
}

/// What an archive says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 0.
    pub number: usize,
    /// Its name as people may see it: without control characters. It is no path.
    pub name: String,
    /// Its length unpacked, as the archive says.
    pub length: u64,
}

/// An archive whose directory is within the limits.
pub struct Archive {
    zip: ZipArchive<BufReader<Spool>>,
    limits: ArchiveLimits,
    entries: Vec<Entry>,
    /// Bytes that may still be unpacked.
    left: u64,
    /// Where entries are unpacked, once one is.
    unpacked: Option<Arc<Mutex<File>>>,
}

/// What is done with an entry while it is unpacked.
pub type Look<'l> = dyn FnMut(&Entry, &mut dyn io::Read) -> io::Result<()> + 'l;

impl Archive {
    /// Looks at the directory of an archive.
    pub fn open(spool: &Spool, limits: &ArchiveLimits) -> Result<Self, ArchiveTrouble> {
        let mut zip = ZipArchive::new(BufReader::new(spool.clone())).map_err(of_zip)?;
        if zip.len() > limits.entries {
            return Err(ArchiveTrouble::TooManyEntries(limits.entries));
        }
        if zip.has_duplicate_names() {
            return Err(ArchiveTrouble::SameName);
        }
        let mut entries = Vec::new();
        let mut total: u64 = 0;
        for number in 0..zip.len() {
            let entry = zip.by_index_raw(number).map_err(of_zip)?;
            if entry.encrypted() {
                return Err(ArchiveTrouble::Encrypted);
            }
            if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                return Err(ArchiveTrouble::Method);
            }
            let length = entry.size();
            total = total.saturating_add(length);
            if length > limits.entry_bytes || total > limits.total_bytes {
                return Err(ArchiveTrouble::TooLong(limits.entry_bytes.min(limits.total_bytes)));
            }
            let dense = length > entry.compressed_size().saturating_mul(limits.ratio);
            if dense && length > limits.small_bytes {
                return Err(ArchiveTrouble::TooDense(limits.ratio));
            }
            if !entry.is_dir() {
                let name = String::from_utf8_lossy(entry.name_raw());
                let name = name.chars().filter(|letter| !letter.is_control()).collect();
                entries.push(Entry { number, name, length });
            }
        }
        if zip.has_overlapping_files().map_err(of_zip)? {
            return Err(ArchiveTrouble::Overlapping);
        }
        Ok(Self { zip, limits: *limits, entries, left: limits.total_bytes, unpacked: None })
    }

    /// Its entries in their order, without folders.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether it has an entry of exactly this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Unpacks every entry once and keeps nothing: each is whole, and none is longer than the archive said. Somebody may look on.
    pub fn prove(&mut self, look: &mut Look<'_>) -> Result<(), ArchiveTrouble> {
        for entry in &self.entries {
            let packed = self.zip.by_index(entry.number).map_err(of_zip)?;
            let most = entry.length.saturating_add(1);
            let mut limited = packed.take(most);
            look(entry, &mut limited).map_err(|error| of_io(&error))?;
            io::copy(&mut limited, &mut io::sink()).map_err(|error| of_io(&error))?;
            if most - limited.limit() != entry.length {
                return Err(ArchiveTrouble::Damaged);
            }
        }
        Ok(())
    }

    /// Unpacks an entry into the archive's temporary file, counting its bytes whatever the archive said of them.
    pub fn unpack(&mut self, entry: &Entry) -> Result<Spool, ArchiveTrouble> {
        let most = self.left.min(self.limits.entry_bytes);
        let file = match &self.unpacked {
            Some(file) => Arc::clone(file),
            None => Arc::new(Mutex::new(scratch().map_err(|error| ArchiveTrouble::Io(error.kind()))?)),
        };
        self.unpacked = Some(Arc::clone(&file));
        let mut packed = self.zip.by_index(entry.number).map_err(of_zip)?;
        let spool = Spool::behind(&file, &mut packed, most).map_err(|error| of_io(&error))?;
        let spool = spool.ok_or(ArchiveTrouble::TooLong(self.limits.total_bytes))?;
        self.left = self.left.saturating_sub(spool.length());
        Ok(spool)
    }
}

fn of_zip(error: ZipError) -> ArchiveTrouble {
    match error {
        ZipError::Io(error) => of_io(&error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ArchiveTrouble::Encrypted
        }
        ZipError::UnsupportedArchive(_) => ArchiveTrouble::Method,
        _ => ArchiveTrouble::Damaged,
    }
}

/// What the unpacking library says of damaged bytes is no fault of the system.
fn of_io(error: &io::Error) -> ArchiveTrouble {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            ArchiveTrouble::Damaged
        }
        kind => ArchiveTrouble::Io(kind),
    }
}
