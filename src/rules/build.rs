//! What the parts of a rule need while they are compiled: the schema's places, the named timelines, the parameters, the problems.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Limit;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::rules::condition::Condition;
use crate::rules::judgement::Subjects;
use crate::rules::params::Param;
use crate::rules::params::Value;
use crate::rules::place::Places;
use crate::rules::plan::Leaf;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;
use crate::rules::texts::WordList;
use crate::rules::timeline::EventId;
use crate::rules::timeline::EventPlan;
use crate::rules::timeline::EventSource;
use crate::rules::timeline::PeriodId;
use crate::rules::timeline::PeriodPlan;
use crate::rules::timeline::Timelines;
use crate::schema::Shape;

/// What all rules of a pack share while it is compiled.
pub struct Shared<'s> {
    pub places: RefCell<Places<'s>>,
    pub timelines: RefCell<Timelines>,
    pub events: RefCell<BTreeMap<String, EventId>>,
    /// Events written on the spot, by all that they say: the same one is worked out once for a record, however many rules write it.
    pub spots: RefCell<BTreeMap<String, EventId>>,
    pub periods: RefCell<BTreeMap<String, PeriodId>>,
    pub word_lists: RefCell<BTreeMap<String, Arc<WordList>>>,
    pub used: RefCell<BTreeSet<String>>,
    pub born: Option<Path>,
    /// What each named event (`events.cla_review`) and period reads.
    pub reads: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// The tests of rules were proved before and are left unread until somebody asks for them.
    pub tests_later: bool,
}

impl<'s> Shared<'s> {
    /// Nothing but the record.
    pub fn new(record: &'s Shape) -> Self {
        Self {
            places: RefCell::new(Places::new(record)),
            timelines: RefCell::default(),
            events: RefCell::default(),
            spots: RefCell::default(),
            periods: RefCell::default(),
            word_lists: RefCell::default(),
            used: RefCell::default(),
            born: None,
            reads: RefCell::default(),
            tests_later: false,
        }
    }
}

/// What one rule is compiled with.
#[derive(Clone, Copy)]
pub struct Build<'b, 's> {
    pub shared: &'b Shared<'s>,
    pub problems: &'b Problems,
    pub params: &'b [Param],
    pub used_params: &'b RefCell<BTreeSet<String>>,
}

impl Build<'_, '_> {
    /// A parameter by its name with `$`, or a problem.
    pub fn param(&self, name: &str, span: &Range<usize>) -> Option<&Param> {
        let bare = name.trim_start_matches('$');
        self.used_params.borrow_mut().insert(bare.to_owned());
        let found = self.params.iter().find(|param| param.name == bare);
        if found.is_none() {
            self.problems.unknown(
                span,
                "parameter",
                bare,
                self.params.iter().map(|param| param.name.as_str()),
            );
        }
        found
    }

    /// A length of time, written out or as a parameter.
    pub fn limit(&self, written: &Written) -> Option<Limit> {
        let text = written.text()?;
        if text.starts_with('$') {
            return match &self.param(text, &written.span)?.value {
                Value::Limit(limit) => Some(*limit),
                other => {
                    self.problems
                        .at(&written.span, format!("a length of time is needed, but `{text}` is `{other}`"));
                    None
                }
            };
        }
        Limit::parse(text).map_err(|message| self.problems.at(&written.span, message)).ok()
    }

    /// A length of time under a key, if the key is there.
    pub fn limit_at(&self, fields: &Fields<'_>, key: &str) -> Option<Limit> {
        fields.get(key).and_then(|written| self.limit(written))
    }

    /// A number, written out or as a parameter; a share is its per cent.
    pub fn number(&self, written: &Written) -> Option<f64> {
        let text = written.text()?;
        if text.starts_with('$') {
            return match &self.param(text, &written.span)?.value {
                Value::Number(number) | Value::Share(number) => Some(*number),
                other => {
                    self.problems.at(&written.span, format!("a number is needed, but `{text}` is `{other}`"));
                    None
                }
            };
        }
        let number = text.trim_end_matches('%').parse::<f64>().ok();
        if number.is_none() {
            self.problems.at(&written.span, format!("a number is needed, but `{text}` stands here"));
        }
        number
    }

    /// Of a mapping that could not be made into anything: reports what is wrong in the keys that mean the same wherever they stand, so
    /// that an author sees it at once. The loader leaves out what is reported twice.
    pub fn look_over(&self, fields: &Fields<'_>, form: &Form) {
        for field in form.fields {
            match (&field.takes, fields.get(field.key)) {
                (Takes::Limit, Some(written)) => {
                    self.limit(written);
                }
                (Takes::Event, Some(written)) if written.text().is_some() => {
                    self.event(ListId::RECORD, written);
                }
                _ => {}
            }
        }
    }

    /// A whole number of things under a key.
    pub fn count_at(&self, fields: &Fields<'_>, key: &str) -> Option<usize> {
        let written = fields.get(key)?;
        let number = self.number(written)?;
        if number < 0.0 || number.fract() != 0.0 || number > 1_000_000.0 {
            self.problems.at(&written.span, format!("`{key}` takes a whole number"));
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked in the line above"
        )]
        let count = number as usize;
        Some(count)
    }

    /// A field of the record.
    pub fn path(&self, scope: Scope, written: &Written) -> Option<Path> {
        let text = written.text()?;
        self.shared.places.borrow_mut().path(scope, text, &written.span, self.problems)
    }

    /// A field that holds a date or a time.
    pub fn date_path(&self, scope: Scope, written: &Written) -> Option<Path> {
        let path = self.path(scope, written)?;
        if !matches!(path.leaf, Leaf::Date | Leaf::DateTime) {
            self.problems
                .at(&written.span, format!("a date is needed, but `{}` is not one", path.words.text));
            return None;
        }
        Some(path)
    }

    /// A list of the record, as seen from an item.
    pub fn list(&self, from: ListId, written: &Written) -> Option<ListId> {
        let text = written.text()?;
        self.shared.places.borrow_mut().list(from, text, &written.span, self.problems)
    }

    /// A list whose items are judged, which must therefore be known by something that lasts.
    pub fn judged_list(&self, from: ListId, written: &Written) -> Option<ListId> {
        let list = self.list(from, written)?;
        let places = self.shared.places.borrow();
        let mut here = list;
        while here != ListId::RECORD {
            let plan = places.plan(here)?;
            if plan.many && plan.key.is_empty() {
                let help =
                    format!("add `{}` with the fields that last to `keys` in the vocabulary", plan.text);
                self.problems.with_help(
                    &written.span,
                    format!("nothing says what an item of `{}` is known by", plan.text),
                    help,
                );
                return None;
            }
            here = plan.parent;
        }
        Some(list)
    }

    /// What a rule is about: `record`, a period's name, or a list.
    pub fn subjects(&self, written: Option<&Written>) -> Option<Subjects> {
        let Some(written) = written else { return Some(Subjects::Items(ListId::RECORD)) };
        let text = written.text()?;
        if let Some(period) = self.period_named(text) {
            let list =
                self.shared.timelines.borrow().periods.get(usize::from(period.0)).map(|plan| plan.list)?;
            return Some(Subjects::Stretches(period, list));
        }
        let looks_like_a_list = text == "record" || text.contains(['[', '.', '$']);
        if !looks_like_a_list {
            let first_list = self.shared.places.borrow_mut().list(
                ListId::RECORD,
                text,
                &written.span,
                &Problems::of(self.problems.file()),
            );
            if first_list.is_none() {
                let periods = self.shared.periods.borrow();
                self.problems.unknown(
                    &written.span,
                    "period or list",
                    text,
                    periods.keys().map(String::as_str),
                );
                return None;
            }
        }
        self.judged_list(ListId::RECORD, written).map(Subjects::Items)
    }

    /// A named period, marked as used.
    pub fn period_named(&self, name: &str) -> Option<PeriodId> {
        let period = self.shared.periods.borrow().get(name).copied()?;
        self.shared.used.borrow_mut().insert(format!("periods.{name}"));
        self.reads_of(&format!("periods.{name}"));
        Some(period)
    }

    /// Notes that whoever names this reads what it reads.
    fn reads_of(&self, name: &str) {
        let reads = self.shared.reads.borrow().get(name).cloned().unwrap_or_default();
        self.shared.places.borrow_mut().add_reads(reads);
    }

    /// The field that holds the date of birth.
    pub fn born(&self) -> Option<Path> {
        let born = self.shared.born.clone()?;
        self.shared.places.borrow_mut().add_reads([born.words.text.clone()]);
        Some(born)
    }

    /// A named period, or a problem.
    pub fn period(&self, written: &Written) -> Option<PeriodId> {
        let name = written.text()?;
        let period = self.period_named(name);
        if period.is_none() {
            let periods = self.shared.periods.borrow();
            self.problems.unknown(&written.span, "period", name, periods.keys().map(String::as_str));
        }
        period
    }

    /// A list of words or phrases by its name.
    pub fn word_list(&self, written: &Written) -> Option<Arc<WordList>> {
        let name = written.text()?;
        let lists = self.shared.word_lists.borrow();
        self.shared.used.borrow_mut().insert(format!("word_lists.{name}"));
        let found = lists.get(name).cloned();
        if found.is_none() {
            self.problems.unknown(&written.span, "word list", name, lists.keys().map(String::as_str));
        }
        found
    }

    /// An event: a name, several of which any will do, or one written on the spot as seen from an item.
    pub fn event(&self, scope: ListId, written: &Written) -> Option<EventId> {
        match &written.what {
            What::Text { text, .. } => {
                let found = self.shared.events.borrow().get(text.as_str()).copied();
                self.shared.used.borrow_mut().insert(format!("events.{text}"));
                self.reads_of(&format!("events.{text}"));
                if found.is_none() {
                    let events = self.shared.events.borrow();
                    self.problems.unknown(&written.span, "event", text, events.keys().map(String::as_str));
                }
                found
            }
            What::List(items) => {
                let events: Vec<EventId> = items.iter().filter_map(|item| self.event(scope, item)).collect();
                (events.len() == items.len())
                    .then(|| self.add_event("any of several", EventSource::Any(events), false))
            }
            What::Map(_) => crate::rules::vocabulary::event_on_the_spot(self, scope, written),
            What::Nothing => None,
        }
    }

    /// Adds an event to the table, unless the same one was written on the spot before.
    pub fn add_event(&self, name: &str, source: EventSource, ignore_undated: bool) -> EventId {
        let plan = EventPlan { name: name.to_owned(), source, ignore_undated };
        let said = format!("{plan:?}");
        *self.shared.spots.borrow_mut().entry(said).or_insert_with(|| {
            let mut timelines = self.shared.timelines.borrow_mut();
            timelines.events.push(plan);
            EventId(u16::try_from(timelines.events.len() - 1).unwrap_or(u16::MAX))
        })
    }

    /// Adds a period to the table.
    pub fn add_period(&self, plan: PeriodPlan) -> PeriodId {
        let mut timelines = self.shared.timelines.borrow_mut();
        timelines.periods.push(plan);
        PeriodId(u16::try_from(timelines.periods.len() - 1).unwrap_or(u16::MAX))
    }

    /// A condition, or one that always holds when nothing is written.
    pub fn condition(&self, scope: Scope, written: Option<&Written>) -> Option<Condition> {
        match written {
            None => Some(Condition::All(Vec::new())),
            Some(written) => crate::rules::write_condition::condition(self, scope, written),
        }
    }

    /// What an event or list is called, for messages.
    pub fn list_text(&self, list: ListId) -> String {
        self.shared.places.borrow().plan(list).map_or_else(String::new, |plan| plan.text.clone())
    }
}
