//! Zip archives written, for reports that are folders of tables.

use std::fs::File;
use std::io;
use std::io::Seek as _;
use std::io::Write as _;

use zip::CompressionMethod;
use zip::DateTime;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::archive::scratch;

/// An archive of these files, each by its name, in a nameless file that is to be read from its start. The same files make the same bytes.
pub fn zip_of(files: &[(String, Vec<u8>)]) -> io::Result<File> {
    let mut zip = ZipWriter::new(scratch()?);
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), how).map_err(io::Error::other)?;
        zip.write_all(bytes)?;
    }
    let mut file = zip.finish().map_err(io::Error::other)?;
    file.rewind()?;
    Ok(file)
}
