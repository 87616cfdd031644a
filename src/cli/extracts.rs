//! How tables are named on the command line.

use clap::Args;

use crate::extracts::Confirmed;

/// How tables are read.
#[derive(Debug, Args)]
pub(super) struct ExtractArguments {
    /// The layout of the tables, such as `ssda903`; told by file names and columns unless given.
    #[arg(long, value_name = "NAME")]
    pub(super) layout: Option<String>,
    /// Confirms that a column of the tables is one of the layout's: the name in the file, then the layout's.
    #[arg(long = "column", value_name = "WRITTEN=COLUMN", value_parser = parse_confirmed)]
    pub(super) columns: Vec<Confirmed>,
}

fn parse_confirmed(text: &str) -> Result<Confirmed, String> {
    Confirmed::parse(text).ok_or_else(|| Confirmed::FORM.to_owned())
}

impl ExtractArguments {
    /// Whether a layout is named, so that every file is a table.
    pub(super) fn names_a_layout(&self) -> bool {
        self.layout.is_some()
    }
}
