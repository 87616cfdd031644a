//! The tables that say which keys a mapping takes. A form is written once, beside the code that gives its keys a meaning.

/// A mapping: its keys, and what each takes.
#[derive(Debug)]
pub struct Form {
    /// What people call it, `a deadline`.
    pub name: &'static str,
    /// One sentence for editors and documentation.
    pub about: &'static str,
    /// Its keys.
    pub fields: &'static [Field],
}

/// A key of a mapping.
#[derive(Debug)]
pub struct Field {
    /// The key as written.
    pub key: &'static str,
    /// It must be there.
    pub needed: bool,
    /// What may be written after it.
    pub takes: Takes,
    /// One sentence for editors and documentation.
    pub about: &'static str,
}

/// What may be written in a place.
#[derive(Debug)]
pub enum Takes {
    /// Words for people.
    Text,
    /// `true` or `false`.
    YesNo,
    /// A whole number, or a `$parameter`.
    Number,
    /// `10 working days`, or a `$parameter`.
    Limit,
    /// A date `YYYY-MM-DD`.
    Date,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A field of the record, from where the rule stands: `meeting_date`, `^start_date`, `$.child_details.sex`.
    Path,
    /// A list or an object of the record: `cla_reviews[]`.
    List,
    /// A named event, or one made on the spot.
    Event,
    /// A named period, a list of the record, or `record`.
    ForEach,
    /// A condition.
    Condition,
    /// A list of any of this.
    Many(&'static Takes),
    /// One of this, or a list of it.
    OneOrMany(&'static Takes),
    /// A mapping of a form.
    Form(&'static Form),
    /// A mapping from names of the author's own to a form.
    Named(&'static Form),
    /// Exactly one of the kinds of rule.
    Check,
    /// Anything.
    Anything,
}

/// Writes a field of a form in one line: `field!(needed "within", Limit, "How long there is.")`.
macro_rules! field {
    (needed $key:literal, $takes:expr, $about:literal) => {
        $crate::form::Field { key: $key, needed: true, takes: $takes, about: $about }
    };
    ($key:literal, $takes:expr, $about:literal) => {
        $crate::form::Field { key: $key, needed: false, takes: $takes, about: $about }
    };
}
pub(crate) use field;
