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

/// The inputs that these arguments name: `-` is standard input, a folder is its files of records by name.
pub(super) fn inputs(arguments: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut found = Vec::new();
    for argument in arguments {
        if argument == Path::new("-") {
            found.push(Input::Stdin);
        } else if argument.is_dir() {
            let entries = std::fs::read_dir(argument).map_err(|error| {
                format!("the folder {} cannot be listed ({})", argument.display(), error.kind())
            })?;
            let mut files: Vec<PathBuf> =
                entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
            files.retain(|path| {
                path.extension()
                    .and_then(|ending| ending.to_str())
                    .is_some_and(|ending| ENDINGS.contains(&ending))
            });
            files.sort();
            if files.is_empty() {
                return Err(format!(
                    "the folder {} holds no files of records (.json, .ndjson, .gz, .zst)",
                    argument.display()
                ));
            }
            found.extend(files.into_iter().map(Input::File));
        } else {
            found.push(Input::File(argument.clone()));
        }
    }
    Ok(found)
}
