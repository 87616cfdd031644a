//! The files that somebody names: files, folders, archives, standard input; each is a file of records or of tables.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;

use crate::archive::Archive;
use crate::archive::ArchiveLimits;
use crate::archive::Spool;
use crate::intake;
use crate::intake::Chunks;
use crate::intake::Limits;
use crate::intake::Unreadable;
use crate::tables;
use crate::tables::Sheets;
use crate::tables::is_workbook;
use crate::tables::is_xml;

/// The endings of files that are taken from a folder.
const ENDINGS: &[&str] = &["json", "ndjson", "jsonl", "gz", "zst"];

/// The endings of tables that are text.
const TABLES: &[&str] = &["csv", "tsv", "tab", "xml"];

/// The endings of what is packed, and is not unpacked within an archive.
const PACKED: &[&str] = &["zip", "gz", "zst", "7z", "rar", "tar", "tgz", "bz2", "xz"];

/// A file and what it is called in places and messages, which need not be where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

impl Named {
    /// A file that is called what its path says.
    pub fn of_path(path: PathBuf) -> Self {
        Self { name: path.display().to_string(), path }
    }
}

/// One input of records.
#[derive(Clone, Debug)]
pub enum Input {
    /// A file.
    File(Named),
    /// A file of an archive, by the name under which it is shown.
    Entry(String, Spool),
    /// Standard input.
    Stdin,
}

/// One file of tables.
#[derive(Clone, Debug)]
pub enum TableFile {
    /// A file.
    File(Named),
    /// A file of an archive, by the name under which it is shown.
    Entry(String, Spool),
}

/// What a command is given.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The files of records.
    pub records: Vec<Input>,
    /// The files of tables, documents among them.
    pub tables: Vec<TableFile>,
    /// XML beside tables in a folder or an archive, by its name: mostly the same return once more. It is not read unless it is named itself.
    pub left: Vec<String>,
}

impl TableFile {
    /// Opens it: one table, or those of its sheets.
    pub fn open(&self, limits: &tables::Limits) -> Sheets {
        match self {
            Self::File(file) => tables::open(&file.name, &file.path, limits),
            Self::Entry(name, spool) => tables::open_spool(name, spool, limits),
        }
    }
}

impl Input {
    /// What it is called in places and messages.
    pub fn name(&self) -> String {
        match self {
            Self::File(file) => file.name.clone(),
            Self::Entry(name, _) => name.clone(),
            Self::Stdin => "standard input".to_owned(),
        }
    }

    /// Opens it, whatever its format.
    pub fn open(&self, limits: &Limits) -> Result<Chunks, Unreadable> {
        match self {
            Self::File(file) => intake::open(&file.name, &file.path, limits),
            Self::Entry(name, spool) => {
                let length = Some(spool.length());
                intake::read(name, BufReader::new(spool.clone()), length, limits)
            }
            Self::Stdin => intake::read("standard input", std::io::stdin(), None, limits),
        }
    }
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    endings.contains(&ending.as_str())
}

fn is_table(path: &Path) -> bool {
    ends_with(path, TABLES) || is_workbook(&path.to_string_lossy())
}

/// The files of a folder that are read, and those that are not.
pub struct FolderFiles {
    /// Those that are read, by name.
    pub taken: Vec<PathBuf>,
    /// XML beside tables or archives: mostly the same return once more.
    pub left: Vec<PathBuf>,
}

impl FolderFiles {
    /// The files of a folder, told by their names. Where `all_tables` is said, none of them holds records.
    pub fn of(folder: &Path, all_tables: bool) -> Result<Self, String> {
        let entries = std::fs::read_dir(folder).map_err(|error| {
            format!("the folder {} cannot be listed ({})", folder.display(), error.kind())
        })?;
        let mut files: Vec<PathBuf> =
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        files.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let taken =
                is_table(path) || ends_with(path, &["zip"]) || (!all_tables && ends_with(path, ENDINGS));
            taken && !is_leftover(&name)
        });
        files.sort();
        if files.is_empty() {
            return Err(format!(
                "the folder {} holds no files of records (.json, .ndjson, .gz, .zst) and no tables (.csv, .tsv, .xlsx, .xml, .zip)",
                folder.display()
            ));
        }
        let (documents, taken): (Vec<PathBuf>, Vec<PathBuf>) =
            files.into_iter().partition(|path| ends_with(path, &["xml"]));
        let beside = taken.iter().any(|path| is_table(path) || ends_with(path, &["zip"]));
        if beside {
            return Ok(Self { taken, left: documents });
        }
        Ok(Self { taken: [taken, documents].concat(), left: Vec::new() })
    }
}

/// Whether a file is one that programs leave behind: the lock of a workbook that is open, what a system keeps for itself.
fn is_leftover(name: &str) -> bool {
    let hidden = |part: &str| part.starts_with('.') && part.bytes().any(|byte| byte != b'.');
    name.split(['/', '\\']).any(|part| part.starts_with("~$") || part == "__MACOSX" || hidden(part))
}

impl Inputs {
    /// The files of records and the tables that these arguments name: `-` is standard input, a folder is its files by name, an archive the
    /// files in it. Where `all_tables` is said, every file that is named is a table, whatever its ending.
    pub fn of_arguments(arguments: &[PathBuf], all_tables: bool) -> Result<Self, String> {
        let mut found = Self::default();
        for argument in arguments {
            if argument == Path::new("-") {
                found.records.push(Input::Stdin);
            } else if argument.is_dir() {
                found.folder(argument, all_tables)?;
            } else {
                found.file(Named::of_path(argument.clone()), all_tables)?;
            }
        }
        Ok(found)
    }

    /// Takes in a file, told by its name; an archive is the files in it.
    pub fn file(&mut self, file: Named, all_tables: bool) -> Result<(), String> {
        let name = Path::new(&file.name);
        if ends_with(name, &["zip"]) {
            return self.archive(&file, all_tables);
        }
        if all_tables || is_table(name) {
            self.tables.push(TableFile::File(file));
        } else {
            self.records.push(Input::File(file));
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path, all_tables: bool) -> Result<(), String> {
        let FolderFiles { taken, left } = FolderFiles::of(folder, all_tables)?;
        for path in taken {
            self.file(Named::of_path(path), all_tables)?;
        }
        self.left.extend(left.into_iter().map(|path| Named::of_path(path).name));
        Ok(())
    }

    /// Unpacks an archive into a nameless file. The names in it are shown, and are never used as paths.
    fn archive(&mut self, file: &Named, all_tables: bool) -> Result<(), String> {
        let told = |what: String| format!("{}: {what}", file.name);
        let spool = File::open(&file.path)
            .and_then(Spool::of)
            .map_err(|error| told(format!("it cannot be read ({}); check its name", error.kind())))?;
        let mut archive =
            Archive::open(&spool, &ArchiveLimits::default()).map_err(|error| told(error.to_string()))?;
        let entries = archive.entries().to_vec();
        let beside = entries.iter().any(|entry| {
            is_table(Path::new(&entry.name)) && !is_xml(&entry.name) && !is_leftover(&entry.name)
        });
        let mut any = false;
        for entry in entries {
            let inside = Path::new(&entry.name);
            let record = ends_with(inside, ENDINGS);
            if is_leftover(&entry.name) {
                continue;
            }
            let name = format!("{}/{}", file.name, entry.name);
            if ends_with(inside, PACKED) {
                return Err(format!("{name}: an archive in an archive is not unpacked; give it by itself"));
            }
            if !is_table(inside) && (all_tables || !record) {
                continue;
            }
            any = true;
            if beside && is_xml(&name) {
                self.left.push(name);
                continue;
            }
            let spool = archive.unpack(&entry).map_err(|error| format!("{name}: {error}"))?;
            if record {
                refuse_packed(&name, &spool)?;
                self.records.push(Input::Entry(name, spool));
            } else {
                self.tables.push(TableFile::Entry(name, spool));
            }
        }
        let lacking = "it holds no tables (.csv, .tsv, .xlsx, .xml) and no files of records (.json, .ndjson)";
        if any { Ok(()) } else { Err(told(lacking.to_owned())) }
    }
}

/// A file of an archive that is packed once more under another name.
fn refuse_packed(name: &str, spool: &Spool) -> Result<(), String> {
    let start = spool.start(4).unwrap_or_default();
    let packed = [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd], b"PK\x03\x04"];
    if packed.iter().any(|mark| start.starts_with(mark)) {
        return Err(format!("{name}: an archive in an archive is not unpacked; give it by itself"));
    }
    Ok(())
}
