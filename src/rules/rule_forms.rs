//! The forms of a rule file: its keys, those of its parts, and those of its tests.

use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::rules::params::PARAM;

const SEVERITIES: &[&str] = &["critical", "error", "warning", "info"];

/// The form of a rule file.
pub static RULE: Form = Form {
    name: "a rule",
    about: "A recording standard as a rule: what is checked, by which authority it stands, what to say and do, and the tests that prove it.",
    fields: &[
        field!(needed "id", Takes::Text, "The standard's id in the catalogue, `PEP-001`; a second rule for one standard adds a letter, `PEP-001b`."),
        field!(
            "revision",
            Takes::Number,
            "1 unless given; a later revision has its own file and effective dates."
        ),
        field!(needed "title", Takes::Text, "One line, as people call it."),
        field!(needed "why", Takes::Text, "What goes wrong for the child when it is not met, in one sentence."),
        field!(needed "source", Takes::Form(&SOURCE), "Where the standard is written."),
        field!(needed "force", Takes::Word(&["must", "should"]), "Whether it binds or advises."),
        field!(needed "severity", Takes::Word(SEVERITIES), "How bad a failure is for the record."),
        field!(needed "dimension", Takes::Word(&["completeness", "validity", "uniqueness", "consistency", "timeliness", "accuracy", "traceability"]), "The one dimension that it counts towards."),
        field!(needed "reliability", Takes::Word(&["exact", "may_over_report", "may_under_report"]), "How far a machine can be trusted with it."),
        field!(
            "answers",
            Takes::Many(&Takes::Text),
            "The inspection recommendations that it answers, for cutting reports."
        ),
        field!("effective", Takes::Form(&EFFECTIVE), "While this revision is in force."),
        field!("relaxed", Takes::Many(&Takes::Form(&RELAXED)), "Windows in which the law eased the clock."),
        field!("params", Takes::Named(&PARAM), "Figures that an authority may set."),
        field!(
            "stage",
            Takes::Word(&["shadow", "advise", "enforce"]),
            "How far it has been taken into use; `advise` unless given."
        ),
        field!(needed "check", Takes::Check, "What is checked: exactly one kind."),
        field!("if_missed", Takes::Form(&IF_MISSED), "A second duty that starts when the first is missed."),
        field!(needed "say", Takes::Form(&SAY), "One line for each outcome: at most 90 characters, a verb first."),
        field!(needed "fix", Takes::Text, "What to do about it, in one sentence."),
        field!("given", Takes::Anything, "A sparse case record that every test starts from."),
        field!(needed "tests", Takes::Many(&Takes::Form(&TRIAL)), "A test for every outcome that the rule can give."),
    ],
};

/// The form of a source.
pub static SOURCE: Form = Form {
    name: "a source",
    about: "Where a standard is written, and how far that was verified.",
    fields: &[
        field!(needed "instrument", Takes::Text, "The act, regulations, guidance or policy."),
        field!("paragraph", Takes::Text, "Where in it."),
        field!("url", Takes::Text, "Where it can be read."),
        field!(needed "basis", Takes::Word(&["national", "local", "practice", "judgement"]), "National law or guidance; a local policy; another authority's practice; our judgement."),
        field!(
            "figure",
            Takes::Word(&["stated", "default"]),
            "Whether the source states the figure, or it is a default of ours that is never worded as law; `stated` unless given."
        ),
        field!(needed "verified", Takes::YesNo, "Whether the provision's own text was read."),
        field!("confidence", Takes::Word(&["high", "medium", "low"]), "How sure the reading is."),
        field!("checked_on", Takes::Date, "When it was last checked."),
    ],
};

static SAY: Form = Form {
    name: "what is said",
    about: "One line for each outcome that the rule can give and that needs one, with gaps such as `{due_on}`.",
    fields: &[
        field!("met", Takes::Text, "Done in time, or holds."),
        field!("met_late", Takes::Text, "Done after it was due."),
        field!("not_yet_due", Takes::Text, "The clock runs."),
        field!("overdue", Takes::Text, "Past due, not done, can still be done."),
        field!("breached", Takes::Text, "Cannot be cured, or does not hold."),
        field!("not_applicable", Takes::Text, "Does not touch this child."),
        field!("cannot_tell", Takes::Text, "A needed value is missing or unreadable."),
    ],
};

static EFFECTIVE: Form = Form {
    name: "effective dates",
    about: "While a revision is in force; the one in force when the clock started governs.",
    fields: &[field!("from", Takes::Date, "The first day."), field!("to", Takes::Date, "The last day.")],
};

static RELAXED: Form = Form {
    name: "a relaxation",
    about: "A window in which the law eased the clock: what falls into it is not judged.",
    fields: &[
        field!(needed "from", Takes::Date, "The first day."),
        field!(needed "to", Takes::Date, "The last day."),
        field!(needed "by", Takes::Text, "The instrument."),
    ],
};

/// The form of the duty that follows a missed one.
pub static IF_MISSED: Form = Form {
    name: "a duty when the first is missed",
    about: "A second duty, with an id and words of its own, that starts when the first is missed and points at it.",
    fields: &[
        field!(needed "id", Takes::Text, "Its id in the catalogue."),
        field!(needed "title", Takes::Text, "One line."),
        field!("severity", Takes::Word(SEVERITIES), "The first rule's unless given."),
        field!("source", Takes::Form(&SOURCE), "The first rule's unless given."),
        field!("standard", Takes::Text, "The area it belongs to; the first rule's unless given."),
        field!(needed "deadline", Takes::Anything, "What must follow: `within`, `done_by`, `warn_before`."),
        field!(needed "say", Takes::Form(&SAY), "One line for each outcome."),
        field!(needed "fix", Takes::Text, "What to do about it."),
    ],
};

/// The form of a test.
pub static TRIAL: Form = Form {
    name: "a test",
    about: "A sparse record, the day, and what the rule must say.",
    fields: &[
        field!(needed "name", Takes::Text, "What the test shows, in words."),
        field!(needed "as_at", Takes::Date, "The day as at which the record is judged."),
        field!(
            "given",
            Takes::Anything,
            "What is laid over the rule's own `given`: objects merge, lists replace, `null` takes away."
        ),
        field!(
            "records",
            Takes::Many(&Takes::Anything),
            "For a rule across records: the records of the run, each laid over the rule's own `given`; their ids are TEST1, TEST2 and so on unless given."
        ),
        field!(needed "expect", Takes::OneOrMany(&Takes::Form(&EXPECT)), "What the rule must say: every result other than `not_applicable`, or that alone."),
    ],
};

/// The form of an expectation.
pub static EXPECT: Form = Form {
    name: "an expectation",
    about: "One result that the rule must give; what is not written is not compared.",
    fields: &[
        field!(needed "outcome", Takes::Word(&["met", "met_late", "not_yet_due", "overdue", "breached", "not_applicable", "cannot_tell"]), "The outcome."),
        field!("rule", Takes::Text, "The id of the rule's `if_missed`, when it is that one's result."),
        field!("subject", Takes::Text, "The pointer to what it is about."),
        field!("started_on", Takes::Date, "When the clock started."),
        field!("due_on", Takes::Date, "When it was due."),
        field!("done_on", Takes::Date, "When it was done."),
        field!("days_over", Takes::Number, "How far past the due date."),
        field!("due_soon", Takes::YesNo, "Whether it is shown as due soon, by `warn_before`."),
        field!("message", Takes::Text, "The line that people read."),
        field!(
            "about",
            Takes::Many(&Takes::Text),
            "For a rule across records: the ids of the two children, or that of the worker."
        ),
    ],
};
