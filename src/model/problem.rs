//! What is wrong with a rule, schema, overlay, waiver or mapping file. Never about a record, never about us.

use std::ops::Range;
use std::sync::Arc;

/// A file of the catalog, kept so that a problem can show its line.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name inside the catalog, `rules/pep/pep-001-started-late.yaml`.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

impl SourceFile {
    /// A file by name and text, ready to be shared by its problems.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }
}

/// One thing that is wrong in a file of the catalog, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes that it is about; empty at 0 when it is about the whole file.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn at(file: &Arc<SourceFile>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { file: Arc::clone(file), span, message: message.into(), help: None }
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Line and column, both from 1; the column counts characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.span.start).unwrap_or(&self.file.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.line_and_column();
        write!(out, "{}:{line}:{column}: {}", self.file.name, self.message)?;
        match &self.help {
            Some(help) => write!(out, " ({help})"),
            None => Ok(()),
        }
    }
}
