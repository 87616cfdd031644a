//! Events, periods and starts of clocks in plain English.

use crate::book::plain::Plain;
use crate::book::plain::Term;
use crate::book::plain::here::Here;
use crate::book::plain::nouns;
use crate::book::plain::said::Said;
use crate::form::What;
use crate::form::Written;

impl<'a> Plain<'a> {
    /// An event in a sentence: its word, or what it is where it was written on the spot.
    pub(super) fn event(&self, here: &Here<'a>, written: &Written) -> String {
        match &written.what {
            What::Text { text, .. } => {
                if let Some(parts) = self.parts_of_mixed(here, text) {
                    return self.one_of_events(&here.top(), parts);
                }
                self.use_term(Term::Event(text.clone()));
                let whose = if self.belongs(here, written) {
                    format!(" of {}", here.subject())
                } else {
                    String::new()
                };
                format!("{}{whose}", nouns::term(text))
            }
            What::List(items) => self.one_of_events(here, items),
            _ => self.described(here, written, "").inline(),
        }
    }

    /// The events of which one of this name is made, where only some of them belong to what is judged: each is named by itself then.
    fn parts_of_mixed(&self, here: &Here<'a>, name: &str) -> Option<&'a [Written]> {
        let event = self.vocabulary.events.get(name)?;
        let What::List(items) = &event.entry("any_of")?.value.what else { return None };
        let belonging = items.iter().filter(|item| self.belongs(&here.top(), item)).count();
        (belonging > 0 && belonging < items.len()).then_some(items)
    }

    /// Whether of an event only that counts which is recorded beneath what is judged.
    fn belongs(&self, here: &Here<'a>, written: &Written) -> bool {
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text());
        if let What::Text { text, .. } = &written.what {
            let event = self.vocabulary.events.get(text);
            return event.is_some_and(|event| self.belongs(&here.top(), event));
        }
        if let Some(What::List(items)) = written.entry("any_of").map(|entry| &entry.value.what) {
            return items.iter().all(|item| self.belongs(here, item));
        }
        if let Some(name) = text("start_of").or_else(|| text("end_of")) {
            let each = self.vocabulary.periods.get(name).and_then(|period| period.entry("each"));
            let each = each.and_then(|entry| entry.value.text());
            return each.is_some_and(|each| here.top().list(each).is_beneath_judged());
        }
        text("each").map_or_else(|| here.clone(), |each| here.list(each)).is_beneath_judged()
    }

    fn one_of_events(&self, here: &Here<'a>, items: &[Written]) -> String {
        let events: Vec<String> = items.iter().map(|item| self.event(here, item)).collect();
        nouns::joined(&events, "or")
    }

    /// What an event is, with a note on those without a date.
    fn described(&self, here: &Here<'a>, written: &Written, note: &str) -> Said {
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text());
        for (key, edge) in [("start_of", "first"), ("end_of", "last")] {
            if let Some(name) = text(key) {
                self.use_term(Term::Period(name.to_owned()));
                let whose = if self.belongs(here, written) {
                    format!(" in {}", here.subject())
                } else {
                    String::new()
                };
                return Said::of(format!("the {edge} day of {}{whose}", nouns::term(name)));
            }
        }
        if let Some(years) = text("birthday") {
            return Said::of(format!("the birthday on which the child is {}", self.figure(years)));
        }
        if let Some(What::List(items)) = written.entry("any_of").map(|entry| &entry.value.what) {
            return Said::of(self.one_of_events(here, items));
        }
        let (inner, owner) = match text("each") {
            Some(each) => {
                let inner = here.list_belonging(each);
                let owner = inner.place();
                (inner, owner)
            }
            None => (here.clone(), here.own_place()),
        };
        let inner = inner.in_question();
        let words = format!("{}{owner}{note}", inner.field(text("on").unwrap_or_default()).words);
        match written.entry("where") {
            Some(entry) => Said::with(&format!("{words} for which"), self.condition(&inner, &entry.value)),
            None => Said::of(words),
        }
    }

    /// What a word for an event means.
    pub(super) fn meaning(&self, written: &Written) -> Said {
        let ignored = written.entry("ignore_undated").and_then(|entry| entry.value.text());
        let note = match ignored {
            Some("true") => " (one without that date is not it)",
            _ => " (one without that date may be it all the same, so that it cannot be told)",
        };
        self.described(&self.record(), written, note)
    }

    /// What a word for a period means.
    pub(super) fn lasting(&self, written: &Written) -> Said {
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text()).unwrap_or_default();
        let here = self.record().list(text("each")).judged();
        let field = |key: &str| here.field(text(key)).words;
        let mut words = format!("{} from {} to {}", nouns::a(&here.noun()), field("from"), field("to"));
        if let Some(join) = written.entry("join").filter(|join| join.value.text() != Some("false")) {
            words.push_str("; those that touch are one stretch");
            if let Some(entry) = join.value.entry("new_when") {
                let new: Vec<String> = self.condition(&here, &entry.value).iter().map(Said::inline).collect();
                words.push_str(&format!(", unless for the next {}", new.join(" and ")));
            }
        }
        match written.entry("where") {
            Some(entry) => {
                Said::with(&format!("{words}; only one for which"), self.condition(&here, &entry.value))
            }
            None => Said::of(words),
        }
    }

    /// A period in a sentence.
    pub(super) fn period(&self, name: &str) -> String {
        self.use_term(Term::Period(name.to_owned()));
        nouns::term(name)
    }

    /// When a clock starts.
    pub(super) fn start(&self, here: &Here<'a>, written: &Written) -> String {
        for (key, which) in [("later_of", "later"), ("earlier_of", "earlier")] {
            if let Some(What::List(items)) = written.entry(key).map(|entry| &entry.value.what) {
                let parts: Vec<String> = items.iter().map(|item| self.start(here, item)).collect();
                let after = if key == "later_of" { ", once all are known" } else { "" };
                return format!("the {which} of {}{after}", nouns::joined(&parts, "and"));
            }
        }
        let Some(event) = written.entry("event") else { return self.event(here, written) };
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text());
        let mut words = self.event(here, &event.value);
        if let Some(number) = text("nth") {
            words = format!("the {} {words}", nouns::nth(&self.figure(number)));
        }
        match text("plus") {
            Some(plus) => format!("{} after {words}", self.figure(plus)),
            None => words,
        }
    }
}
