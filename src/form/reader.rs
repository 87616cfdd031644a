//! Reads a mapping against its form and gathers what is wrong, so that an author sees every problem at once.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use crate::form::Entry;
use crate::form::Form;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::model::Day;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::model::closest;

/// How many right words are named where none is near the one that was written.
const SHOWN: usize = 40;

/// The problems of one file, gathered while it is read.
#[derive(Debug)]
pub struct Problems {
    file: Arc<SourceFile>,
    found: RefCell<Vec<Problem>>,
}

impl Problems {
    /// None so far.
    pub fn of(file: &Arc<SourceFile>) -> Self {
        Self { file: Arc::clone(file), found: RefCell::default() }
    }

    /// The file that is being read.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// Notes a problem.
    pub fn at(&self, span: &Range<usize>, message: impl Into<String>) {
        self.found.borrow_mut().push(Problem::at(&self.file, span.clone(), message));
    }

    /// Notes a problem and what to do about it.
    pub fn with_help(&self, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.found.borrow_mut().push(Problem::at(&self.file, span.clone(), message).help(help));
    }

    /// Notes that a word is not one of those that would be right, with the one that was probably meant.
    pub fn unknown<'a>(
        &self,
        span: &Range<usize>,
        what: &str,
        word: &str,
        right: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        let help = match closest(word, right.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let mut names: Vec<&str> = right.into_iter().collect();
                names.sort_unstable();
                let more = names.len().saturating_sub(SHOWN);
                names.truncate(SHOWN);
                match (names.is_empty(), more) {
                    (true, _) => "there is none so far".to_owned(),
                    (false, 0) => format!("write one of: {}", names.join(", ")),
                    (false, more) => format!("write one of: {} and {more} more", names.join(", ")),
                }
            }
        };
        self.with_help(span, format!("there is no {what} `{word}`"), help);
    }

    /// Whether nothing was wrong so far.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// All of them, in the order of the file, while others still hold them.
    pub fn to_vec(&self) -> Vec<Problem> {
        Self { file: Arc::clone(&self.file), found: RefCell::new(self.found.borrow().clone()) }.into_vec()
    }

    /// All of them, in the order of the file.
    pub fn into_vec(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|problem| problem.span.start);
        found.dedup();
        found
    }
}

/// A mapping that has been read against its form: every key is known, every needed key is there or was reported.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'w> {
    /// The mapping.
    pub written: &'w Written,
    entries: &'w [Entry],
}

impl<'w> Fields<'w> {
    /// Checks the keys of a mapping. Nothing comes back only when it is no mapping at all.
    pub fn read(written: &'w Written, form: &Form, problems: &Problems) -> Option<Self> {
        let What::Map(entries) = &written.what else {
            let keys: Vec<&str> = form.fields.iter().map(|field| field.key).collect();
            problems.with_help(
                &written.span,
                format!("{} is a mapping, but {} stands here", form.name, written.kind()),
                format!("its keys are: {}", keys.join(", ")),
            );
            return None;
        };
        for entry in entries {
            match form.fields.iter().find(|field| field.key == entry.key) {
                None => {
                    let what = format!("key in {}:", form.name);
                    problems.unknown(
                        &entry.key_span,
                        &what,
                        &entry.key,
                        form.fields.iter().map(|field| field.key),
                    );
                }
                Some(field) => check_takes(&field.takes, field.key, &entry.value, problems),
            }
        }
        for field in form.fields.iter().filter(|field| field.needed) {
            if !entries.iter().any(|entry| entry.key == field.key && entry.value.what != What::Nothing) {
                let start = entries.first().map_or(written.span.clone(), |entry| entry.key_span.clone());
                problems.with_help(&start, format!("{} needs `{}`", form.name, field.key), field.about);
            }
        }
        Some(Self { written, entries })
    }

    /// What was written after a key, if anything was.
    pub fn get(&self, key: &str) -> Option<&'w Written> {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
            .filter(|value| value.what != What::Nothing)
    }

    /// A scalar as spelled; a list or mapping was reported when the form was read.
    pub fn text(&self, key: &str) -> Option<&'w str> {
        self.get(key).and_then(Written::text)
    }

    /// `true` or `false`; absent is `false`.
    pub fn yes(&self, key: &str) -> bool {
        self.text(key) == Some("true")
    }

    /// A day; a spelling that is no day was reported when the form was read.
    pub fn day(&self, key: &str) -> Option<Day> {
        self.text(key).and_then(Day::parse)
    }

    /// Where a key's value stands, or the whole mapping when it is not there.
    pub fn span(&self, key: &str) -> Range<usize> {
        self.get(key).map_or_else(|| self.written.span.clone(), |value| value.span.clone())
    }

    /// A value as a list: one value is a list of one.
    pub fn many(&self, key: &str) -> Vec<&'w Written> {
        match self.get(key) {
            None => Vec::new(),
            Some(Written { what: What::List(items), .. }) => items.iter().collect(),
            Some(one) => vec![one],
        }
    }
}

/// Reports a value that cannot be what the form takes. What a name refers to is checked by those who know the names.
fn check_takes(takes: &Takes, key: &str, value: &Written, problems: &Problems) {
    if value.what == What::Nothing {
        return;
    }
    let scalar = value.text();
    match takes {
        Takes::Text | Takes::Limit | Takes::Path | Takes::List if scalar.is_none() => {
            problems
                .at(&value.span, format!("`{key}` takes a single value, but {} stands here", value.kind()));
        }
        Takes::YesNo if !matches!(scalar, Some("true" | "false")) => {
            problems.at(&value.span, format!("`{key}` takes `true` or `false`"));
        }
        Takes::Number
            if !scalar.is_some_and(|text| {
                text.starts_with('$') || text.trim_end_matches('%').parse::<f64>().is_ok()
            }) =>
        {
            problems.at(&value.span, format!("`{key}` takes a number or a $parameter"));
        }
        Takes::Date if scalar.and_then(Day::parse).is_none() => {
            problems.at(&value.span, format!("`{key}` takes a date that exists, written YYYY-MM-DD"));
        }
        Takes::Word(words) => match scalar {
            Some(text) if words.contains(&text) => {}
            Some(text) => problems.unknown(&value.span, &format!("`{key}`"), text, words.iter().copied()),
            None => problems.at(&value.span, format!("`{key}` takes one of: {}", words.join(", "))),
        },
        Takes::Many(each) => match &value.what {
            What::List(items) => items.iter().for_each(|item| check_takes(each, key, item, problems)),
            _ => problems.at(&value.span, format!("`{key}` takes a list, but {} stands here", value.kind())),
        },
        Takes::OneOrMany(each) => match &value.what {
            What::List(items) => items.iter().for_each(|item| check_takes(each, key, item, problems)),
            _ => check_takes(each, key, value, problems),
        },
        _ => {}
    }
}
