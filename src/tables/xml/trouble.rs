//! What is wrong with a document, in words.

use std::fmt;

/// Why a file is no XML that can be read, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlTrouble {
    /// It does not begin as XML does.
    NotXml,
    /// It has a document type declaration.
    Doctype,
    /// It uses an entity that is not one of XML's own five.
    Entity,
    /// It ends inside an element.
    CutShort,
    /// Its markup is not well formed.
    Malformed,
    /// Something stands behind the last element.
    Behind,
    /// Elements stand inside more than so many others.
    TooDeep(usize),
    /// One element, one text or all that one child has is longer than so many bytes.
    TooLong(usize),
    /// One child has more rows than can be held.
    TooManyRows,
    /// The name of an element or an attribute is longer than so many bytes.
    NameTooLong(usize),
    /// A character that XML does not allow, as it stands or by its number.
    Character,
    /// There are more names of elements than so many.
    TooManyNames(usize),
    /// It says that it is written in an encoding that is not read.
    Encoding,
}

impl XmlTrouble {
    /// The stable word for machines.
    pub(in crate::tables) const fn code(self) -> &'static str {
        match self {
            Self::NotXml => "xml_not_xml",
            Self::Doctype => "xml_doctype",
            Self::Entity => "xml_entity",
            Self::CutShort => "file_cut_short",
            Self::Malformed | Self::Behind => "xml_malformed",
            Self::TooDeep(_) => "xml_too_deep",
            Self::TooLong(_) | Self::NameTooLong(_) => "line_too_long",
            Self::Character => "xml_character",
            Self::TooManyRows => "child_too_many_rows",
            Self::TooManyNames(_) => "too_many_columns",
            Self::Encoding => "xml_encoding",
        }
    }
}

impl fmt::Display for XmlTrouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotXml => {
                out.write_str("this is not XML; if it is a table of text, name it .csv, and otherwise export it again")
            }
            Self::Doctype => out.write_str(
                "a document type declaration (<!DOCTYPE …>) stands here; these are not read, because they can make a small file endless: export without it",
            ),
            Self::Entity => out.write_str(
                "an entity stands here that is not one of XML's own (&amp; &lt; &gt; &quot; &apos;); export without it",
            ),
            Self::CutShort => {
                out.write_str("the file ends inside an element: it was cut short; copy or export it again")
            }
            Self::Malformed => {
                out.write_str("the markup here is not well formed: an element that is not closed or closed by another name, or a stray < or &")
            }
            Self::Behind => out.write_str("more stands behind the end of the document; export it again as one document"),
            Self::TooDeep(limit) => write!(out, "more than {limit} elements stand inside one another here"),
            Self::TooLong(limit) => {
                write!(out, "what begins here is longer than {} KiB; is an element never closed?", limit >> 10)
            }
            Self::TooManyRows => {
                out.write_str("one child has too many rows; is the child's id the same everywhere?")
            }
            Self::NameTooLong(limit) => write!(out, "a name here is longer than {limit} bytes"),
            Self::Character => out.write_str(
                "a character that XML does not allow stands here, as it is or by its number; take it out where it was entered and export again",
            ),
            Self::TooManyNames(limit) => write!(out, "there are more than {limit} different elements"),
            Self::Encoding => out.write_str(
                "the first line names an encoding that is not read here; save the file as UTF-8 and let its first line say so",
            ),
        }
    }
}
