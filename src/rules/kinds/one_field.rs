//! `one_of`, `matches` and `text`: is one field of each item a code of its list, of a pattern, of the right words?

use crate::form::Fields;
use crate::form::Form;
use crate::form::Takes;
use crate::form::What;
use crate::form::field;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::build::Build;
use crate::rules::condition::Condition;
use crate::rules::condition::Literal;
use crate::rules::condition::Test;
use crate::rules::facts::Facts;
use crate::rules::kinds::Kind;
use crate::rules::kinds::Out;
use crate::rules::kinds::Relaxation;
use crate::rules::kinds::items::IF_EMPTY;
use crate::rules::kinds::items::ItemRule;
use crate::rules::kinds::read_where;
use crate::rules::plan::Leaf;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;
use crate::rules::texts::TextTest;
use crate::rules::write_condition::pattern;

static ONE_OF: Form = Form {
    name: "a code from a list",
    about: "Is a field a code of its list?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "field", Takes::Path, "The field."),
        field!("codes", Takes::Many(&Takes::Text), "The codes; the field's own code list unless given."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
    ],
};

static MATCHES: Form = Form {
    name: "a pattern",
    about: "Does a field match a pattern?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "field", Takes::Path, "The field."),
        field!(needed "pattern", Takes::Text, "The pattern, matched in linear time."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
    ],
};

static TEXT: Form = Form {
    name: "a test of words",
    about: "Is a text of the right length, with no placeholder, banned phrase or unexplained abbreviation, and not a copy?",
    fields: &[
        field!("in", Takes::List, "The list or object whose items are judged; without it the record."),
        field!("where", Takes::Condition, "Which of them the rule touches."),
        field!(needed "field", Takes::Path, "The field."),
        field!("min_words", Takes::Number, "At least this many words."),
        field!("max_words", Takes::Number, "At most this many words."),
        field!("min_letters", Takes::Number, "At least this many letters."),
        field!(
            "not_only",
            Takes::Text,
            "Not wholly one of this word list (placeholders), nor only dashes or full stops."
        ),
        field!("without", Takes::Text, "No phrase of this word list stands in it."),
        field!("explained", Takes::Text, "Its abbreviations are in this glossary or explained in brackets."),
        field!("differs_from", Takes::Path, "Not the same as this other field."),
        field!(
            "if_empty",
            Takes::Word(IF_EMPTY),
            "What a list that is recorded as empty means; `not_applicable` unless given."
        ),
    ],
};

/// A code from a list.
#[derive(Debug)]
pub struct OneOf(ItemRule);

/// A pattern.
#[derive(Debug)]
pub struct Matches(ItemRule);

/// A test of words.
#[derive(Debug)]
pub struct Text(ItemRule);

impl OneOf {
    /// The field whose codes it judges, by the list that holds it.
    pub fn coded_field(&self) -> Option<(ListId, &str)> {
        let Condition::All(parts) = &self.0.needs else { return None };
        match parts.first() {
            Some(Condition::Field(path, _)) => Some((self.0.list, path.words.text.as_str())),
            _ => None,
        }
    }
}

fn item_rule(
    fields: &Fields<'_>,
    build: &Build<'_, '_>,
    tests: impl FnOnce(&Path, Scope) -> Option<Vec<Condition>>,
) -> Option<ItemRule> {
    let (list, if_empty) = ItemRule::place(fields, build, Outcome::NotApplicable)?;
    let when = read_where(fields, build, list);
    let path = build.path(Scope::of(list), fields.get("field")?)?;
    let needs = Condition::All(tests(&path, Scope::of(list))?);
    Some(ItemRule { list, when: when?, needs, if_empty, dated_by: None })
}

impl Kind for OneOf {
    const FORM: &'static Form = &ONE_OF;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let rule = item_rule(fields, build, |path, scope| {
            let codes: Vec<String> = match fields.get("codes").map(|written| &written.what) {
                Some(What::List(items)) => {
                    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
                }
                Some(_) => {
                    let help = "write `codes: [A, B]`; without `codes` the field's own code list is meant";
                    build.problems.with_help(&fields.span("codes"), "`codes` is a list of codes", help);
                    return None;
                }
                _ => match build.shared.places.borrow().has_code(scope, path, "\u{0}") {
                    Some(Err(codes)) => codes,
                    _ => {
                        build.problems.at(
                            &fields.span("field"),
                            format!("`{}` has no code list; give `codes`", path.words.text),
                        );
                        return None;
                    }
                },
            };
            let values = codes.into_iter().map(Literal::Text).collect();
            Some(vec![Condition::Field(path.clone(), vec![Test::In(values)])])
        });
        rule.map(Self)
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

impl Kind for Matches {
    const FORM: &'static Form = &MATCHES;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let rule = item_rule(fields, build, |path, _| {
            if !matches!(path.leaf, Leaf::Text | Leaf::Code) {
                build
                    .problems
                    .at(&fields.span("field"), format!("`{}` holds no words to match", path.words.text));
            }
            let pattern = pattern(build, fields.get("pattern")?)?;
            Some(vec![Condition::Field(path.clone(), vec![Test::Matches(pattern)])])
        });
        rule.map(Self)
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

impl Kind for Text {
    const FORM: &'static Form = &TEXT;
    const GAPS: &'static [&'static str] = &["missing", "count"];
    const CLOCK: bool = false;

    fn read(fields: &Fields<'_>, build: &Build<'_, '_>) -> Option<Self> {
        let rule = item_rule(fields, build, |path, scope| {
            if path.leaf != Leaf::Text {
                build
                    .problems
                    .at(&fields.span("field"), format!("`{}` holds no words to be tested", path.words.text));
            }
            let list = |key: &str| fields.get(key).map(|written| build.word_list(written));
            let words = TextTest {
                min_words: build.count_at(fields, "min_words"),
                max_words: build.count_at(fields, "max_words"),
                min_letters: build.count_at(fields, "min_letters"),
                not_whole: list("not_only").map_or(Some(None), |found| found.map(Some))?,
                without: list("without").map_or(Some(None), |found| found.map(Some))?,
                explained: list("explained").map_or(Some(None), |found| found.map(Some))?,
            };
            let mut parts = vec![Condition::Field(path.clone(), vec![Test::Words(Box::new(words))])];
            if let Some(other) = fields.get("differs_from") {
                let other = build.path(scope, other)?;
                let same = Condition::Field(path.clone(), vec![Test::SameAs(other.clone())]);
                let absent = Condition::Field(other, vec![Test::Present(false)]);
                parts.push(Condition::Any(vec![absent, Condition::Not(Box::new(same))]));
            }
            Some(parts)
        });
        rule.map(Self)
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
