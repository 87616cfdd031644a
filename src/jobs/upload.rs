//! An input on its way in: written beside the jobs, and durable before anybody is told that it was taken.

use std::path::Path;
use std::path::PathBuf;

use sha2::Digest as _;
use sha2::Sha256;
use tokio::fs;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::jobs::InputFile;
use crate::jobs::JobError;
use crate::model::hex;

/// The most files of one job.
const FILES: usize = 200;

/// The longest name of a file, in characters.
const NAME: usize = 200;

/// An input on its way in. Dropped before it is submitted, it leaves nothing behind.
#[derive(Debug)]
pub struct Upload {
    folder: PathBuf,
    most: u64,
    files: Vec<InputFile>,
    open: Option<Writing>,
    kept: bool,
}

#[derive(Debug)]
struct Writing {
    name: String,
    file: File,
    hash: Sha256,
    bytes: u64,
}

/// The name of a file as it may be shown: its last part, without anything that is no letter a person can see.
pub fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).take(NAME).collect();
    if plain.trim().is_empty() { "input".to_owned() } else { plain.trim().to_owned() }
}

impl Upload {
    pub(super) async fn begin(folder: PathBuf, most: u64) -> Result<Self, JobError> {
        fs::create_dir_all(folder.join("input")).await?;
        Ok(Self { folder, most, files: Vec::new(), open: None, kept: false })
    }

    /// Begins a file; what follows is its content.
    pub async fn file(&mut self, name: &str) -> Result<(), JobError> {
        self.close().await?;
        if self.files.len() >= FILES {
            return Err(JobError::TooLarge(self.most));
        }
        let mut name = shown_name(name);
        while self.files.iter().any(|file| file.name == name) {
            name.insert(0, '_');
        }
        let path = self.folder.join("input").join(self.files.len().to_string());
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await?;
        self.open = Some(Writing { name, file, hash: Sha256::new(), bytes: 0 });
        Ok(())
    }

    /// Writes on in the file that was begun.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        let before: u64 = self.files.iter().map(|file| file.bytes).sum();
        let Some(open) = &mut self.open else { return Err(JobError::NoFile) };
        open.bytes += bytes.len() as u64;
        if before + open.bytes > self.most {
            return Err(JobError::TooLarge(self.most));
        }
        open.hash.update(bytes);
        Ok(open.file.write_all(bytes).await?)
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.open.is_none()
    }

    async fn close(&mut self) -> Result<(), JobError> {
        if let Some(mut open) = self.open.take() {
            open.file.flush().await?;
            open.file.sync_all().await?;
            let sha256 = hex(&open.hash.finalize());
            self.files.push(InputFile { name: open.name, bytes: open.bytes, sha256 });
        }
        Ok(())
    }

    /// Ends the last file. Everything is on the disk then, whatever happens.
    pub(super) async fn finish(&mut self) -> Result<Vec<InputFile>, JobError> {
        self.close().await?;
        if self.files.is_empty() {
            return Err(JobError::NoFile);
        }
        sync(&self.folder.join("input")).await?;
        sync(&self.folder).await?;
        Ok(self.files.clone())
    }

    /// Gives the input to a job.
    pub(super) async fn keep_as(&mut self, place: &Path) -> Result<(), JobError> {
        fs::rename(&self.folder, place).await?;
        self.kept = true;
        if let Some(parent) = place.parent() {
            sync(parent).await?;
        }
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            // What stays after a failure here is swept when the jobs are next opened.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Makes the names in a folder durable.
async fn sync(folder: &Path) -> Result<(), JobError> {
    Ok(File::open(folder).await?.sync_all().await?)
}

#[cfg(test)]
mod tests {
    use super::shown_name;

    #[test]
    fn a_name_is_never_a_path() {
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("C:\\extracts\\episodes.csv"), "episodes.csv");
        assert_eq!(shown_name("a\u{0}b\n.csv"), "ab.csv");
        assert_eq!(shown_name("  "), "input");
    }
}
