//! `order`: is every A on or before B?

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::condition::Test;
use crate::rules::facts::Facts;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::items::ItemRule;
use crate::rules::kinds::read_where;
use crate::rules::operand::Operand;
use crate::rules::plan::Scope;
use crate::rules::write_condition::operand;

static FORM: Form = Form {
    name: "an order",
    about: "Is one date on or before another, in every item?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "first", Takes::OneOrMany(&Takes::Path), "The date that comes first; of several, each must."),
        field!(needed "then", Takes::Text, "The date that it must not be after: a field, `as_at` or a date."),
        field!("strictly", Takes::YesNo, "The same day will not do."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
    ],
};

/// An order.
#[derive(Debug)]
pub struct Order(ItemRule);

impl Kind for Order {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let (list, if_empty) = ItemRule::place(fields, build, Outcome::NotApplicable)?;
        let scope = Scope::of(list);
        let when = read_where(fields, build, list);
        let then: Operand = operand(build, scope, fields.get("then")?)?;
        let mut parts = Vec::new();
        for written in fields.many("first") {
            let path = build.date_path(scope, written)?;
            let test = if fields.yes("strictly") {
                Test::Before(then.clone())
            } else {
                Test::OnOrBefore(then.clone())
            };
            parts.push(Condition::Field(path, vec![test]));
        }
        Some(Self(ItemRule { list, when: when?, needs: Condition::All(parts), if_empty, dated_by: None }))
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
