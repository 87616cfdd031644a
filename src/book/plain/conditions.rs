//! Conditions in plain English.

use crate::book::plain::Plain;
use crate::book::plain::Term;
use crate::book::plain::here::Field;
use crate::book::plain::here::Here;
use crate::book::plain::nouns;
use crate::book::plain::said::Said;
use crate::form::Entry;
use crate::form::What;
use crate::form::Written;
use crate::model::Day;
use crate::rules::CONDITION;
use crate::rules::ParamValue;
use crate::rules::plain_date;
use crate::schema::ShapeKind;

impl<'a> Plain<'a> {
    /// A condition: each statement must hold.
    pub(super) fn condition(&self, here: &Here<'a>, written: &Written) -> Vec<Said> {
        let What::Map(entries) = &written.what else { return Vec::new() };
        entries.iter().flat_map(|entry| self.part(here, entry)).collect()
    }

    fn part(&self, here: &Here<'a>, entry: &Entry) -> Vec<Said> {
        let value = &entry.value;
        let items = || match &value.what {
            What::List(items) => items.as_slice(),
            _ => &[],
        };
        let one = match entry.key.as_str() {
            "all" => return items().iter().flat_map(|item| self.condition(here, item)).collect(),
            "any" => self.any(here, items()),
            "not" => self.not(here, value),
            "some" => self.some(here, value, true),
            "none" => self.some(here, value, false),
            "happened" => self.happened(here, value, "has taken place"),
            "not_happened" => self.happened(here, value, "has not taken place"),
            "during" => self.during(here, value, "lasts"),
            "not_during" => self.during(here, value, "does not last"),
            "age_at_start" => self.age(here, value, "the start"),
            "age_now" | "age_on" => self.age(here, value, "the day of the check"),
            path => self.tests(&here.field(path), here, value),
        };
        vec![one]
    }

    fn any(&self, here: &Here<'a>, items: &[Written]) -> Said {
        let ways = self.ways(here, items);
        let letters: usize = ways.iter().map(|way| way.words.chars().count()).sum();
        if ways.len() == 2 && letters < 110 && ways.iter().all(Said::is_plain) {
            let words: Vec<String> = ways.into_iter().map(|way| way.words).collect();
            return Said::of(format!("either {}", words.join(", or ")));
        }
        Said { words: "at least one of these holds:".to_owned(), under: ways }
    }

    fn ways(&self, here: &Here<'a>, items: &[Written]) -> Vec<Said> {
        items.iter().map(|item| Said::all(self.condition(here, item))).collect()
    }

    fn not(&self, here: &Here<'a>, written: &Written) -> Said {
        if let What::Map(entries) = &written.what
            && let [entry] = entries.as_slice()
        {
            if let ("any", What::List(items)) = (entry.key.as_str(), &entry.value.what) {
                return Said { words: "none of these holds:".to_owned(), under: self.ways(here, items) };
            }
            if let Some(said) = not_without(here, entry) {
                return said;
            }
        }
        let parts = self.condition(here, written);
        match parts.as_slice() {
            [only] if only.under.is_empty() => Said::of(format!("it is not so that {}", only.words)),
            _ => Said { words: "these do not all hold together:".to_owned(), under: parts },
        }
    }

    fn some(&self, here: &Here<'a>, written: &Written, is_there: bool) -> Said {
        let of = written.entry("of").and_then(|entry| entry.value.text()).unwrap_or("record");
        let inner = here.list_held(of);
        let lead = match (is_there, inner.is_one_of_many()) {
            (true, true) => format!("there is at least one {}", inner.noun()),
            (true, false) => format!("{} is recorded", inner.quoted()),
            (false, true) => format!("there is no {}", inner.noun()),
            (false, false) => format!("there is no {}", inner.quoted()),
        };
        match written.entry("where") {
            Some(entry) => Said::with(&format!("{lead} for which"), self.condition(&inner, &entry.value)),
            None => Said::of(lead),
        }
    }

    fn happened(&self, here: &Here<'a>, written: &Written, verb: &str) -> Said {
        let event = written
            .entry("event")
            .map_or_else(String::new, |entry| self.event(&here.anybody(), &entry.value));
        let mut words = format!("{event} {verb}");
        for (key, joint) in [("from", "on or after"), ("to", "on or before")] {
            if let Some(entry) = written.entry(key) {
                words.push_str(&format!(" {joint} {}", self.day(here, &entry.value)));
            }
        }
        Said::of(words)
    }

    fn during(&self, here: &Here<'a>, written: &Written, verb: &str) -> Said {
        let name = written.text().or_else(|| written.entry("period")?.value.text()).unwrap_or_default();
        self.use_term(Term::Period(name.to_owned()));
        let on = written.entry("on").map(|entry| self.day(here, &entry.value));
        let on = on.unwrap_or_else(|| "the day of the check".to_owned());
        Said::of(format!("{} {verb} on {on}", nouns::term(name)))
    }

    fn age(&self, here: &Here<'a>, written: &Written, on: &str) -> Said {
        let years = |key: &str| Some(self.figure(written.entry(key)?.value.text()?));
        let age = match (years("at_least"), years("under")) {
            (Some(from), Some(under)) => format!("{from} or over and under {under}"),
            (Some(from), None) => format!("{from} or over"),
            (None, Some(under)) => format!("under {under}"),
            (None, None) => String::new(),
        };
        let on = written.entry("on").map_or_else(|| on.to_owned(), |entry| self.day(here, &entry.value));
        let joint = if on == "the start" { "at" } else { "on" };
        Said::of(format!("the child is {age} {joint} {on}"))
    }

    /// A day in words: a date, the day of the check, the start, a field, a day worked out of these.
    pub(super) fn day(&self, here: &Here<'a>, written: &Written) -> String {
        if let Some(text) = written.text() {
            return match text {
                "as_at" => "the day of the check".to_owned(),
                "start" => "the start".to_owned(),
                _ => Day::parse(text).map_or_else(|| here.field(text).words, plain_date),
            };
        }
        let several = |key: &str| match written.entry(key).map(|entry| &entry.value.what) {
            Some(What::List(items)) => items.iter().map(|item| self.day(here, item)).collect(),
            _ => Vec::new(),
        };
        let from = match written.entry("day") {
            Some(entry) => self.day(here, &entry.value),
            None if written.entry("later_of").is_some() => {
                format!("the later of {}", nouns::joined(&several("later_of"), "and"))
            }
            None => format!("the earlier of {}", nouns::joined(&several("earlier_of"), "and")),
        };
        let moved = [("plus", "after"), ("minus", "before")];
        moved.into_iter().fold(from, |day, (key, joint)| {
            let limit = written.entry(key).and_then(|entry| entry.value.text());
            limit.map_or_else(|| day.clone(), |limit| format!("{} {joint} {day}", self.figure(limit)))
        })
    }

    /// What is asked of a field.
    fn tests(&self, field: &Field<'a>, here: &Here<'a>, written: &Written) -> Said {
        let What::Map(entries) = &written.what else {
            return Said::of(format!("{} is {}", field.words, self.values(field, written, "or")));
        };
        let asked = |key: &str| entries.iter().any(|entry| entry.key == key);
        let is_present =
            entries.iter().any(|entry| entry.key == "present" && entry.value.text() == Some("true"));
        let is_valued = is_present && (asked("is") || asked("in"));
        let parts: Vec<String> = entries
            .iter()
            .filter(|entry| !(is_valued && entry.key == "present"))
            .map(|entry| match entry.key.as_str() {
                "is" | "in" if is_valued => {
                    format!("is recorded as {}", self.values(field, &entry.value, "or"))
                }
                _ => self.test(field, here, entry),
            })
            .collect();
        Said::of(format!("{} {}", field.words, parts.join(" and ")))
    }

    /// A test of a field, as it follows the field's title.
    pub(super) fn test(&self, field: &Field<'a>, here: &Here<'a>, entry: &Entry) -> String {
        let value = &entry.value;
        let text = value.text().unwrap_or_default();
        let figure = || self.figure(text);
        let day = || self.day(here, value);
        let list = || nouns::term(text);
        match entry.key.as_str() {
            "is" | "in" => format!("is {}", self.values(field, value, "or")),
            "not" | "not_in" => format!("is not recorded as {}", self.values(field, value, "or")),
            "present" => {
                let word = if field.is_part() { "recorded" } else { "filled in" };
                format!("is {}{word}", if text == "true" { "" } else { "not " })
            }
            "at_least" => format!("is {} or more", figure()),
            "at_most" => format!("is {} or less", figure()),
            "under" => format!("is less than {}", figure()),
            "over" => format!("is more than {}", figure()),
            "before" => format!("is before {}", day()),
            "after" => format!("is after {}", day()),
            "on_or_before" => format!("is on or before {}", day()),
            "on_or_after" => format!("is on or after {}", day()),
            "same_as" => format!("is the same as {}", here.field(text).words),
            "matches" => "has the form that the check as written gives".to_owned(),
            "min_words" => format!("has {} words or more", figure()),
            "max_words" => format!("has {} words or fewer", figure()),
            "min_letters" => format!("has {} letters or more", figure()),
            "not_only" => format!("says more than an entry of the word list {}", list()),
            "without" => format!("has no phrase of the word list {}", list()),
            "explained" => {
                format!("has its abbreviations explained, or they stand in the word list {}", list())
            }
            other => nouns::spoken(other),
        }
    }

    /// Values of a field: codes by what they mean.
    pub(super) fn values(&self, field: &Field<'a>, written: &Written, joint: &str) -> String {
        let texts: Vec<String> = match &written.what {
            What::List(items) => items.iter().filter_map(Written::text).map(str::to_owned).collect(),
            _ => self.given(written.text().unwrap_or_default()),
        };
        let texts: Vec<String> = texts.iter().map(|text| value(field, text)).collect();
        nouns::joined(&texts, joint)
    }

    /// A value as written, or those of the parameter that is named.
    fn given(&self, text: &str) -> Vec<String> {
        let param =
            text.strip_prefix('$').and_then(|name| self.params.iter().find(|param| param.name == name));
        match param.map(|param| &param.value) {
            Some(ParamValue::Words(words)) => words.clone(),
            Some(other) => vec![other.to_string()],
            None => vec![text.to_owned()],
        }
    }
}

/// That a text is not without any phrase of a list: that it has one.
fn not_without(here: &Here<'_>, entry: &Entry) -> Option<Said> {
    let What::Map(tests) = &entry.value.what else { return None };
    let [Entry { key, value, .. }] = tests.as_slice() else { return None };
    let list = value.text().filter(|_| key == "without")?;
    let field = here.field(&entry.key).words;
    Some(Said::of(format!("{field} has a phrase of the word list {}", nouns::term(list))))
}

/// A value of a field: a code by what it means, with the code where people know it.
fn value(field: &Field<'_>, text: &str) -> String {
    let Some(shape) = field.shape else { return nouns::spoken(text) };
    if shape.kind() == ShapeKind::Boolean {
        return if text == "true" { "yes" } else { "no" }.to_owned();
    }
    match shape.code_list().and_then(|list| list.label(text)) {
        // A code that is a word says no more than its label.
        Some(label) if text.contains('_') || text.chars().all(|letter| letter.is_ascii_lowercase()) => {
            format!("“{label}”")
        }
        Some(label) => format!("“{label}” ({text})"),
        None if shape.code_list().is_some() => format!("“{}”", nouns::spoken(text)),
        None => text.to_owned(),
    }
}

/// Whether a condition reads anything of the item that it is asked of.
pub(super) fn reads_the_item(written: &Written) -> bool {
    let What::Map(entries) = &written.what else { return false };
    entries.iter().any(|entry| match (entry.key.as_str(), &entry.value.what) {
        ("all" | "any", What::List(items)) => items.iter().any(reads_the_item),
        ("not", _) => reads_the_item(&entry.value),
        (key, _) => !CONDITION.fields.iter().any(|word| word.key == key) && !key.starts_with("$."),
    })
}
