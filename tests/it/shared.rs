//! Where the public corpora and samples lie: beside the project, or where `CASECHECK_SHARED` says.

use std::path::PathBuf;

/// The folder of this name, or nothing, with a line that says so, when the corpora are not on this machine.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(name);
    let elsewhere = std::env::var_os("CASECHECK_SHARED").map(|root| PathBuf::from(root).join(name));
    let found = [Some(beside), elsewhere]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: ../shared is not here ({name})");
    }
    found
}

/// The files of a folder with this ending, sorted by name, with their bytes.
pub(crate) fn files(folder: &std::path::Path, ending: &str) -> Vec<(String, Vec<u8>)> {
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
