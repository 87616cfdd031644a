//! JSON Pointers (RFC 6901) into a record.

use std::fmt;
use std::fmt::Write as _;

/// Where something is in a record. The empty pointer is the record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The record itself.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads a pointer as written, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err("a JSON Pointer is empty or starts with `/`".to_owned());
        }
        let mut rest = text.chars();
        while let Some(letter) = rest.next() {
            if letter == '~' && !matches!(rest.next(), Some('0' | '1')) {
                return Err("in a JSON Pointer `~` is followed by `0` (for `~`) or `1` (for `/`)".to_owned());
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Points to the record itself again.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Goes into a property, escaping its name.
    pub fn push_key(&mut self, name: &str) {
        if self.0.is_empty() {
            // Most pointers are as long, and few are kept for long.
            self.0.reserve(48);
        }
        self.0.push('/');
        if !name.contains(['~', '/']) {
            self.0.push_str(name);
            return;
        }
        for letter in name.chars() {
            match letter {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                other => self.0.push(other),
            }
        }
    }

    /// Goes into the item of a list.
    pub fn push_index(&mut self, index: usize) {
        self.0.push('/');
        match u8::try_from(index) {
            Ok(digit @ 0..=9) => self.0.push(char::from(b'0' + digit)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(self.0, "{index}");
            }
        }
    }

    /// The pointer to a property of what this one points to.
    #[must_use]
    pub fn key(mut self, name: &str) -> Self {
        self.push_key(name);
        self
    }

    /// The pointer to an item of the list that this one points to.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.push_index(index);
        self
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its parts, escapes resolved.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"))
    }

    /// Whether this is at or beneath `other`.
    pub fn is_within(&self, other: &Pointer) -> bool {
        self.0.strip_prefix(other.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl serde::Serialize for Pointer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Pointer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
