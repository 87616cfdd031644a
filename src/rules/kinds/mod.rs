//! The kinds of rule. One table makes parsing, dispatch, the rule schema and the documentation; a new kind is a file and a line in it.

use crate::form::Fields;
use crate::form::Form;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::judgement::Judgement;
use crate::rules::judgement::Needs;
use crate::rules::plan::Scope;

mod across;
mod agrees;
mod cadence;
mod clock;
mod combine;
mod count;
mod deadline;
mod each_item;
mod gap;
mod items;
mod one_field;
mod order;
mod overlap;
mod present;
mod starts;
mod total;
mod unique;
mod until;
mod when_then;

pub(in crate::rules) use across::Entries;
pub(in crate::rules) use across::Question;
pub(in crate::rules) use across::Texts;
pub use clock::MISSED;
pub use clock::Missed;
pub use clock::Relaxation;
pub use clock::read_missed;
pub use combine::read_check;
pub use items::ItemRule;
pub use items::Plain;
pub(in crate::rules) use starts::NTH;

/// Where a kind sends what it says.
pub type Out<'o, 'p> = &'o mut dyn FnMut(Judgement<'p>);

/// What every kind is: read from its form, asked of a record.
pub trait Kind: Sized {
    /// Its key and the keys under it.
    const FORM: &'static Form;
    /// The gaps it fills in messages, beside the common ones.
    const GAPS: &'static [&'static str];
    /// Whether it has a clock, and fills the gaps of one.
    const CLOCK: bool;

    /// Makes it of what was written, or reports what is wrong.
    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self>;

    /// The outcomes that this rule can give.
    fn outcomes(&self) -> OutcomeSet;

    /// The gaps that this one fills, where not all of its kind fill the same.
    fn gaps(&self) -> &'static [&'static str] {
        Self::GAPS
    }

    /// Judges a record; the relaxations are windows in which the law eased the clock.
    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>);

    /// What it needs to have anything to judge, where that is items of one list or stretches of one period.
    fn needs(&self) -> Option<Needs> {
        self.item_rule().and_then(ItemRule::needs)
    }

    /// The condition that each item of a list must meet, where it is nothing else.
    fn item_rule(&self) -> Option<&ItemRule> {
        None
    }
}

macro_rules! kinds {
    ($($key:literal => $variant:ident: $type:ty),+ $(,)?) => {
        /// What a rule checks: one of the kinds.
        #[derive(Debug)]
        pub enum Check {
            $(#[doc = concat!("`", $key, "`")] $variant($type)),+
        }

        /// The kinds by their keys, with their forms.
        pub static KINDS: &[(&str, &Form)] = &[$(($key, <$type as Kind>::FORM)),+];

        impl Check {
            /// Makes a check of a kind of what was written under its key.
            pub fn read(key: &str, fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
                match key {
                    $($key => <$type as Kind>::read(fields, build).map(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its key.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$variant(_) => $key),+ }
            }

            /// The outcomes that it can give.
            pub fn outcomes(&self) -> OutcomeSet {
                match self { $(Self::$variant(kind) => Kind::outcomes(kind)),+ }
            }

            /// The gaps that it fills in messages.
            pub fn gaps(&self) -> &'static [&'static str] {
                match self { $(Self::$variant(kind) => Kind::gaps(kind)),+ }
            }

            /// Whether it has a clock.
            pub fn has_clock(&self) -> bool {
                match self { $(Self::$variant(_) => <$type as Kind>::CLOCK),+ }
            }

            /// What it needs to have anything to judge, where that is items of one list or stretches of one period.
            pub fn needs(&self) -> Option<Needs> {
                match self { $(Self::$variant(kind) => Kind::needs(kind)),+ }
            }

            /// The condition that each item of a list must meet, where it is nothing else.
            pub fn item_rule(&self) -> Option<&ItemRule> {
                match self { $(Self::$variant(kind) => Kind::item_rule(kind)),+ }
            }

            /// Judges a record.
            pub fn judge<'p>(&'p self, facts: &Facts<'p, '_>, relaxed: &[Relaxation], out: Out<'_, 'p>) {
                match self { $(Self::$variant(kind) => kind.judge(facts, relaxed, out)),+ }
            }
        }
    };
}

kinds! {
    "present" => Present: present::Present,
    "when_then" => WhenThen: when_then::WhenThen,
    "deadline" => Deadline: deadline::Deadline,
    "cadence" => Cadence: cadence::Cadence,
    "gap" => Gap: gap::Gap,
    "order" => Order: order::Order,
    "overlap" => Overlap: overlap::Overlap,
    "each_item" => EachItem: each_item::EachItem,
    "count" => Count: count::Count,
    "total" => Total: total::Total,
    "one_of" => OneOf: one_field::OneOf,
    "matches" => Matches: one_field::Matches,
    "agrees" => Agrees: agrees::Agrees,
    "unique" => Unique: unique::Unique,
    "text" => Text: one_field::Text,
    "all_of" => AllOf: combine::AllOf,
    "any_of" => AnyOf: combine::AnyOf,
    "across" => Across: across::Across,
}

impl Check {
    /// Whether it is asked of all records of a run together, and of none alone.
    pub const fn is_across(&self) -> bool {
        matches!(self, Self::Across(_))
    }
}

/// Reads the `where` of a kind, for an item that is itself judged.
fn read_where(
    fields: &Fields<'_>,
    build: &Build<'_, '_>,
    list: crate::rules::plan::ListId,
) -> Option<crate::rules::condition::Condition> {
    build.condition(Scope::of(list), fields.get("where"))
}
