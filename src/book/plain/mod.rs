//! The check of a rule in plain English, made of the check as it was written: when the clock starts, how long there is, what ends it, on which
//! conditions, what is asked. Fields go by the titles of the record schema, codes by what they mean, figures by their value in force; the words
//! of the vocabulary stand in quotation marks, with what they mean beside the check.
//!
//! `clocks`, `items` and `together` each write some of the kinds of `rules::KINDS`; `conditions` and `events` what stands in them.

mod clocks;
mod conditions;
mod events;
mod here;
mod items;
mod nouns;
mod said;
mod together;

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::book::Vocabulary;
use crate::book::plain::here::Here;
use crate::calendar::Limit;
use crate::form;
use crate::form::What;
use crate::form::Written;
use crate::rules::Param;
use crate::rules::Rule;
use crate::schema::Shape;

pub use said::Said;
pub use said::capital;

/// A check in plain English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InWords {
    /// The check, a sentence or a list each.
    pub check: Vec<Said>,
    /// The words of the vocabulary in it, with what they mean.
    pub terms: Vec<(String, Said)>,
}

/// A word of the vocabulary that was used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Event(String),
    Period(String),
}

/// Writes the checks of one rule.
#[derive(Debug)]
struct Plain<'a> {
    shape: &'a Shape,
    vocabulary: &'a Vocabulary,
    params: &'a [Param],
    used: RefCell<BTreeSet<Term>>,
}

impl InWords {
    /// The check of a rule in plain English.
    pub fn of(rule: &Rule, vocabulary: &Vocabulary, shape: &Shape) -> Self {
        let plain = Plain { shape, vocabulary, params: &rule.params, used: RefCell::default() };
        let written = form::read(&rule.file).ok();
        let entry =
            |key: &str| written.as_ref().and_then(|written| written.entry(key)).map(|entry| &entry.value);
        let mut check = entry("check").map(|check| plain.check(check)).unwrap_or_default();
        if let (Some(missed), Some(first), Some(written)) = (&rule.missed, entry("check"), entry("if_missed"))
        {
            check.extend(plain.missed(&missed.facts.id, first, written));
        }
        let check = check.into_iter().map(Said::sentence).collect();
        Self { check, terms: plain.terms() }
    }
}

impl<'a> Plain<'a> {
    /// A check: a mapping of one key, the kind.
    fn check(&self, written: &Written) -> Vec<Said> {
        let What::Map(entries) = &written.what else { return Vec::new() };
        let Some(kind) = entries.first() else { return Vec::new() };
        let check = Check { plain: self, written: &kind.value };
        match kind.key.as_str() {
            "deadline" => check.deadline(),
            "cadence" => check.cadence(),
            "gap" => check.gap(),
            "total" => check.total(),
            "overlap" => check.overlap(),
            "order" => check.order(),
            "present" => check.present(),
            "when_then" => check.when_then(),
            "each_item" => check.each_item(),
            "count" => check.count(),
            "one_of" => check.one_of(),
            "matches" => check.matches(),
            "text" => check.text_of(),
            "agrees" => check.agrees(),
            "unique" => check.unique(),
            "all_of" => check.several("All of these must hold:"),
            "any_of" => check.several("One of these must hold:"),
            "across" => check.across(),
            _ => Vec::new(),
        }
    }

    fn record(&self) -> Here<'a> {
        Here::record(self.shape)
    }

    /// A figure: as written, or the value of the parameter that is named; a length of time by its right number of days, weeks or months.
    fn figure(&self, text: &str) -> String {
        let param =
            text.strip_prefix('$').and_then(|name| self.params.iter().find(|param| param.name == name));
        let figure = param.map_or_else(|| text.to_owned(), |param| param.value.to_string());
        Limit::parse(&figure).map_or(figure, |limit| limit.to_string())
    }

    fn use_term(&self, term: Term) {
        self.used.borrow_mut().insert(term);
    }

    /// What the words that were used mean; their meanings may use others.
    fn terms(&self) -> Vec<(String, Said)> {
        let mut told: BTreeSet<Term> = BTreeSet::new();
        let mut found = Vec::new();
        loop {
            let next = self.used.borrow().difference(&told).next().cloned();
            let Some(term) = next else { return found };
            let meaning = match &term {
                Term::Event(name) => {
                    self.vocabulary.events.get(name).map(|event| (name, self.meaning(event)))
                }
                Term::Period(name) => {
                    self.vocabulary.periods.get(name).map(|period| (name, self.lasting(period)))
                }
            };
            found.extend(meaning.map(|(name, meaning)| (nouns::term(name), meaning.sentence())));
            told.insert(term);
        }
    }
}

/// What stands under the key of a kind, while it is put into words.
#[derive(Clone, Copy, Debug)]
struct Check<'p, 'a> {
    plain: &'p Plain<'a>,
    written: &'p Written,
}

impl<'p, 'a> Check<'p, 'a> {
    fn at(&self, key: &str) -> Option<&'p Written> {
        self.written.entry(key).map(|entry| &entry.value)
    }

    fn text(&self, key: &str) -> Option<&'p str> {
        self.at(key).and_then(Written::text)
    }

    fn figure(&self, key: &str) -> Option<String> {
        self.text(key).map(|text| self.plain.figure(text))
    }

    fn is_yes(&self, key: &str) -> bool {
        self.text(key) == Some("true")
    }

    /// One value, or each of several.
    fn many(&self, key: &str) -> Vec<&'p Written> {
        match self.at(key) {
            Some(Written { what: What::List(items), .. }) => items.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        }
    }

    /// The item that is judged, where `in` names its list.
    fn item(&self) -> Here<'a> {
        self.plain.record().list(self.text("in").unwrap_or("record")).judged()
    }

    /// The conditions under a key.
    fn conditions(&self, here: &Here<'a>, key: &str) -> Vec<Said> {
        self.at(key).map(|written| self.plain.condition(here, written)).unwrap_or_default()
    }
}
