//! Checks of fields, items and counts in plain English.

use crate::book::plain::Check;
use crate::book::plain::here::Here;
use crate::book::plain::nouns;
use crate::book::plain::said::Said;
use crate::form::What;
use crate::form::Written;

/// The tests of a text that stand beside its other keys.
const ASKED: [&str; 6] = ["min_words", "max_words", "min_letters", "not_only", "without", "explained"];

impl<'a> Check<'_, 'a> {
    /// Where it applies, which day decides of revisions, and what an empty list means.
    fn item_end(&self, here: &Here<'a>, mut all: Vec<Said>) -> Vec<Said> {
        self.push_where(here, &mut all);
        if let Some(meaning) = self.text("if_empty") {
            all.push(empty(meaning));
        }
        all
    }

    fn fields(&self, here: &Here<'a>, key: &str) -> Vec<String> {
        self.many(key).into_iter().filter_map(Written::text).map(|text| here.field(text).words).collect()
    }

    pub(super) fn order(&self) -> Vec<Said> {
        let here = self.item();
        let first = self.fields(&here, "first");
        let must = if first.len() > 1 { "must each" } else { "must" };
        let first = nouns::joined(&first, "and");
        let then = self.at("then").map(|written| self.plain.day(&here, written)).unwrap_or_default();
        let verb = if self.is_yes("strictly") { "be before" } else { "not be after" };
        let all = vec![Said::of(format!("{} {first} {must} {verb} {then}", each(&here)))];
        self.item_end(&here, all)
    }

    pub(super) fn present(&self) -> Vec<Said> {
        let here = self.item();
        let fields = self.fields(&here, "fields");
        let joined = nouns::joined(&fields, "and");
        let all = vec![Said::of(format!(
            "{} {joined} must be filled in, not blank and with more than a placeholder",
            each(&here)
        ))];
        let mut all = self.item_end(&here, all);
        if self.at("if_empty").is_none() && here.is_one_of_many() {
            all.push(empty("breached"));
        }
        all
    }

    pub(super) fn when_then(&self) -> Vec<Said> {
        let here = self.item();
        let when = Said::with(&format!("{}, when", each(&here)), self.conditions(&here, "when"));
        let then = Said::with("Then it must also be so that", self.conditions(&here, "then"));
        self.item_end(&here, vec![when, then])
    }

    pub(super) fn each_item(&self) -> Vec<Said> {
        let here = self.item();
        let needs =
            Said::with(&format!("{} it must be so that", each(&here)), self.conditions(&here, "needs"));
        self.item_end(&here, vec![needs])
    }

    pub(super) fn count(&self) -> Vec<Said> {
        let (here, subject) = self.subject();
        let bounds = [("at_least", "at least"), ("at_most", "at most"), ("at_most_share", "at most")];
        let bounds: Vec<String> = bounds
            .into_iter()
            .filter_map(|(key, words)| Some(format!("{words} {}", self.figure(key)?)))
            .collect();
        let window = self.figure("in_any").map(|window| format!(" in any {window}")).unwrap_or_default();
        let share = if self.at("at_most_share").is_some() { " of them all" } else { "" };
        let bounds = nouns::joined(&bounds, "and");
        let (counted, inner) = match (self.text("of"), self.at("of_event")) {
            (Some(list), _) => {
                let inner = here.list_belonging(list);
                (inner.entries(), inner)
            }
            (None, Some(event)) => {
                let inside = if here.is_stretch() { " within the stretch" } else { "" };
                let event = self.plain.event(&here, event);
                (format!("times that {event} takes place{inside}"), here.clone())
            }
            (None, None) => (String::new(), here.clone()),
        };
        let mut all =
            vec![Said::of(format!("{subject} the number of {counted} must be {bounds}{share}{window}"))];
        let counting = self.conditions(&inner, "counting");
        if !counting.is_empty() {
            all.push(Said::with("Only those count for which", counting));
        }
        if self.text("if_empty").is_none() && self.at("of").is_some() {
            all.push(Said::of("A list that is recorded as empty counts as none"));
        }
        let mut all = self.item_end(&here, all);
        self.push_whom_of_stretch(&here, &mut all);
        all
    }

    pub(super) fn one_of(&self) -> Vec<Said> {
        let here = self.item();
        let field = here.field(self.text("field").unwrap_or_default());
        let list = match (self.at("codes"), field.shape.and_then(|shape| shape.code_list())) {
            (Some(codes), _) => self.plain.values(&field, codes, "or"),
            (None, Some(list)) => {
                let labels: Vec<String> = list.labels().map(|(_, label)| format!("“{label}”")).collect();
                format!("a code of the list “{}”: {}", list.title, nouns::joined(&labels, "or"))
            }
            (None, None) => "a code of its list".to_owned(),
        };
        let all = vec![Said::of(format!("{} {} must be {list}", each(&here), field.words))];
        self.item_end(&here, all)
    }

    pub(super) fn matches(&self) -> Vec<Said> {
        let here = self.item();
        let field = here.field(self.text("field").unwrap_or_default()).words;
        let words = format!("{} {field} must have the form that the check as written gives", each(&here));
        self.item_end(&here, vec![Said::of(words)])
    }

    pub(super) fn text_of(&self) -> Vec<Said> {
        let here = self.item();
        let field = here.field(self.text("field").unwrap_or_default());
        let What::Map(entries) = &self.written.what else { return Vec::new() };
        let tests = entries.iter().filter(|entry| ASKED.contains(&entry.key.as_str()));
        let mut asked: Vec<String> = tests.map(|entry| self.plain.test(&field, &here, entry)).collect();
        asked.extend(
            self.text("differs_from").map(|other| format!("is not the same as {}", here.field(other).words)),
        );
        let words = format!("{} it must be so that {} {}", each(&here), field.words, asked.join(" and "));
        self.item_end(&here, vec![Said::of(words)])
    }

    pub(super) fn agrees(&self) -> Vec<Said> {
        let here = self.item();
        if let (Some(left), Some(right)) = (self.text("left"), self.text("right")) {
            let (left, right) = (here.field(left).words, here.field(right).words);
            return self.item_end(
                &here,
                vec![Said::of(format!("{} {left} must be the same as {right}", each(&here)))],
            );
        }
        let within = self.figure("within").unwrap_or_default();
        let pair = |written: &Written| {
            let event = |key: &str| {
                written.entry(key).map(|entry| self.plain.event(&here, &entry.value)).unwrap_or_default()
            };
            Said::of(format!("{}: with {}", event("each"), event("with")))
        };
        let under = self.many("pairs").into_iter().map(pair).collect();
        let words =
            format!("Each of these must have the other beside it, no more than {within} before or after:");
        vec![Said { words, under }]
    }

    pub(super) fn unique(&self) -> Vec<Said> {
        let here = self.item();
        let by = self.fields(&here, "by");
        let near = self.text("near").map(|near| {
            let share = self.figure("similarity").unwrap_or_else(|| "80".to_owned());
            let share = share.trim_end_matches('%');
            format!(
                "nearly the same words in {} ({share} in 100 of their runs of three words)",
                here.field(near).words
            )
        });
        let alike = (!by.is_empty()).then(|| format!("the same {}", nouns::joined(&by, "and")));
        let both: Vec<String> = alike.into_iter().chain(near).collect();
        let everywhere = if here.is_nested() { ", in the whole record," } else { "" };
        let mut all =
            vec![Said::of(format!("No two {}{everywhere} may have {}", here.entries(), both.join(", and ")))];
        let compared = self.conditions(&here, "where");
        if !compared.is_empty() {
            all.push(Said::with("Only those are compared for which", compared));
        }
        all
    }

    pub(super) fn several(&self, words: &str) -> Vec<Said> {
        let part = |written: &Written| {
            let mut said = self.plain.check(written).into_iter().map(Said::sentence);
            let first = said.next().unwrap_or_else(|| Said::of(""));
            Said { words: first.words, under: first.under.into_iter().chain(said).collect() }
        };
        vec![Said { words: words.to_owned(), under: self.many("checks").into_iter().map(part).collect() }]
    }
}

/// What a list that is recorded as empty means.
fn empty(meaning: &str) -> Said {
    Said::of(match meaning {
        "breached" => "A list that is recorded as empty does not meet it",
        "met" => "A list that is recorded as empty meets it",
        "cannot_tell" => "Of a list that is recorded as empty it cannot be told",
        _ => "Where the list is recorded as empty it does not apply",
    })
}

/// How a sentence about each item begins.
fn each(here: &Here<'_>) -> String {
    if here.is_record() {
        "In the record".to_owned()
    } else if here.is_one_of_many() {
        format!("In each {}", here.noun())
    } else {
        format!("Under {}", here.quoted())
    }
}
