//! Walks what a rule says it checks, and makes a mutant of each figure, flag, clause and list on the way. Conditions and events have
//! files of their own.

use crate::calendar::Limit;
use crate::form::Entry;
use crate::form::Form;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::model::Day;
use crate::rules::kinds::KINDS;
use crate::rules::kinds::MISSED;
use crate::rules::mutation::Mutant;
use crate::rules::mutation::Operator;
use crate::rules::mutation::edit::Edit;
use crate::rules::mutation::edit::Place;
use crate::rules::mutation::edit::plain;
use crate::rules::mutation::edit::shown;
use crate::rules::mutation::neighbours::Neighbours;

/// Keys of a kind that say what is judged or how it is shown, and that are not clauses to be dropped.
const NOT_A_CLAUSE: [&str; 8] =
    ["for_each", "in", "of", "if_empty", "dated_by", "within", "at_least_before", "warn_before"];

/// The mutants of one rule while they are gathered.
pub struct Walk<'n> {
    pub neighbours: &'n Neighbours,
    pub found: Vec<Mutant>,
}

/// Every mutant of a rule's tree.
pub fn mutants(tree: &Written, neighbours: &Neighbours) -> Vec<Mutant> {
    let mut walk = Walk { neighbours, found: Vec::new() };
    let What::Map(entries) = &tree.what else { return Vec::new() };
    let top = Place::default();
    for (at, entry) in (0..).zip(entries) {
        let place = top.key(at, &entry.key);
        match entry.key.as_str() {
            "params" => walk.params(tree, &entry.value, &place),
            "check" => walk.check(&entry.value, &place),
            "if_missed" => walk.missed(&entry.value, &place),
            "effective" => walk.days(&entry.value, &place),
            "relaxed" => each_item(&entry.value, |at, item| walk.days(item, &place.item(at))),
            _ => {}
        }
    }
    walk.found
}

/// The items of a list, or the one value that stands for a list of one.
fn each_item(node: &Written, mut tell: impl FnMut(usize, &Written)) {
    if let What::List(items) = &node.what {
        for (at, item) in (0..).zip(items) {
            tell(at, item);
        }
    }
}

impl Walk<'_> {
    /// Notes a mutant of one change.
    pub fn note(
        &mut self,
        operator: Operator,
        node: &Written,
        place: &Place,
        from: &str,
        to: &str,
        edit: Edit,
    ) {
        self.note_all(operator, node, place, (from, to), vec![(place.clone(), edit)]);
    }

    /// Notes a mutant of several changes that belong together.
    pub fn note_all(
        &mut self,
        operator: Operator,
        node: &Written,
        place: &Place,
        (from, to): (&str, &str),
        edits: Vec<(Place, Edit)>,
    ) {
        let (place, change) = (place.text.clone(), format!("{from} → {to}"));
        self.found.push(Mutant { operator, place, change, start: node.span.start, edits });
    }

    /// Another value in the same place.
    pub fn replace(&mut self, operator: Operator, node: &Written, place: &Place, what: What) {
        let (from, to) = (shown(&node.what), shown(&what));
        self.note(operator, node, place, &from, &to, Edit::Replace(what));
    }

    /// An entry or an item less.
    pub fn remove(&mut self, operator: Operator, node: &Written, place: &Place) {
        self.note(operator, node, place, &shown(&node.what), "nothing", Edit::Remove);
    }

    /// Another key before the same value.
    pub fn rename(&mut self, operator: Operator, entry: &Entry, place: &Place, key: &str) {
        self.note(operator, &entry.value, place, &entry.key, key, Edit::Rename(key.to_owned()));
    }

    fn check(&mut self, node: &Written, place: &Place) {
        let What::Map(entries) = &node.what else { return };
        for (at, entry) in (0..).zip(entries) {
            if let Some((_, form)) = KINDS.iter().find(|(key, _)| *key == entry.key) {
                self.form(&entry.value, form, &place.key(at, &entry.key));
            }
        }
    }

    fn missed(&mut self, node: &Written, place: &Place) {
        let What::Map(entries) = &node.what else { return };
        for (at, entry) in (0..).zip(entries).filter(|(_, entry)| entry.key == "deadline") {
            self.form(&entry.value, &MISSED, &place.key(at, &entry.key));
        }
    }

    fn form(&mut self, node: &Written, form: &Form, place: &Place) {
        let What::Map(entries) = &node.what else { return };
        for field in form.fields {
            let Some((at, entry)) = (0..).zip(entries).find(|(_, entry)| entry.key == field.key) else {
                if matches!(field.takes, Takes::YesNo) && is_read(entries, field.key) {
                    let added = Edit::Add(field.key.to_owned(), plain("true"));
                    let words = format!("{}: true", field.key);
                    self.note(Operator::Flag, node, place, "no flag", &words, added);
                }
                continue;
            };
            let here = place.key(at, field.key);
            self.takes(&field.takes, field.key, &entry.value, &here);
            let is_clause = !field.needed && !NOT_A_CLAUSE.contains(&field.key);
            let many = matches!(&entry.value.what, What::Map(parts) if parts.len() > 1);
            if is_clause && !matches!(field.takes, Takes::YesNo) && !(many && is_condition(&field.takes)) {
                self.remove(Operator::Dropped, &entry.value, &here);
            }
        }
    }

    fn takes(&mut self, takes: &Takes, key: &str, node: &Written, place: &Place) {
        match takes {
            Takes::Limit => {
                self.limit(
                    if key == "warn_before" { Operator::Warning } else { Operator::Limit },
                    node,
                    place,
                );
            }
            Takes::Number => self.number(node, place),
            Takes::YesNo => self.flag(node, place),
            Takes::Condition => self.condition(node, place),
            Takes::Event => self.event(node, place),
            Takes::ForEach | Takes::Text => self.period(node, place),
            Takes::Anything if key == "until" => self.event(node, place),
            Takes::Form(form) => self.form(node, form, place),
            Takes::Check => self.check(node, place),
            Takes::Many(each) | Takes::OneOrMany(each) => {
                if matches!(each, Takes::Path | Takes::Text) {
                    self.less_one(Operator::Dropped, node, place);
                }
                each_item(node, |at, item| self.takes(each, key, item, &place.item(at)));
            }
            _ => {}
        }
    }

    /// A length of time, one of its unit shorter and longer.
    pub fn limit(&mut self, operator: Operator, node: &Written, place: &Place) {
        for other in limits_beside(node) {
            self.replace(operator, node, place, plain(other));
        }
    }

    /// A number, one less and one more in its last place.
    pub fn number(&mut self, node: &Written, place: &Place) {
        for other in numbers_beside(node) {
            self.replace(Operator::Number, node, place, plain(other));
        }
    }

    /// `true` for `false` and the other way round.
    pub fn flag(&mut self, node: &Written, place: &Place) {
        let other = if node.text() == Some("true") { "false" } else { "true" };
        self.replace(Operator::Flag, node, place, plain(other));
    }

    /// Another period of the same list.
    pub fn period(&mut self, node: &Written, place: &Place) {
        let Some(name) = node.text().filter(|name| self.neighbours.is_period(name)) else { return };
        for other in self.neighbours.of_period(name) {
            self.replace(Operator::Event, node, place, other);
        }
    }

    /// A list of several, less one.
    pub fn less_one(&mut self, operator: Operator, node: &Written, place: &Place) {
        let several = matches!(&node.what, What::List(items) if items.len() > 1);
        each_item(node, |at, item| {
            if several {
                self.remove(operator, item, &place.item(at));
            }
        });
    }

    /// A day that is written out, the day before and the day after.
    pub fn day(&mut self, node: &Written, place: &Place) {
        let Some(day) = node.text().and_then(Day::parse) else { return };
        for other in [day.plus_days(-1), day.plus_days(1)].into_iter().flatten() {
            self.replace(Operator::Date, node, place, plain(other.to_string()));
        }
    }

    fn days(&mut self, node: &Written, place: &Place) {
        let What::Map(entries) = &node.what else { return };
        for (at, entry) in (0..).zip(entries) {
            self.day(&entry.value, &place.key(at, &entry.key));
        }
    }

    /// The default of each parameter; the range that an authority may choose from is let be, so that it does not hide the change.
    fn params(&mut self, tree: &Written, node: &Written, place: &Place) {
        let What::Map(params) = &node.what else { return };
        for (at, param) in (0..).zip(params) {
            let here = place.key(at, &param.key);
            let What::Map(entries) = &param.value.what else { continue };
            let range = (0..).zip(entries).find(|(_, entry)| entry.key == "allowed");
            let range = range.map(|(at, entry)| (here.key(at, &entry.key), Edit::Remove));
            for (at, entry) in (0..).zip(entries).filter(|(_, entry)| entry.key == "default") {
                let value = &entry.value;
                let default = here.key(at, &entry.key);
                let operator = if only_warns(tree, &param.key) { Operator::Warning } else { Operator::Limit };
                let limits = limits_beside(value).into_iter().map(|other| (operator, other));
                let numbers = numbers_beside(value).into_iter().map(|other| (Operator::Number, other));
                for (operator, other) in limits.chain(numbers) {
                    let mut edits = vec![(default.clone(), Edit::Replace(plain(&other)))];
                    edits.extend(range.clone());
                    self.note_all(operator, value, &default, (&shown(&value.what), &other), edits);
                }
                self.less_one(Operator::Turned, value, &default);
            }
        }
    }
}

/// Whether a flag would be read beside the other keys: a clock that counts back has no day one and always counts what is early, and of no
/// days or of hours none is the first.
fn is_read(entries: &[Entry], flag: &str) -> bool {
    let text = |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.text());
    let counts_back = text("at_least_before").is_some();
    let by_the_day =
        !text("within").is_some_and(|within| within.starts_with("0 ") || within.ends_with("hours"));
    match flag {
        "beginning_with" => !counts_back && by_the_day,
        "count_early" => !counts_back,
        _ => true,
    }
}

fn is_condition(takes: &Takes) -> bool {
    matches!(takes, Takes::Condition)
}

/// Whether a parameter is used under `warn_before` alone.
fn only_warns(tree: &Written, name: &str) -> bool {
    let (mut warns, mut other) = (false, false);
    uses(tree, "", &format!("${name}"), &mut |key| {
        warns |= key == "warn_before";
        other |= key != "warn_before";
    });
    warns && !other
}

fn uses(node: &Written, key: &str, name: &str, tell: &mut impl FnMut(&str)) {
    match &node.what {
        What::Text { text, .. } if text == name => tell(key),
        What::List(items) => items.iter().for_each(|item| uses(item, key, name, tell)),
        What::Map(entries) => entries.iter().for_each(|entry| uses(&entry.value, &entry.key, name, tell)),
        _ => {}
    }
}

fn limits_beside(node: &Written) -> Vec<String> {
    let Some(limit) = node.text().and_then(|text| Limit::parse(text).ok()) else { return Vec::new() };
    let counts = [limit.count.checked_sub(1), limit.count.checked_add(1)];
    counts.into_iter().flatten().map(|count| Limit { count, ..limit }.to_string()).collect()
}

fn numbers_beside(node: &Written) -> Vec<String> {
    let What::Text { text, quoted: false } = &node.what else { return Vec::new() };
    let (digits, unit) = text.strip_suffix('%').map_or((text.as_str(), ""), |digits| (digits, "%"));
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let Ok(number) = digits.replace('.', "").parse::<u32>() else { return Vec::new() };
    let spelled = |number: u32| {
        let all = format!("{number:0>width$}", width = places + 1);
        let (whole, part) = all.split_at(all.len() - places);
        let dot = if places == 0 { "" } else { "." };
        format!("{whole}{dot}{part}{unit}")
    };
    [number.checked_sub(1), number.checked_add(1)].into_iter().flatten().map(spelled).collect()
}
