//! The files of a catalog: those in the binary, or those of a folder that replaces them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rust_embed::RustEmbed;

use crate::model::Problem;
use crate::model::SourceFile;

#[derive(RustEmbed)]
#[folder = "schemas/"]
struct EmbeddedSchemas;

#[derive(RustEmbed)]
#[folder = "rules/"]
struct EmbeddedRules;

/// The largest file that a catalog may hold, in bytes.
pub const LARGEST: u64 = 4 << 20;

/// The longest name of a file, in bytes.
const LONGEST_NAME: usize = 200;

/// Every file of a catalog, by name.
#[derive(Clone, Debug)]
pub struct Files {
    all: Vec<Arc<SourceFile>>,
    proved: bool,
}

/// Why the files of a catalog could not be read. The message says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Unloadable {
    /// The folder is not there.
    #[error(
        "there is no catalog folder at {0}: give --catalog a folder with `schemas/` and `rules/`, or leave it out for the built-in one"
    )]
    NoFolder(String),
    /// It lacks a part.
    #[error("the catalog folder {0} has no `{1}`: it must hold `schemas/` and `rules/`")]
    Incomplete(String, &'static str),
    /// A file cannot be read.
    #[error(
        "the catalog file {0} cannot be read ({1}): check its permissions and that it is UTF-8 text under 4 MiB"
    )]
    File(String, std::io::ErrorKind),
}

/// Why the files of a catalog could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// Something is there already.
    #[error("the folder {0} is not empty: name a new one, so that nothing of yours is overwritten")]
    NotEmpty(String),
    /// A file cannot be written.
    #[error("{0} cannot be written ({1}): check permissions and space")]
    File(String, std::io::ErrorKind),
}

impl Files {
    /// The files in the binary.
    pub fn embedded() -> Self {
        let text = |data: &[u8]| String::from_utf8_lossy(data).into_owned();
        let schemas = EmbeddedSchemas::iter().filter_map(|name| {
            Some(SourceFile::new(format!("schemas/{name}"), text(&EmbeddedSchemas::get(&name)?.data)))
        });
        let rules = EmbeddedRules::iter().filter_map(|name| {
            Some(SourceFile::new(format!("rules/{name}"), text(&EmbeddedRules::get(&name)?.data)))
        });
        Self::of_proved(schemas.chain(rules).collect())
    }

    /// The files of a folder that holds `schemas/` and `rules/`. Either may be left out only if the other is there, and is then
    /// taken from the binary.
    pub fn of_folder(folder: &Path) -> Result<Self, Unloadable> {
        if !folder.is_dir() {
            return Err(Unloadable::NoFolder(folder.display().to_string()));
        }
        let mut all = Vec::new();
        for part in ["schemas", "rules"] {
            let path = folder.join(part);
            if path.is_dir() {
                walk(&path, part, &mut all)?;
            } else {
                let own = Self::embedded();
                all.extend(own.all.into_iter().filter(|file| file.name.starts_with(&format!("{part}/"))));
            }
        }
        if !folder.join("rules").is_dir() && !folder.join("schemas").is_dir() {
            return Err(Unloadable::Incomplete(folder.display().to_string(), "rules/"));
        }
        Ok(Self::sorted(all))
    }

    fn sorted(mut all: Vec<Arc<SourceFile>>) -> Self {
        all.sort_by(|left, right| left.name.cmp(&right.name));
        Self { all, proved: false }
    }

    /// A catalog made of files that were loaded whole before: the tests of its rules are left unread until somebody asks for them, which
    /// halves what loading costs.
    pub fn of_proved(files: Vec<Arc<SourceFile>>) -> Self {
        Self { proved: true, ..Self::sorted(files) }
    }

    /// The same, of which nothing is taken as proved.
    #[must_use]
    pub fn to_be_proved(self) -> Self {
        Self { proved: false, ..self }
    }

    /// Whether the tests of its rules need not be read when it is loaded.
    pub const fn is_proved(&self) -> bool {
        self.proved
    }

    /// A catalog made of these files and no others.
    pub fn of(files: Vec<Arc<SourceFile>>) -> Self {
        Self::sorted(files)
    }

    /// Writes them to a folder that is not there yet or empty.
    pub fn write_to(&self, folder: &Path) -> Result<(), Unwritable> {
        let told =
            |path: &Path, error: &std::io::Error| Unwritable::File(path.display().to_string(), error.kind());
        std::fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
        if std::fs::read_dir(folder).map_err(|error| told(folder, &error))?.next().is_some() {
            return Err(Unwritable::NotEmpty(folder.display().to_string()));
        }
        for file in &self.all {
            let path = folder.join(&file.name);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| told(parent, &error))?;
            std::fs::write(&path, &file.text).map_err(|error| told(&path, &error))?;
        }
        Ok(())
    }

    /// The same with other texts laid over it, by name; no text takes the file out. Nothing of it is taken as proved.
    #[must_use]
    pub fn with(&self, changes: &BTreeMap<String, Option<String>>) -> Self {
        let kept = self.all.iter().filter(|file| !changes.contains_key(&file.name)).cloned();
        let new = changes.iter().filter_map(|(name, text)| Some(SourceFile::new(name, text.as_ref()?)));
        Self::of(kept.chain(new).collect())
    }

    /// Whether a file of this name has a place in a catalog, where something reads it.
    pub fn has_a_place_for(name: &str) -> bool {
        let plain = |part: &&str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(known)
        };
        is_read(name) && name.len() <= LONGEST_NAME && name.split('/').all(|part| plain(&part))
    }

    /// All of them, by name.
    pub fn all(&self) -> &[Arc<SourceFile>] {
        &self.all
    }

    /// One file by its name.
    pub fn get(&self, name: &str) -> Option<&Arc<SourceFile>> {
        self.all.iter().find(|file| file.name == name)
    }

    /// The files beneath a folder that end so.
    pub fn under<'f>(
        &'f self,
        folder: &'f str,
        ending: &'f str,
    ) -> impl Iterator<Item = &'f Arc<SourceFile>> + 'f {
        self.all.iter().filter(move |file| file.name.starts_with(folder) && file.name.ends_with(ending))
    }
}

/// Whether something reads a file of this name.
fn is_read(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match (parts.as_slice(), name.rsplit_once('.').map(|(_, ending)| ending)) {
        (["rules", "words", _], Some("txt")) | (["schemas", _, ..], Some("json")) => true,
        (["rules", "words", _], _) => false,
        (["rules", _, _], Some("yaml")) => true,
        _ => name == "rules/pack.yaml",
    }
}

/// Files that stand where nothing looks for them: what is wrong with their place.
pub(super) fn misplaced(files: &Files) -> Vec<Problem> {
    let written = files.under("rules/", ".yaml").chain(files.under("rules/", ".yml"));
    written
        .filter(|file| !is_read(&file.name))
        .map(|file| {
            let message = "nothing reads this file: it stands in no folder of a standard, or its name does not end in `.yaml`";
            Problem::at(file, 0..0, message).help("name it `rules/<standard>/<id>-<defect>.yaml`")
        })
        .collect()
}

fn walk(folder: &Path, name: &str, into: &mut Vec<Arc<SourceFile>>) -> Result<(), Unloadable> {
    let unreadable = |error: &std::io::Error| Unloadable::File(folder.display().to_string(), error.kind());
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(&error))? {
        let entry = entry.map_err(|error| unreadable(&error))?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') || file_name.ends_with('~') {
            continue;
        }
        let (path, inner) = (entry.path(), format!("{name}/{file_name}"));
        if path.is_dir() {
            walk(&path, &inner, into)?;
        } else if [".yaml", ".yml", ".json", ".txt"].iter().any(|ending| file_name.ends_with(ending)) {
            let told = |kind| Unloadable::File(path.display().to_string(), kind);
            let size = std::fs::metadata(&path).map_err(|error| told(error.kind()))?.len();
            if size > LARGEST {
                return Err(told(std::io::ErrorKind::FileTooLarge));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| told(error.kind()))?;
            into.push(SourceFile::new(inner, text));
        }
    }
    Ok(())
}
