//! `each_item`: has every item of a list what it needs?

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::facts::Facts;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::items::ItemRule;
use crate::rules::kinds::read_where;
use crate::rules::plan::Scope;

static FORM: Form = Form {
    name: "a need of each item",
    about: "Has every item of a list what it needs? One result for each item.",
    fields: &[
        field!(needed "in", Takes::List, "The list."),
        field!("where", Takes::Condition, "Which items the rule touches."),
        field!(needed "needs", Takes::Condition, "What each of them must meet."),
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

/// A need of each item.
#[derive(Debug)]
pub struct EachItem(ItemRule);

impl Kind for EachItem {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let (list, if_empty) = ItemRule::place(fields, build, Outcome::NotApplicable)?;
        let when = read_where(fields, build, list);
        let needs = build.condition(Scope::of(list), fields.get("needs"));
        let dated_by = fields.get("dated_by").and_then(|written| build.date_path(Scope::of(list), written));
        Some(Self(ItemRule { list, when: when?, needs: needs?, if_empty, dated_by }))
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
