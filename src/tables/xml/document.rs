//! A document that has been read once from end to end: it is well formed and within limits, and its elements are known by name.

use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use std::io::Seek;

use crate::tables::Encoding;
use crate::tables::Limits;
use crate::tables::TableTrouble;
use crate::tables::UnreadableTable;
use crate::tables::encoding;
use crate::tables::text::Source;
use crate::tables::xml::XmlPlan;
use crate::tables::xml::XmlRows;
use crate::tables::xml::XmlTrouble;
use crate::tables::xml::pieces::Piece;
use crate::tables::xml::pieces::Pieces;

/// An XML file.
pub struct Document {
    file: String,
    source: Box<dyn Source>,
    encoding: Encoding,
    limits: Limits,
    root: String,
    names: BTreeSet<String>,
    other_encoding: bool,
}

impl Document {
    /// Looks through a stream of XML; the name stands for the file in every message and place.
    pub fn read(
        name: &str,
        source: impl Read + Seek + Send + 'static,
        limits: &Limits,
    ) -> Result<Self, UnreadableTable> {
        let wrong = |(trouble, line)| UnreadableTable { trouble, file: name.to_owned(), sheet: None, line };
        let told = |error: io::Error| wrong((TableTrouble::Io(error.kind()), 0));
        let mut source: Box<dyn Source> = Box::new(source);
        if source.seek(io::SeekFrom::End(0)).map_err(told)? > limits.total_bytes {
            return Err(wrong((TableTrouble::TooLong(limits.total_bytes), 0)));
        }
        let found = encoding::detect(&mut source, true).map_err(told)?;
        let encoding = found.map_err(|trouble| wrong((trouble, 0)))?;
        let mut seen = Seen::default();
        let mut pieces = Pieces::new(&mut source, encoding, *limits);
        seen.all(&mut pieces, limits).map_err(wrong)?;
        let own = encoding.codec();
        let other_encoding = pieces.declared.is_some_and(|declared| !declared.is_true_of(own, pieces.ascii));
        drop(pieces);
        source.rewind().map_err(told)?;
        Ok(Self {
            file: name.to_owned(),
            source,
            encoding,
            limits: *limits,
            root: seen.root,
            names: seen.names,
            other_encoding,
        })
    }

    /// The file as the caller named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How its letters are written, by its bytes.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether it says that it is written in another encoding than it is.
    pub fn has_other_encoding(&self) -> bool {
        self.other_encoding
    }

    /// The name of the outermost element.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Whether it has an element of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Its rows, by a plan.
    pub fn rows(self, plan: XmlPlan) -> XmlRows {
        XmlRows::new(self.file, Pieces::new(self.source, self.encoding, self.limits), self.limits, plan)
    }
}

/// What is seen of a document.
#[derive(Default)]
struct Seen {
    root: String,
    names: BTreeSet<String>,
}

impl Seen {
    fn all(&mut self, pieces: &mut Pieces<impl Read>, limits: &Limits) -> Result<(), (TableTrouble, u64)> {
        while let Some((piece, line)) = pieces.next()? {
            match piece {
                Piece::Start(name) => {
                    if self.root.is_empty() {
                        self.root.clone_from(&name);
                    }
                    if !self.names.contains(&name) {
                        self.names.insert(name);
                    }
                    if self.names.len() > limits.columns {
                        return Err((XmlTrouble::TooManyNames(limits.columns).into(), line));
                    }
                }
                Piece::End if pieces.ends() > limits.cells => {
                    return Err((TableTrouble::TooManyCells(limits.cells), line));
                }
                Piece::Text(_) | Piece::End => {}
            }
        }
        Ok(())
    }
}
