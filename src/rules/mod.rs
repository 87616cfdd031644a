//! The rule language: what was written becomes checks over a record, and checks become outcomes.
//!
//! `catalog` compiles a [`Pack`] from files; `validator` asks it of records. The way of a rule: `rule` reads its file against a
//! form, `build` and `write_condition` resolve what it names (`place`, `plan`, `timeline`, `vocabulary`, `params`), a kind in `kinds/`
//! holds what it checks, `evaluate` asks it of the `facts` of one record, and a `judgement` comes out. `trial` holds its tests.
//!
//! A rule across records goes another way: `mark` takes the `marks` of each record, and `across` walks them at the end of a run.

mod across;
mod brief;
mod build;
mod condition;
mod condition_forms;
mod editor;
mod evaluate;
mod facts;
mod ground;
mod judgement;
mod keys;
mod kinds;
mod listed;
mod many;
mod mark;
mod mark_bytes;
mod marks;
pub mod mutation;
mod operand;
mod overlay;
mod pack;
mod params;
mod place;
mod plain_words;
mod plan;
mod rule;
mod rule_forms;
mod same;
mod say;
mod sees;
mod shingles;
mod texts;
mod timeline;
mod tri;
mod trial;
mod try_out;
mod vocabulary;
mod write_condition;

pub use across::FoundAcross;
pub use across::Shown;
pub use brief::Brief;
pub use brief::RuleSet;
pub use condition_forms::CONDITION;
pub use condition_forms::TESTS;
pub use evaluate::Judged;
pub use facts::Facts;
pub use facts::Spot;
pub use judgement::Arg;
pub use judgement::BEYOND_CALENDAR;
pub use judgement::Judgement;
pub use judgement::NOT_SENT;
pub use judgement::SubjectRef;
pub use judgement::Trace;
pub use kinds::Check;
pub use kinds::KINDS;
pub use mark::Marked;
pub use marks::Mark;
pub use overlay::OVERLAY;
pub use pack::PACK;
pub use pack::Pack;
pub use pack::PackFiles;
pub use pack::Standard;
pub use params::Param;
pub use params::Value as ParamValue;
pub use plan::ListId;
pub use rule::MissedRule;
pub use rule::Rule;
pub use rule_forms::RULE;
pub use say::Say;
pub use say::plain_date;
pub use shingles::Shingles;
pub use texts::WordList;
pub use trial::Expect;
pub use trial::Trial;
pub use try_out::Answered;
pub use vocabulary::VOCABULARY;
