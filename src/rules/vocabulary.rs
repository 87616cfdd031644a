//! The files of `vocabulary/`: the words that rules share. What "became looked after" means in the record, while what lasts, by what an item
//! is known, which words are placeholders.

use std::cell::RefCell;
use std::sync::Arc;

use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::form::field;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::model::closest;
use crate::rules::build::Build;
use crate::rules::build::Shared;
use crate::rules::condition::Condition;
use crate::rules::params::Param;
use crate::rules::plan::ListId;
use crate::rules::plan::Scope;
use crate::rules::texts::WordList;
use crate::rules::timeline::EventId;
use crate::rules::timeline::EventSource;
use crate::rules::timeline::PeriodPlan;

/// The form of a vocabulary file.
pub static VOCABULARY: Form = Form {
    name: "the vocabulary",
    about: "The words that rules share.",
    fields: &[
        field!("born", Takes::Path, "The field that holds the child's date of birth."),
        field!(
            "keys",
            Takes::Anything,
            "For each list whose items are judged: the fields that an item is known by, whatever the order."
        ),
        field!("periods", Takes::Named(&PERIOD), "What lasts."),
        field!("events", Takes::Named(&EVENT), "What happens."),
        field!(
            "word_lists",
            Takes::Anything,
            "Lists of words or phrases, each a file in the pack's `words/`."
        ),
    ],
};

/// The form of a period.
pub static PERIOD: Form = Form {
    name: "a period",
    about: "Something that lasts: each item of a list, or unbroken chains of them.",
    fields: &[
        field!(needed "each", Takes::List, "The list whose items last."),
        field!(needed "from", Takes::Path, "The first day."),
        field!(needed "to", Takes::Path, "The last day; not recorded while it lasts."),
        field!("where", Takes::Condition, "Which items count."),
        field!("join", Takes::Form(&JOIN), "Items that touch make one unbroken stretch."),
    ],
};

static JOIN: Form = Form {
    name: "a join",
    about: "How items become one stretch: the next begins on or before the day on which the last ends.",
    fields: &[field!(
        "new_when",
        Takes::Condition,
        "An item that begins a new stretch even where it touches the one before."
    )],
};

/// The form of an event.
pub static EVENT: Form = Form {
    name: "an event",
    about: "Something that happens on a day: a date in an item, an edge of a period, a birthday.",
    fields: &[
        field!(
            "each",
            Takes::List,
            "The list in whose items it is recorded; on the spot, the item at hand unless given."
        ),
        field!("on", Takes::Path, "The date."),
        field!("where", Takes::Condition, "Which items count."),
        field!("start_of", Takes::Text, "The first day of a period."),
        field!("end_of", Takes::Text, "The last day of a period."),
        field!("birthday", Takes::Number, "The child's birthday of this many years."),
        field!("any_of", Takes::Many(&Takes::Event), "Any of several events."),
        field!(
            "ignore_undated",
            Takes::YesNo,
            "An item without its date is only planned, and not an event whose date is missing."
        ),
    ],
};

static NO_PARAMS: &[Param] = &[];

/// Reads the vocabulary files into the shared tables: keys and word lists of all files first, then periods, then events, those made
/// of other events last. `words` are the files of the pack's `words/` folder.
pub fn read(
    shared: &mut Shared<'_>,
    files: &[(&Arc<SourceFile>, Written)],
    words: &[Arc<SourceFile>],
) -> Vec<Problem> {
    let written: Vec<(&Written, Problems)> =
        files.iter().map(|(file, tree)| (tree, Problems::of(file))).collect();
    let used = RefCell::default();
    let all: Vec<(Fields<'_>, &Problems)> = written
        .iter()
        .filter_map(|(tree, problems)| Some((Fields::read(tree, &VOCABULARY, problems)?, problems)))
        .collect();
    for (fields, problems) in &all {
        if let Some(born) = fields.get("born") {
            shared.born = Build { shared, problems, params: NO_PARAMS, used_params: &used }
                .date_path(Scope::of(ListId::RECORD), born);
        }
        read_word_lists(shared, fields, words, problems);
    }
    for step in [keys_step, periods_step, plain_events_step, joined_events_step] {
        for (fields, problems) in &all {
            step(&Build { shared, problems, params: NO_PARAMS, used_params: &used }, fields);
        }
    }
    written.into_iter().flat_map(|(_, problems)| problems.into_vec()).collect()
}

fn keys_step(build: &Build<'_, '_>, fields: &Fields<'_>) {
    read_keys(build, fields);
}

fn periods_step(build: &Build<'_, '_>, fields: &Fields<'_>) {
    for entry in entries(fields.get("periods")) {
        let _ = build.shared.places.borrow_mut().take_reads();
        if let Some(plan) = period(build, &entry.key, &entry.value) {
            keep_reads(build, format!("periods.{}", entry.key));
            let id = build.add_period(plan);
            let before = build.shared.periods.borrow_mut().insert(entry.key.clone(), id);
            if before.is_some() {
                build.problems.at(&entry.key_span, format!("the period `{}` is defined twice", entry.key));
            }
        }
    }
}

fn plain_events_step(build: &Build<'_, '_>, fields: &Fields<'_>) {
    events_step(build, fields, false);
}

fn joined_events_step(build: &Build<'_, '_>, fields: &Fields<'_>) {
    events_step(build, fields, true);
}

fn events_step(build: &Build<'_, '_>, fields: &Fields<'_>, joined: bool) {
    for entry in
        entries(fields.get("events")).iter().filter(|entry| entry.value.entry("any_of").is_some() == joined)
    {
        let _ = build.shared.places.borrow_mut().take_reads();
        if let Some(id) = event(build, &entry.key, ListId::RECORD, &entry.value) {
            keep_reads(build, format!("events.{}", entry.key));
            let before = build.shared.events.borrow_mut().insert(entry.key.clone(), id);
            if before.is_some() {
                build.problems.at(&entry.key_span, format!("the event `{}` is defined twice", entry.key));
            }
        }
    }
}

/// Keeps what a period or an event reads, for the rules that name it.
fn keep_reads(build: &Build<'_, '_>, name: String) {
    let reads = build.shared.places.borrow_mut().take_reads();
    build.shared.reads.borrow_mut().insert(name, reads);
}

/// What is defined and not used by any rule, as problems of the vocabulary files.
pub fn unused(shared: &Shared<'_>, files: &[(&Arc<SourceFile>, Written)]) -> Vec<Problem> {
    let used = shared.used.borrow();
    let mut found = Vec::new();
    for (file, written) in files {
        for group in ["periods", "events", "word_lists"] {
            for entry in entries(written.entry(group).map(|entry| &entry.value)) {
                if !used.contains(&format!("{group}.{}", entry.key)) {
                    let message = format!("no rule uses `{}`", entry.key);
                    found.push(
                        Problem::at(file, entry.key_span.clone(), message).help("take it out, or use it"),
                    );
                }
            }
        }
    }
    found
}

fn entries(written: Option<&Written>) -> &[crate::form::Entry] {
    match written {
        Some(Written { what: What::Map(entries), .. }) => entries,
        _ => &[],
    }
}

fn read_word_lists(shared: &Shared<'_>, fields: &Fields<'_>, words: &[Arc<SourceFile>], problems: &Problems) {
    for entry in entries(fields.get("word_lists")) {
        let Some(name) = entry.value.text() else {
            problems.at(&entry.value.span, "a word list is the name of a file in `words/`");
            continue;
        };
        if shared.word_lists.borrow().contains_key(&entry.key) {
            continue;
        }
        let ending = format!("words/{name}");
        match words.iter().find(|file| file.name.ends_with(&ending)) {
            Some(file) => {
                let list = WordList::parse(&entry.key, &file.text);
                if list.is_empty() {
                    problems.at(&entry.value.span, format!("`words/{name}` holds no words"));
                }
                shared.word_lists.borrow_mut().insert(entry.key.clone(), Arc::new(list));
            }
            None => {
                let names: Vec<&str> = words.iter().filter_map(|file| file.name.rsplit('/').next()).collect();
                let help = closest(name, names)
                    .map_or_else(|| "add the file".to_owned(), |near| format!("did you mean `{near}`?"));
                problems.with_help(&entry.value.span, format!("there is no file `words/{name}`"), help);
            }
        }
    }
}

fn read_keys(build: &Build<'_, '_>, fields: &Fields<'_>) {
    if let Some(written) = fields.get("keys").filter(|written| !matches!(written.what, What::Map(_))) {
        let help =
            "write for each list the fields that its items are known by: `cla_reviews[]: [review_date]`";
        build.problems.with_help(
            &written.span,
            format!("`keys` is a mapping, but {} stands here", written.kind()),
            help,
        );
    }
    for entry in entries(fields.get("keys")) {
        let name = Written {
            span: entry.key_span.clone(),
            what: What::Text { text: entry.key.clone(), quoted: false },
        };
        let Some(list) = build.list(ListId::RECORD, &name) else { continue };
        let What::List(items) = &entry.value.what else {
            build.problems.at(&entry.value.span, "a key is a list of fields");
            continue;
        };
        let key: Vec<_> = items.iter().filter_map(|item| build.path(Scope::of(list), item)).collect();
        for path in &key {
            let lasting =
                !matches!(path.leaf, crate::rules::plan::Leaf::Text | crate::rules::plan::Leaf::Part)
                    || path.words.text.ends_with("_id")
                    || path.words.text.ends_with("_year");
            if !lasting {
                let help = "a key is made of dates, codes, flags and ids: it appears in findings, so never of words about people";
                build.problems.with_help(
                    &entry.value.span,
                    format!("`{}` cannot be part of a key", path.words.text),
                    help,
                );
            }
        }
        build.shared.places.borrow_mut().set_key(list, key);
    }
}

fn period(build: &Build<'_, '_>, name: &str, written: &Written) -> Option<PeriodPlan> {
    let fields = Fields::read(written, &PERIOD, build.problems)?;
    let list = build.list(ListId::RECORD, fields.get("each")?)?;
    let scope = Scope::of(list);
    let from = build.date_path(scope, fields.get("from")?)?;
    let to = build.date_path(scope, fields.get("to")?)?;
    let when = match fields.get("where") {
        Some(written) => Some(build.condition(scope, Some(written))?),
        None => None,
    };
    let join = fields.get("join");
    let joined = match join.map(|join| (join, join.text())) {
        None | Some((_, Some("false"))) => false,
        Some((_, Some("true"))) => true,
        Some((join, Some(_))) => {
            build.problems.at(&join.span, "`join` takes `true`, `false` or a mapping with `new_when`");
            return None;
        }
        Some((join, None)) => Fields::read(join, &JOIN, build.problems).is_some(),
    };
    let new_when = match join.and_then(|join| join.entry("new_when")) {
        Some(entry) => Some(build.condition(scope, Some(&entry.value))?),
        None => None,
    };
    Some(PeriodPlan { name: name.to_owned(), list, from, to, when, joined, new_when })
}

/// An event written inside a rule, as seen from an item.
pub fn event_on_the_spot(build: &Build<'_, '_>, scope: ListId, written: &Written) -> Option<EventId> {
    event(build, "an event on the spot", scope, written)
}

fn event(build: &Build<'_, '_>, name: &str, scope: ListId, written: &Written) -> Option<EventId> {
    let fields = Fields::read(written, &EVENT, build.problems)?;
    let ways = ["on", "start_of", "end_of", "birthday", "any_of"];
    let given: Vec<&str> = ways.into_iter().filter(|key| fields.get(key).is_some()).collect();
    let [way] = given.as_slice() else {
        build.problems.at(
            &written.span,
            "an event has exactly one of `on`, `start_of`, `end_of`, `birthday` and `any_of`",
        );
        return None;
    };
    let source = match *way {
        "on" => {
            let list = match fields.get("each") {
                Some(each) => build.list(scope, each)?,
                None => scope,
            };
            let on = build.date_path(Scope::of(list), fields.get("on")?)?;
            let when: Option<Condition> = match fields.get("where") {
                Some(written) => Some(build.condition(Scope::of(list), Some(written))?),
                None => None,
            };
            EventSource::Field { list, on, when }
        }
        "start_of" => EventSource::StartOf(build.period(fields.get("start_of")?)?),
        "end_of" => EventSource::EndOf(build.period(fields.get("end_of")?)?),
        "birthday" => {
            let years = u32::try_from(build.count_at(&fields, "birthday")?).ok()?;
            EventSource::Birthday { born: build.born()?, years }
        }
        _ => {
            let events: Vec<Option<EventId>> =
                fields.many("any_of").into_iter().map(|item| build.event(scope, item)).collect();
            EventSource::Any(events.into_iter().collect::<Option<_>>()?)
        }
    };
    Some(build.add_event(name, source, fields.yes("ignore_undated")))
}
