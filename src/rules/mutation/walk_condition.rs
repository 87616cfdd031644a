//! Mutants of conditions: a part dropped, a comparison turned, a code less, a figure moved.

use crate::form::Entry;
use crate::form::What;
use crate::form::Written;
use crate::rules::mutation::Operator;
use crate::rules::mutation::edit::Place;
use crate::rules::mutation::edit::mapping;
use crate::rules::mutation::walk::Walk;

/// What a word or a test is turned into; the second says the other thing of the same value, or of the value on the edge.
const TURNED: [(&str, &str); 18] = [
    ("before", "on_or_before"),
    ("on_or_before", "before"),
    ("after", "on_or_after"),
    ("on_or_after", "after"),
    ("at_least", "over"),
    ("over", "at_least"),
    ("at_most", "under"),
    ("under", "at_most"),
    ("is", "not"),
    ("in", "not_in"),
    ("not_in", "in"),
    ("some", "none"),
    ("none", "some"),
    ("happened", "not_happened"),
    ("not_happened", "happened"),
    ("during", "not_during"),
    ("not_during", "during"),
    ("later_of", "earlier_of"),
];

fn turned(word: &str) -> Option<&'static str> {
    let back = [("earlier_of", "later_of"), ("not", "is"), ("plus", "minus"), ("minus", "plus")];
    TURNED.into_iter().chain(back).find(|(from, _)| *from == word).map(|(_, to)| to)
}

impl Walk<'_> {
    /// The parts of a condition.
    pub fn condition(&mut self, node: &Written, place: &Place) {
        let What::Map(entries) = &node.what else { return };
        for (at, entry) in (0..).zip(entries) {
            let here = place.key(at, &entry.key);
            if entries.len() > 1 {
                self.remove(Operator::Dropped, &entry.value, &here);
            }
            self.part(entry, &here);
        }
    }

    fn part(&mut self, entry: &Entry, place: &Place) {
        let value = &entry.value;
        let key = entry.key.as_str();
        match key {
            "all" | "any" => self.parts(entry, place),
            "not" => {
                let plain = What::List(vec![value.clone()]);
                self.replace_entry(entry, place, "all", plain);
                self.condition(value, place);
            }
            "some" | "none" | "happened" | "not_happened" | "during" | "not_during" => {
                if let Some(other) = turned(key) {
                    self.rename(Operator::Turned, entry, place, other);
                }
                self.inside(value, place);
            }
            "age_at_start" | "age_now" | "age_on" => self.tests(value, place, &["on"]),
            _ => self.field(value, place),
        }
    }

    /// The parts of `all` and `any`.
    fn parts(&mut self, entry: &Entry, place: &Place) {
        let What::List(items) = &entry.value.what else { return };
        if items.len() > 1 {
            let other = if entry.key == "all" { "any" } else { "all" };
            self.rename(Operator::Turned, entry, place, other);
        }
        self.less_one(Operator::Dropped, &entry.value, place);
        for (at, item) in (0..).zip(items) {
            self.condition(item, &place.item(at));
        }
    }

    /// What stands under `some`, `happened` and `during`.
    fn inside(&mut self, node: &Written, place: &Place) {
        let What::Map(entries) = &node.what else {
            self.period(node, place);
            return;
        };
        for (at, entry) in (0..).zip(entries) {
            let here = place.key(at, &entry.key);
            match entry.key.as_str() {
                "where" => {
                    let one = matches!(&entry.value.what, What::Map(parts) if parts.len() == 1);
                    if one {
                        self.remove(Operator::Dropped, &entry.value, &here);
                    }
                    self.condition(&entry.value, &here);
                }
                "event" => self.event(&entry.value, &here),
                "period" => self.period(&entry.value, &here),
                "from" | "to" | "on" => {
                    self.remove(Operator::Dropped, &entry.value, &here);
                    self.operand(&entry.value, &here);
                }
                _ => {}
            }
        }
    }

    /// What is asked of a field.
    fn field(&mut self, node: &Written, place: &Place) {
        match &node.what {
            What::Text { text, quoted: false } if text == "true" || text == "false" => self.flag(node, place),
            What::Text { .. } => {
                self.replace(Operator::Turned, node, place, mapping("not", node.what.clone()));
            }
            What::List(_) => {
                self.replace(Operator::Turned, node, place, mapping("not_in", node.what.clone()));
                self.less_one(Operator::Turned, node, place);
            }
            What::Map(_) => self.tests(node, place, &[]),
            What::Nothing => {}
        }
    }

    /// The tests of a field or of an age; `kept` are keys that are no tests.
    fn tests(&mut self, node: &Written, place: &Place, kept: &[&str]) {
        let What::Map(entries) = &node.what else { return };
        let several = entries.iter().filter(|entry| !kept.contains(&entry.key.as_str())).count() > 1;
        for (at, entry) in (0..).zip(entries) {
            let here = place.key(at, &entry.key);
            if several && !kept.contains(&entry.key.as_str()) {
                self.remove(Operator::Dropped, &entry.value, &here);
            }
            self.test(entry, &here);
        }
    }

    fn test(&mut self, entry: &Entry, place: &Place) {
        let value = &entry.value;
        let key = entry.key.as_str();
        let is_flag = matches!(value.text(), Some("true" | "false"));
        match key {
            "present" => self.replace_flag(Operator::Turned, value, place),
            "is" | "not" if is_flag => self.replace_flag(Operator::Flag, value, place),
            _ => {
                if let Some(other) = turned(key) {
                    self.rename(Operator::Turned, entry, place, other);
                }
                match key {
                    "is" | "not" | "in" | "not_in" => self.less_one(Operator::Turned, value, place),
                    "before" | "after" | "on_or_before" | "on_or_after" | "on" => self.operand(value, place),
                    "same_as" | "matches" | "not_only" | "without" | "explained" => {}
                    _ => self.number(value, place),
                }
            }
        }
    }

    fn replace_flag(&mut self, operator: Operator, node: &Written, place: &Place) {
        let other = if node.text() == Some("true") { "false" } else { "true" };
        self.replace(operator, node, place, crate::rules::mutation::edit::plain(other));
    }

    /// What a date is compared with.
    fn operand(&mut self, node: &Written, place: &Place) {
        self.day(node, place);
        let What::Map(entries) = &node.what else { return };
        for (at, entry) in (0..).zip(entries) {
            let here = place.key(at, &entry.key);
            if let Some(other) = turned(&entry.key) {
                self.rename(Operator::Turned, entry, &here, other);
            }
            match entry.key.as_str() {
                "plus" | "minus" => {
                    self.limit(Operator::Limit, &entry.value, &here);
                    self.remove(Operator::Dropped, &entry.value, &here);
                }
                "later_of" | "earlier_of" => {
                    self.less_one(Operator::Dropped, &entry.value, &here);
                    if let What::List(items) = &entry.value.what {
                        (0..).zip(items).for_each(|(at, item)| self.operand(item, &here.item(at)));
                    }
                }
                "day" => self.operand(&entry.value, &here),
                _ => {}
            }
        }
    }
}
