//! `across`: questions that only all records of a run together answer. No record is judged by them alone: while a run goes on each record leaves
//! marks (`rules::marks`), and `rules::across` says at the end what they show.

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::SubjectRef;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::plan::Leaf;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;

static FORM: Form = Form {
    name: "a question across records",
    about: "What do all records of a run show together? Exactly one question.",
    fields: &[
        field!("same", Takes::Form(&SAME), "Do two children have the same values in these fields?"),
        field!(
            "shared_text",
            Takes::Form(&SHARED_TEXT),
            "Does one narrative stand in the records of two children?"
        ),
        field!("most_a_day", Takes::Form(&MOST_A_DAY), "Has one worker more entries in a day than can be?"),
        field!("siblings_agree", Takes::Form(&SIBLINGS_AGREE), "Do the records of siblings agree?"),
    ],
};

static SAME: Form = Form {
    name: "values that no two children share",
    about: "Two children for whom all of these fields are recorded with the same letters and digits.",
    fields: &[
        field!(needed "fields", Takes::Many(&Takes::Path), "The fields, which must all be the same."),
        field!("where", Takes::Condition, "Which records are compared."),
        field!(
            "unless_siblings",
            Takes::List,
            "The list of the ids of siblings: two children of whom one names the other are not compared."
        ),
    ],
};

static SHARED_TEXT: Form = Form {
    name: "a narrative of one child only",
    about: "The same words in the records of two children; letter case, punctuation and white space aside.",
    fields: &[
        field!(needed "of", Takes::OneOrMany(&Takes::Form(&TEXTS)), "The narratives."),
        field!("fewest_words", Takes::Number, "Texts of fewer words are not compared; 12 unless given."),
        field!(
            "unless_siblings",
            Takes::List,
            "The list of the ids of siblings: two children of whom one names the other are not compared."
        ),
    ],
};

static TEXTS: Form = Form {
    name: "narratives of a list",
    about: "A text in each item of a list.",
    fields: &[
        field!(needed "each", Takes::List, "The list."),
        field!(needed "text", Takes::Path, "The text, as seen from an item."),
        field!("where", Takes::Condition, "Which items are compared."),
    ],
};

static MOST_A_DAY: Form = Form {
    name: "the most entries in a day",
    about: "Entries of one worker on one day, in all records together.",
    fields: &[
        field!(needed "of", Takes::OneOrMany(&Takes::Form(&ENTRIES)), "The entries."),
        field!(needed "at_most", Takes::Number, "The most that one worker can have in a day."),
    ],
};

static ENTRIES: Form = Form {
    name: "entries of a list",
    about: "Items of a list with their worker and their day.",
    fields: &[
        field!(needed "each", Takes::List, "The list."),
        field!(needed "by", Takes::Path, "The id of the worker, as seen from an item."),
        field!(needed "on", Takes::Path, "The day, as seen from an item."),
        field!("where", Takes::Condition, "Which items are counted."),
    ],
};

static SIBLINGS_AGREE: Form = Form {
    name: "siblings whose records agree",
    about: "What must fit together in the records of two siblings who are both in the run. At least one of `named_back`, `fields` and `when` with `then`.",
    fields: &[
        field!(needed "siblings", Takes::List, "The list of the ids of siblings."),
        field!("named_back", Takes::YesNo, "Whoever is named must name the other."),
        field!(
            "fields",
            Takes::Many(&Takes::Path),
            "Fields that must be the same where both records have them."
        ),
        field!("when", Takes::Condition, "What holds of the record of one …"),
        field!("then", Takes::Condition, "… so that this must hold of the record of the other."),
    ],
};

/// A question across records.
#[derive(Debug)]
pub struct Across(pub(in crate::rules) Question);

/// What is asked.
#[derive(Debug)]
pub(in crate::rules) enum Question {
    Same {
        fields: Vec<Path>,
        when: Condition,
        siblings: Option<ListId>,
    },
    SharedText {
        of: Vec<Texts>,
        fewest_words: usize,
        siblings: Option<ListId>,
    },
    MostADay {
        of: Vec<Entries>,
        at_most: u64,
    },
    SiblingsAgree {
        siblings: ListId,
        named_back: bool,
        fields: Vec<Path>,
        pair: Option<(Condition, Condition)>,
    },
}

/// A text in each item of a list.
#[derive(Debug)]
pub(in crate::rules) struct Texts {
    pub list: ListId,
    pub text: Path,
    pub when: Condition,
}

/// Items of a list with their worker and their day.
#[derive(Debug)]
pub(in crate::rules) struct Entries {
    pub list: ListId,
    pub by: Path,
    pub on: Path,
    pub when: Condition,
}

/// Reads every one of some mappings, so that all that is wrong is said at once.
fn each<T>(
    fields: &Fields<'_>,
    form: &Form,
    build: &Build<'_, '_>,
    mut read: impl FnMut(&Fields<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let mappings = fields.many("of").into_iter().map(|written| Fields::read(written, form, build.problems));
    let all: Vec<Option<T>> = mappings.map(|fields| read(&fields?)).collect();
    all.into_iter().collect()
}

fn paths(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Vec<Path>> {
    let scope = Scope::of(ListId::RECORD);
    let all: Vec<Option<Path>> =
        fields.many("fields").into_iter().map(|written| build.path(scope, written)).collect();
    all.into_iter().collect()
}

fn record_condition(fields: &Fields<'_>, key: &str, build: &Build<'_, '_>) -> Option<Condition> {
    build.condition(Scope::of(ListId::RECORD), fields.get(key))
}

/// The list of the ids of siblings under a key, if the key is there.
fn siblings(fields: &Fields<'_>, key: &str, build: &Build<'_, '_>) -> Result<Option<ListId>, Wrong> {
    fields.get(key).map(|written| build.list(ListId::RECORD, written).ok_or(Wrong)).transpose()
}

/// What was written is wrong, and that was said.
struct Wrong;

fn same(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Question> {
    let (paths, when) = (paths(fields, build), record_condition(fields, "where", build));
    let siblings = siblings(fields, "unless_siblings", build);
    let fields_given = paths.as_ref().is_none_or(|paths| !paths.is_empty());
    if !fields_given {
        build.problems.at(&fields.span("fields"), "name at least one field");
    }
    Some(Question::Same { fields: paths.filter(|_| fields_given)?, when: when?, siblings: siblings.ok()? })
}

fn shared_text(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Question> {
    let of = each(fields, &TEXTS, build, |fields| {
        let list = build.list(ListId::RECORD, fields.get("each")?)?;
        let text = build.path(Scope::of(list), fields.get("text")?);
        if let Some(path) = text.as_ref().filter(|path| path.leaf != Leaf::Text) {
            build
                .problems
                .at(&fields.span("text"), format!("words are needed, but `{}` holds none", path.words.text));
        }
        let when = build.condition(Scope::of(list), fields.get("where"));
        Some(Texts { list, text: text.filter(|path| path.leaf == Leaf::Text)?, when: when? })
    });
    let fewest_words =
        fields.get("fewest_words").map_or(Some(12), |_| build.count_at(fields, "fewest_words"));
    let siblings = siblings(fields, "unless_siblings", build);
    Some(Question::SharedText { of: of?, fewest_words: fewest_words?, siblings: siblings.ok()? })
}

fn most_a_day(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Question> {
    let of = each(fields, &ENTRIES, build, |fields| {
        let list = build.list(ListId::RECORD, fields.get("each")?)?;
        let scope = Scope::of(list);
        let by = build.path(scope, fields.get("by")?);
        if let Some(path) = by.as_ref().filter(|path| !is_id(path)) {
            build
                .problems
                .at(&fields.span("by"), format!("an id is needed, but `{}` is none", path.words.text));
        }
        let (on, when) =
            (build.date_path(scope, fields.get("on")?), build.condition(scope, fields.get("where")));
        Some(Entries { list, by: by.filter(is_id)?, on: on?, when: when? })
    });
    let at_most = build.count_at(fields, "at_most").and_then(|most| u64::try_from(most).ok());
    Some(Question::MostADay { of: of?, at_most: at_most? })
}

/// Findings show the worker, so that only an id may stand there, never a name.
fn is_id(path: &Path) -> bool {
    let last = path.names.last().map_or("", |name| name.as_str());
    path.leaf == Leaf::Text && (last == "id" || last.ends_with("_id"))
}

fn siblings_agree(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Question> {
    let (siblings, paths) = (siblings(fields, "siblings", build), paths(fields, build));
    let (when, then) = (record_condition(fields, "when", build), record_condition(fields, "then", build));
    let pair = fields.get("when").is_some() && fields.get("then").is_some();
    if fields.get("when").is_some() != fields.get("then").is_some() {
        build.problems.at(&fields.written.span, "`when` and `then` go together");
        return None;
    }
    let named_back = fields.yes("named_back");
    let paths = paths?;
    if !named_back && !pair && paths.is_empty() {
        build
            .problems
            .at(&fields.written.span, "say what must agree: `named_back`, `fields`, or `when` and `then`");
        return None;
    }
    let pair = if pair { Some((when?, then?)) } else { None };
    Some(Question::SiblingsAgree { siblings: siblings.ok()??, named_back, fields: paths, pair })
}

impl Kind for Across {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["other", "worker", "on", "count", "at_most"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let given: Vec<&str> =
            FORM.fields.iter().map(|field| field.key).filter(|key| fields.get(key).is_some()).collect();
        let [key] = given.as_slice() else {
            build.problems.with_help(
                &fields.written.span,
                "a rule across records asks exactly one question",
                "write one of: same, shared_text, most_a_day, siblings_agree; a second question is a second rule",
            );
            return None;
        };
        let inner = |form| Fields::read(fields.get(key)?, form, build.problems);
        let question = match *key {
            "same" => same(&inner(&SAME)?, build),
            "shared_text" => shared_text(&inner(&SHARED_TEXT)?, build),
            "most_a_day" => most_a_day(&inner(&MOST_A_DAY)?, build),
            _ => siblings_agree(&inner(&SIBLINGS_AGREE)?, build),
        };
        question.map(Self)
    }

    fn outcomes(&self) -> OutcomeSet {
        OutcomeSet::of(&[Outcome::Met, Outcome::Breached])
    }

    fn gaps(&self) -> &'static [&'static str] {
        match self.0 {
            Question::MostADay { .. } => &["worker", "on", "count", "at_most"],
            _ => &["other"],
        }
    }

    fn judge<'p>(&'p self, _: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        out(Judgement::not_applicable(SubjectRef::RECORD));
    }
}
