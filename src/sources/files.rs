//! The files that somebody names: files, folders, standard input; each is a file of records or a table.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;

use crate::intake;
use crate::intake::Chunks;
use crate::intake::Limits;
use crate::intake::Trouble;
use crate::intake::Unreadable;

/// The endings of files that are taken from a folder.
const ENDINGS: &[&str] = &["json", "ndjson", "jsonl", "gz", "zst"];

/// The endings of tables.
const TABLES: &[&str] = &["csv", "tsv", "tab"];

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

/// A source of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(Named),
    /// Standard input.
    Stdin,
}

impl Input {
    /// What it is called in places and messages.
    pub fn name(&self) -> String {
        match self {
            Self::File(file) => file.name.clone(),
            Self::Stdin => "standard input".to_owned(),
        }
    }

    /// Opens it, whatever its format.
    pub fn open(&self, limits: &Limits) -> Result<Chunks, Unreadable> {
        match self {
            Self::File(file) => {
                let told = |error: std::io::Error| Unreadable {
                    trouble: Trouble::Io(error.kind()),
                    file: file.name.clone(),
                    line: 0,
                };
                let opened = File::open(&file.path).map_err(told)?;
                let facts = opened.metadata().map_err(told)?;
                if facts.is_dir() {
                    return Err(told(std::io::ErrorKind::IsADirectory.into()));
                }
                intake::read(&file.name, opened, facts.is_file().then_some(facts.len()), limits)
            }
            Self::Stdin => intake::read("standard input", std::io::stdin(), None, limits),
        }
    }
}

fn ends_with(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    endings.contains(&ending.as_str())
}

/// Tells tables from files of records by the names of the files. Where `all_tables` is said, every file is a table.
pub fn sort(files: Vec<Named>, all_tables: bool) -> (Vec<Input>, Vec<Named>) {
    let is_table = |file: &Named| all_tables || ends_with(Path::new(&file.name), TABLES);
    let (tables, records): (Vec<Named>, Vec<Named>) = files.into_iter().partition(is_table);
    (records.into_iter().map(Input::File).collect(), tables)
}

/// The files of records and the tables that these arguments name: `-` is standard input, a folder is its files by name. Where `all_tables`
/// is said, every file that is named is a table, whatever its ending.
pub fn inputs(arguments: &[PathBuf], all_tables: bool) -> Result<(Vec<Input>, Vec<Named>), String> {
    let mut found = Vec::new();
    let mut tables = Vec::new();
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
                    "the folder {} holds no files of records (.json, .ndjson, .gz, .zst) and no tables (.csv, .tsv)",
                    argument.display()
                ));
            }
            let (here, others): (Vec<PathBuf>, Vec<PathBuf>) =
                files.into_iter().partition(|path| ends_with(path, TABLES));
            tables.extend(here.into_iter().map(Named::of_path));
            found.extend(others.into_iter().map(Named::of_path).map(Input::File));
        } else if all_tables || ends_with(argument, TABLES) {
            tables.push(Named::of_path(argument.clone()));
        } else {
            found.push(Input::File(Named::of_path(argument.clone())));
        }
    }
    Ok((found, tables))
}
