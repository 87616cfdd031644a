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
                self.use_term(Term::Event(text.clone()));
                nouns::term(text)
            }
            What::List(items) => self.one_of_events(here, items),
            _ => self.described(here, written).inline(),
        }
    }

    fn one_of_events(&self, here: &Here<'a>, items: &[Written]) -> String {
        let events: Vec<String> = items.iter().map(|item| self.event(here, item)).collect();
        nouns::joined(&events, "or")
    }

    /// What an event is.
    fn described(&self, here: &Here<'a>, written: &Written) -> Said {
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text());
        for (key, edge) in [("start_of", "first"), ("end_of", "last")] {
            if let Some(name) = text(key) {
                self.use_term(Term::Period(name.to_owned()));
                return Said::of(format!("the {edge} day of {}", nouns::term(name)));
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
                let inner = here.list(each).judged();
                let noun = inner.noun();
                let owner = if inner.is_one_of_many() { nouns::a(&noun) } else { format!("“{noun}”") };
                let joint = if inner.is_one_of_many() { "of" } else { "in" };
                (inner, format!(" {joint} {owner}"))
            }
            None => (here.clone(), String::new()),
        };
        let words = format!("{}{owner}", inner.field(text("on").unwrap_or_default()).words);
        match written.entry("where") {
            Some(entry) => Said::with(&format!("{words} for which"), self.condition(&inner, &entry.value)),
            None => Said::of(words),
        }
    }

    /// What a word for an event means.
    pub(super) fn meaning(&self, written: &Written) -> Said {
        let mut said = self.described(&self.record(), written);
        if written.entry("ignore_undated").is_none() && written.entry("on").is_some() {
            let note = "one without the date may be it all the same, so that it cannot be told";
            if said.under.is_empty() {
                said.words.push_str("; ");
                said.words.push_str(note);
            }
        }
        said
    }

    /// What a word for a period means.
    pub(super) fn lasting(&self, written: &Written) -> Said {
        let text = |key: &str| written.entry(key).and_then(|entry| entry.value.text()).unwrap_or_default();
        let here = self.record().list(text("each")).judged();
        let field = |key: &str| here.field(text(key)).words;
        let mut words = format!("{} from {} to {}", nouns::a(&here.noun()), field("from"), field("to"));
        if let Some(join) = written.entry("join") {
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
