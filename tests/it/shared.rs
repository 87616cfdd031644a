//! Finds the shared test material beside the project: `../shared`, or the folder that `CASECHECK_SHARED` names.

use std::fs;
use std::path::PathBuf;

/// The text of a shared file, or a plain line that it is not here and nothing.
pub(crate) fn text(path: &str) -> Option<String> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    #[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
    let named = std::env::var_os("CASECHECK_SHARED").map(PathBuf::from);
    let found = [Some(beside), named]
        .into_iter()
        .flatten()
        .find_map(|folder| fs::read_to_string(folder.join(path)).ok());
    if found.is_none() {
        #[expect(
            clippy::print_stdout,
            reason = "the reader of a test run should know what was not run"
        )]
        {
            println!("skipped: ../shared is not here ({path})");
        }
    }
    found
}
