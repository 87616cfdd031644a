//! The results of a run while they are written.

use std::fs::File;
use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::Failure;
use crate::cli::output;
use crate::report::Summary;

/// The files under `--out` and the lines on standard output. Files have a temporary name until they are whole.
pub(super) struct Results {
    folder: Option<PathBuf>,
    file: Option<BufWriter<File>>,
    to_stdout: bool,
}

const UNFINISHED: &str = "results.ndjson.unfinished";

impl Results {
    /// Opens them: the folder is made, and what cannot be written is said before anything is read.
    pub(super) fn open(folder: Option<&Path>, to_stdout: bool) -> Result<Self, Failure> {
        let mut file = None;
        if let Some(folder) = folder {
            let told = |error: std::io::Error| {
                format!(
                    "{} cannot be written ({}); give --out a folder that may be written",
                    folder.display(),
                    error.kind()
                )
            };
            std::fs::create_dir_all(folder).map_err(told)?;
            file = Some(BufWriter::new(File::create(folder.join(UNFINISHED)).map_err(told)?));
        }
        Ok(Self { folder: folder.map(Path::to_owned), file, to_stdout })
    }

    /// Writes answers, one a line.
    pub(super) fn write(&mut self, lines: &[u8]) -> Result<(), String> {
        if let Some(file) = &mut self.file {
            file.write_all(lines).map_err(|error| {
                format!("results.ndjson cannot be written ({}): is the disk full?", error.kind())
            })?;
        }
        if self.to_stdout {
            output::raw(&String::from_utf8_lossy(lines));
        }
        Ok(())
    }

    /// Gives the files their names.
    pub(super) fn finish(self, summary: &Summary<'_>) -> Result<(), Failure> {
        let (Some(folder), Some(file)) = (self.folder, self.file) else { return Ok(()) };
        let told = |error: std::io::Error| {
            format!("{} cannot be written ({}): is the disk full?", folder.display(), error.kind())
        };
        let file = file.into_inner().map_err(|error| told(error.into_error()))?;
        file.sync_all().map_err(told)?;
        let text = serde_json::to_vec_pretty(summary).map_err(|error| error.to_string())?;
        let unfinished = folder.join("summary.json.unfinished");
        std::fs::write(&unfinished, text).map_err(told)?;
        std::fs::rename(folder.join(UNFINISHED), folder.join("results.ndjson")).map_err(told)?;
        std::fs::rename(unfinished, folder.join("summary.json")).map_err(told)
    }
}
