//! Why an archive is not unpacked.

use std::fmt;
use std::io;

/// What is wrong with an archive, or with an entry of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveTrouble {
    /// The operating system does not let us read it.
    Io(io::ErrorKind),
    /// Its directory or an entry is damaged, or its end is missing.
    Damaged,
    /// It has more entries than this.
    TooManyEntries(usize),
    /// It would take more bytes than this once unpacked.
    TooLong(u64),
    /// An entry is more than this many times as long unpacked, as only a trap is.
    TooDense(u64),
    /// Two entries have one name, so that one of them would never be seen.
    SameName,
    /// Its entries share their bytes, as only a trap's do.
    Overlapping,
    /// An entry is encrypted.
    Encrypted,
    /// An entry is packed in a way that is not read.
    Method,
}

impl ArchiveTrouble {
    /// The stable word for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file_unreadable",
            Self::Damaged => "archive_damaged",
            Self::TooManyEntries(_) => "archive_too_many_entries",
            Self::TooLong(_) => "archive_too_long",
            Self::TooDense(_) | Self::Overlapping => "archive_is_a_trap",
            Self::SameName => "archive_name_twice",
            Self::Encrypted => "archive_encrypted",
            Self::Method => "archive_method",
        }
    }
}

impl fmt::Display for ArchiveTrouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(kind) => write!(out, "it cannot be read ({kind})"),
            Self::Damaged => out.write_str("it is damaged or was cut short; copy or export it again"),
            Self::TooManyEntries(most) => {
                write!(out, "it holds more than {most} files; take out what is not needed")
            }
            Self::TooLong(most) => write!(out, "it unpacks to more than {} MiB; split it", most >> 20),
            Self::TooDense(most) => write!(
                out,
                "a file in it unpacks to more than {most} times its size, as no real export does; make it again"
            ),
            Self::SameName => out.write_str("two files in it have one name; take one out and make it again"),
            Self::Overlapping => {
                out.write_str("files in it share their bytes, as in no real export; make it again")
            }
            Self::Encrypted => out.write_str("it is protected by a password; make it again without one"),
            Self::Method => {
                out.write_str("it is packed in a way that is not read; make it again as an ordinary zip file")
            }
        }
    }
}

impl std::error::Error for ArchiveTrouble {}
