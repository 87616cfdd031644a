//! `present`: are these fields filled, neither blank nor a placeholder?

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
use crate::rules::plan::Leaf;
use crate::rules::plan::Scope;
use crate::rules::texts::TextTest;

static FORM: Form = Form {
    name: "a presence",
    about: "Are these fields filled: recorded, not blank, not a placeholder?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "fields", Takes::Many(&Takes::Path), "The fields, all of which must be filled."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `breached` unless given."
        ),
        field!(
            "dated_by",
            Takes::Path,
            "The date in the item that decides which revision of the rule governs."
        ),
    ],
};

/// The name of the word list whose words do not count as filled.
const PLACEHOLDER: &str = "placeholder";

/// A presence.
#[derive(Debug)]
pub struct Present(ItemRule);

impl Kind for Present {
    const FORM: &'static Form = &FORM;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let (list, if_empty) = ItemRule::place(fields, build, Outcome::Breached)?;
        let when = read_where(fields, build, list);
        let placeholders = build.shared.word_lists.borrow().get(PLACEHOLDER).cloned();
        build.shared.used.borrow_mut().insert(format!("word_lists.{PLACEHOLDER}"));
        let mut parts = Vec::new();
        for written in fields.many("fields") {
            let path = build.path(Scope::of(list), written)?;
            let mut tests = vec![Test::Present(true)];
            if let (Leaf::Text, Some(list)) = (path.leaf, &placeholders) {
                let words = TextTest { not_whole: Some(list.clone()), ..TextTest::default() };
                tests.push(Test::Words(Box::new(words)));
            }
            parts.push(Condition::Field(path, tests));
        }
        let dated_by = fields.get("dated_by").and_then(|written| build.date_path(Scope::of(list), written));
        Some(Self(ItemRule { list, when: when?, needs: Condition::All(parts), if_empty, dated_by }))
    }

    fn outcomes(&self) -> OutcomeSet {
        self.0.outcomes(false)
    }

    fn item_rule(&self) -> Option<&ItemRule> {
        Some(&self.0)
    }

    fn judge<'p>(&'p self, facts: &Facts<'p, '_>, _: &[Relaxation], out: Out<'_, 'p>) {
        self.0.judge(facts, out);
    }
}
