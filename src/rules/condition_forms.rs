//! The forms that conditions are written in: from them come the checks of keys, the rule schema and the documentation.

use crate::form::Form;
use crate::form::Takes;
use crate::form::field;

/// The tests that can be asked of a field; the keys of the mapping under its name.
pub static TESTS: Form = Form {
    name: "a test of a field",
    about: "What is asked of a field; every test must hold. A bare value instead of a mapping is `is`.",
    fields: &[
        field!("is", Takes::Anything, "It is this."),
        field!("in", Takes::Anything, "It is one of these."),
        field!("not", Takes::Anything, "It is not recorded as this (a field that is not recorded passes)."),
        field!("not_in", Takes::Anything, "It is not recorded as one of these."),
        field!("present", Takes::YesNo, "It is recorded, and not blank (or is not)."),
        field!("at_least", Takes::Number, "A number: this or more."),
        field!("at_most", Takes::Number, "A number: this or less."),
        field!("under", Takes::Number, "A number: less than this."),
        field!("over", Takes::Number, "A number: more than this."),
        field!(
            "before",
            Takes::Anything,
            "A date before this: a date, `as_at`, `start`, another field, or a day worked out of these."
        ),
        field!("after", Takes::Anything, "A date after this."),
        field!("on_or_before", Takes::Anything, "A date on or before this."),
        field!("on_or_after", Takes::Anything, "A date on or after this."),
        field!("same_as", Takes::Path, "The same as another field, letter case and white space aside."),
        field!("matches", Takes::Text, "Text that matches this pattern."),
        field!("min_words", Takes::Number, "Text of at least this many words."),
        field!("max_words", Takes::Number, "Text of at most this many words."),
        field!("min_letters", Takes::Number, "Text of at least this many letters."),
        field!(
            "not_only",
            Takes::Text,
            "Text that is not wholly one of this word list (placeholders), nor only dashes or full stops."
        ),
        field!("without", Takes::Text, "Text in which no phrase of this word list stands."),
        field!(
            "explained",
            Takes::Text,
            "Text whose abbreviations are in this glossary or explained in brackets."
        ),
    ],
};

pub(super) static AGE: Form = Form {
    name: "a test of age",
    about: "The child's age in whole years.",
    fields: &[
        field!("at_least", Takes::Number, "This age or more."),
        field!("under", Takes::Number, "Younger than this."),
        field!(
            "on",
            Takes::Anything,
            "On this day: a date, `as_at`, `start` or a field (only under `age_on`)."
        ),
    ],
};

pub(super) static SOME: Form = Form {
    name: "some items",
    about: "Whether some item of a list meets a condition.",
    fields: &[
        field!(needed "of", Takes::List, "The list, as seen from here."),
        field!("where", Takes::Condition, "The condition; without it any item will do."),
    ],
};

pub(super) static HAPPENED: Form = Form {
    name: "an event that took place",
    about: "Whether an event took place, between two days if given.",
    fields: &[
        field!(needed "event", Takes::Event, "The event."),
        field!("from", Takes::Anything, "From this day: a date, `as_at`, `start` or a field."),
        field!("to", Takes::Anything, "To this day."),
    ],
};

pub(super) static DURING: Form = Form {
    name: "a day inside a period",
    about: "Whether a day lies inside a stretch of a period.",
    fields: &[
        field!(needed "period", Takes::Text, "The period's name."),
        field!("on", Takes::Anything, "The day: a date, `as_at` (the default), `start` or a field."),
    ],
};

pub(super) static DAY: Form = Form {
    name: "a day that is worked out",
    about: "A day so long before or after another, or the later or earlier of several.",
    fields: &[
        field!("day", Takes::Anything, "The day to begin from: a date, `as_at`, `start` or a field."),
        field!("later_of", Takes::Anything, "The later of several days, once all are known."),
        field!("earlier_of", Takes::Anything, "The earlier of several days, once all are known."),
        field!("plus", Takes::Limit, "So long after it."),
        field!("minus", Takes::Limit, "So long before it."),
    ],
};

/// The words of a condition that stand where a field's name could.
pub static CONDITION: Form = Form {
    name: "a condition",
    about: "All of these must hold. Under the name of a field stand its tests, or a bare value that it must be.",
    fields: &[
        field!("all", Takes::Many(&Takes::Condition), "All of these hold."),
        field!("any", Takes::Many(&Takes::Condition), "At least one of these holds."),
        field!("not", Takes::Condition, "This does not hold."),
        field!("some", Takes::Form(&SOME), "Some item of a list meets a condition."),
        field!("none", Takes::Form(&SOME), "No item of a list meets a condition."),
        field!("happened", Takes::Form(&HAPPENED), "An event took place."),
        field!("not_happened", Takes::Form(&HAPPENED), "An event did not take place."),
        field!(
            "during",
            Takes::Anything,
            "A day lies inside a period: its name, or `{ period: .., on: .. }`."
        ),
        field!(
            "not_during",
            Takes::Anything,
            "A day lies outside a period: its name, or `{ period: .., on: .. }`."
        ),
        field!("age_at_start", Takes::Form(&AGE), "The child's age when what is judged began."),
        field!("age_now", Takes::Form(&AGE), "The child's age on the day as at which the record is judged."),
        field!("age_on", Takes::Form(&AGE), "The child's age on a day, under `on`."),
    ],
};
