//! The files that a command is given: files, folders, standard input.

use std::path::Path;
use std::path::PathBuf;

use crate::cli::Failure;
use crate::intake;
use crate::intake::Chunks;
use crate::intake::Limits;
use crate::intake::Unreadable;

/// The endings of files that are taken from a folder.
const ENDINGS: &[&str] = &["json", "ndjson", "jsonl", "gz", "zst"];

/// The endings of tables.
const TABLES: &[&str] = &["csv", "tsv", "tab", "xml"];

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// What it is called in places and messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }

    /// Opens it, whatever its format.
    pub(super) fn open(&self) -> Result<Chunks, Unreadable> {
        // Answers can be twenty times as long as records: small chunks keep what is in hand small.
        let limits = Limits { chunk_bytes: 64 << 10, ..Limits::default() };
        match self {
            Self::File(path) => intake::open(path, &limits),
            Self::Stdin => intake::read("standard input", std::io::stdin(), None, &limits),
        }
    }
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    endings.contains(&ending.as_str())
}

/// Whether a file is XML by its name.
pub(super) fn is_xml(path: &Path) -> bool {
    ends_with(path, &["xml"])
}

/// The files that a command is given, by what they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Files of records.
    pub(super) records: Vec<Input>,
    /// Tables and documents.
    pub(super) tables: Vec<PathBuf>,
    /// XML beside tables in a folder: mostly the same return once more. It is not read unless it is named itself.
    pub(super) left: Vec<PathBuf>,
}

/// The files of records and the tables that these arguments name: `-` is standard input, a folder is its files by name. Where `all_tables`
/// is said, every file that is named is a table, whatever its ending.
pub(super) fn inputs(arguments: &[PathBuf], all_tables: bool) -> Result<Inputs, Failure> {
    let (mut found, mut tables, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for argument in arguments {
        if argument == Path::new("-") {
            found.push(Input::Stdin);
        } else if argument.is_dir() {
            let entries = std::fs::read_dir(argument).map_err(|error| {
                format!("the folder {} cannot be listed ({})", argument.display(), error.kind())
            })?;
            let mut files: Vec<PathBuf> =
                entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
            files.retain(|path| ends_with(path, TABLES) || (!all_tables && ends_with(path, ENDINGS)));
            files.sort();
            if files.is_empty() {
                return Err(format!(
                    "the folder {} holds no files of records (.json, .ndjson, .gz, .zst) and no tables (.csv, .tsv, .xml)",
                    argument.display()
                ));
            }
            let (here, others): (Vec<PathBuf>, Vec<PathBuf>) =
                files.into_iter().partition(|path| ends_with(path, TABLES));
            let (documents, here): (Vec<PathBuf>, Vec<PathBuf>) =
                here.into_iter().partition(|path| is_xml(path));
            if here.is_empty() { &mut tables } else { &mut left }.extend(documents);
            tables.extend(here);
            found.extend(others.into_iter().map(Input::File));
        } else if all_tables || ends_with(argument, TABLES) {
            tables.push(argument.clone());
        } else {
            found.push(Input::File(argument.clone()));
        }
    }
    Ok(Inputs { records: found, tables, left })
}
