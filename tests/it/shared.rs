//! Finds the shared test material beside the project: `../shared`, or the folder that `CASECHECK_SHARED` names.

use std::path::Path;
use std::path::PathBuf;

/// A file or folder of the shared material, or nothing, with a plain line that says so, when it is not on this machine.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
#[expect(clippy::print_stdout, reason = "the reader of a test run should know what was not run")]
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let named = std::env::var_os("CASECHECK_SHARED").map(PathBuf::from);
    let found =
        [Some(beside), named].into_iter().flatten().map(|root| root.join(name)).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: ../shared is not here ({name})");
    }
    found
}

/// The folder of this name.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    find(name).filter(|path| path.is_dir())
}

/// The text of a file.
pub(crate) fn text(name: &str) -> Option<String> {
    find(name).map(|path| std::fs::read_to_string(path).expect("the file can be read"))
}

/// The files of a folder with this ending, sorted by name, with their bytes.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("the file can be read"))
        })
        .filter(|(name, _)| name.ends_with(ending))
        .collect();
    files.sort();
    files
}
