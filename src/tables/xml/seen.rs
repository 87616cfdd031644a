//! An event of the XML library as it concerns us: names that are names, characters that XML allows, no entity but its own. What is passed over
//! (attributes, comments, instructions) must be well formed all the same.

use quick_xml::events::BytesStart;
use quick_xml::events::Event;

use crate::tables::xml::XmlTrouble;

/// Bytes of the name of an element or an attribute, its prefix among them.
const NAME: usize = 256;

/// An event, free of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Start(String),
    End,
    Text(String),
    Declared(String),
    Nothing,
    Eof,
}

impl Seen {
    pub(super) fn of(event: Event<'_>) -> Result<Self, XmlTrouble> {
        Ok(match event {
            Event::Start(start) | Event::Empty(start) => {
                check_name(start.name().into_inner())?;
                check_attributes(&start)?;
                Self::Start(start.local_name().into_inner().to_owned())
            }
            Event::End(_) => Self::End,
            Event::Text(text) => Self::Text(allowed(text.xml10_content().into_owned())?),
            Event::CData(text) => Self::Text(allowed(text.xml10_content().into_owned())?),
            Event::GeneralRef(name) => Self::Text(resolved(&name.xml10_content())?.into()),
            Event::Decl(declaration) => match declaration.encoding() {
                Some(Ok(label)) => Self::Declared(label.into_owned()),
                _ => Self::Nothing,
            },
            Event::DocType(_) => return Err(XmlTrouble::Doctype),
            Event::Comment(text) => allowed(&*text).map(|_| Self::Nothing)?,
            Event::PI(text) => allowed(&*text).map(|_| Self::Nothing)?,
            Event::Eof => Self::Eof,
        })
    }
}

/// A name is short and made of letters, digits and a few marks.
fn check_name(name: &str) -> Result<(), XmlTrouble> {
    if name.len() > NAME {
        return Err(XmlTrouble::NameTooLong(NAME));
    }
    allowed(name)?;
    let begins = |letter: char| letter.is_alphabetic() || matches!(letter, '_' | ':') || !letter.is_ascii();
    let goes_on = |letter: char| begins(letter) || letter.is_ascii_digit() || matches!(letter, '-' | '.');
    if name.starts_with(begins) && name.chars().all(goes_on) {
        return Ok(());
    }
    Err(XmlTrouble::Malformed)
}

fn check_attributes(start: &BytesStart<'_>) -> Result<(), XmlTrouble> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| XmlTrouble::Malformed)?;
        check_name(attribute.key.into_inner())?;
        let value = allowed(&*attribute.value)?;
        if value.contains('<') {
            return Err(XmlTrouble::Malformed);
        }
        for behind in value.split('&').skip(1) {
            let (name, _) = behind.split_once(';').ok_or(XmlTrouble::Malformed)?;
            resolved(name)?;
        }
    }
    Ok(())
}

/// Text, if XML allows each of its characters.
fn allowed<T: AsRef<str>>(text: T) -> Result<T, XmlTrouble> {
    if text.as_ref().chars().all(is_allowed) { Ok(text) } else { Err(XmlTrouble::Character) }
}

fn is_allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// One of XML's own five entities, or a letter by its number.
fn resolved(name: &str) -> Result<char, XmlTrouble> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
            return Err(XmlTrouble::Entity);
        }
        let letter = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        return letter.filter(|letter| is_allowed(*letter)).ok_or(XmlTrouble::Character);
    }
    Ok(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(XmlTrouble::Entity),
    })
}
