//! `when_then`: if this holds, does that?

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::facts::Facts;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::items::ItemRule;
use crate::rules::kinds::read_where;
use crate::rules::plan::Scope;

static FORM: Form = Form {
    name: "a consequence",
    about: "If one condition holds, does another?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "when", Takes::Condition, "If this holds of an item,"),
        field!(needed "then", Takes::Condition, "this must hold too."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
        field!(
            "dated_by",
            Takes::Path,
            "The date in the item that decides which revision of the rule governs."
        ),
    ],
};

/// A consequence.
#[derive(Debug)]
pub struct WhenThen(ItemRule);

impl Kind for WhenThen {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let (list, if_empty) = ItemRule::place(fields, build, Outcome::NotApplicable)?;
        let scope = Scope::of(list);
        let touched = read_where(fields, build, list);
        let when = build.condition(scope, fields.get("when"));
        let needs = build.condition(scope, fields.get("then"));
        let dated_by = fields.get("dated_by").and_then(|written| build.date_path(scope, written));
        let when = Condition::All(vec![touched?, when?]);
        Some(Self(ItemRule { list, when, needs: needs?, if_empty, dated_by }))
    }

    fn outcomes(&self) -> OutcomeSet {
        self.0.outcomes(true)
    }

    fn item_rule(&self) -> Option<&ItemRule> {
        Some(&self.0)
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        self.0.judge(facts, out);
    }
}
