//! Makes conditions of what was written, and reports a field that is not there, a code that is not in its list, a test that cannot
//! be asked of that kind of field.

use regex::RegexBuilder;

use crate::form::Entry;
use crate::form::Fields;
use crate::form::What;
use crate::form::Written;
use crate::model::Day;
use crate::rules::build::Build;
use crate::rules::condition::AgeTest;
use crate::rules::condition::Between;
use crate::rules::condition::Condition;
use crate::rules::condition::Literal;
use crate::rules::condition::Test;
use crate::rules::condition_forms::AGE;
use crate::rules::condition_forms::DAY;
use crate::rules::condition_forms::DURING;
use crate::rules::condition_forms::HAPPENED;
use crate::rules::condition_forms::SOME;
use crate::rules::condition_forms::TESTS;
use crate::rules::operand::Direction;
use crate::rules::operand::Operand;
use crate::rules::params::Value;
use crate::rules::plan::Leaf;
use crate::rules::plan::Path;
use crate::rules::plan::Scope;
use crate::rules::texts::TextTest;

/// Reads a condition: a mapping whose entries must all hold.
pub fn condition(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Condition> {
    let What::Map(entries) = &written.what else {
        build.problems.with_help(
            &written.span,
            format!("a condition is a mapping, but {} stands here", written.kind()),
            "write `field: value` or `field: { test: value }`",
        );
        return None;
    };
    let mut parts: Vec<Option<Condition>> = entries.iter().map(|entry| one(build, scope, entry)).collect();
    if parts.len() == 1 {
        return parts.pop().flatten();
    }
    parts.into_iter().collect::<Option<Vec<_>>>().map(Condition::All)
}

fn one(build: &Build<'_, '_>, scope: Scope, entry: &Entry) -> Option<Condition> {
    let value = &entry.value;
    match entry.key.as_str() {
        "all" => several(build, scope, value).map(Condition::All),
        "any" => several(build, scope, value).map(Condition::Any),
        "not" => condition(build, scope, value).map(|part| Condition::Not(Box::new(part))),
        "some" => some(build, scope, value),
        "none" => some(build, scope, value).map(|part| Condition::Not(Box::new(part))),
        "happened" => happened(build, scope, value),
        "not_happened" => happened(build, scope, value).map(|part| Condition::Not(Box::new(part))),
        "during" => during(build, scope, value),
        "not_during" => during(build, scope, value).map(|part| Condition::Not(Box::new(part))),
        "age_at_start" => age(build, scope, value, Operand::Start),
        "age_now" | "age_on" => age(build, scope, value, Operand::AsAt),
        _ => {
            let name = Written {
                span: entry.key_span.clone(),
                what: What::Text { text: entry.key.clone(), quoted: false },
            };
            let path = build.path(scope, &name)?;
            let tests = tests(build, scope, &path, value)?;
            Some(Condition::Field(path, tests))
        }
    }
}

fn several(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Vec<Condition>> {
    let What::List(items) = &written.what else {
        build.problems.at(&written.span, "`all` and `any` take a list of conditions");
        return None;
    };
    let parts: Vec<Option<Condition>> = items.iter().map(|item| condition(build, scope, item)).collect();
    parts.into_iter().collect()
}

fn some(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Condition> {
    let fields = Fields::read(written, &SOME, build.problems)?;
    let of = fields.get("of")?;
    let list = build.list(scope.item, of)?;
    let within = build.shared.places.borrow().start_of_list(scope.item, of.text()?)?.0;
    let part = build.condition(scope.inside(list), fields.get("where"))?;
    let is_alone = !part.sees_judged();
    Some(Condition::Some { list, within, part: Box::new(part), is_alone })
}

fn happened(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Condition> {
    let fields = Fields::read(written, &HAPPENED, build.problems)?;
    let event = build.event(scope.item, fields.get("event")?)?;
    let mut between = Between::default();
    for (key, end) in [("from", &mut between.from), ("to", &mut between.to)] {
        if let Some(written) = fields.get(key) {
            *end = Some(operand(build, scope, written)?);
        }
    }
    Some(Condition::Happened(event, Box::new(between)))
}

fn during(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Condition> {
    if written.text().is_some() {
        return build.period(written).map(|period| Condition::During(period, Operand::AsAt));
    }
    let fields = Fields::read(written, &DURING, build.problems)?;
    let period = build.period(fields.get("period")?)?;
    let on = fields.get("on").map_or(Some(Operand::AsAt), |written| operand(build, scope, written))?;
    Some(Condition::During(period, on))
}

fn age(build: &Build<'_, '_>, scope: Scope, written: &Written, on: Operand) -> Option<Condition> {
    let fields = Fields::read(written, &AGE, build.problems)?;
    let on = fields.get("on").map_or(Some(on), |written| operand(build, scope, written))?;
    let years = |key: &str| build.count_at(&fields, key).and_then(|count| i32::try_from(count).ok());
    let (at_least, under) = (years("at_least"), years("under"));
    if at_least.is_none() && under.is_none() {
        build.problems.at(&written.span, "a test of age needs `at_least`, `under` or both");
        return None;
    }
    let Some(born) = build.born() else {
        build.problems.at(&written.span, "the vocabulary does not say where the date of birth is (`born:`)");
        return None;
    };
    Some(Condition::Age(Box::new(AgeTest { born, on, at_least, under })))
}

/// Reads what a date is compared with: a day, `as_at`, `start`, a field, or a day worked out of these.
pub fn operand(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Operand> {
    let Some(text) = written.text() else { return worked_out(build, scope, written) };
    if let Some(day) = Day::parse(text) {
        return Some(Operand::Day(day));
    }
    match text {
        "as_at" => Some(Operand::AsAt),
        "start" => Some(Operand::Start),
        _ => build.date_path(scope, written).map(Operand::Field),
    }
}

/// Reads a day that is worked out: `{ day: end_date, plus: 8 weeks }`, `{ later_of: [granted_date, start_date], plus: 8 weeks }`.
fn worked_out(build: &Build<'_, '_>, scope: Scope, written: &Written) -> Option<Operand> {
    let fields = Fields::read(written, &DAY, build.problems)?;
    let several = |key: &str| -> Option<Vec<Operand>> {
        let parts: Vec<Option<Operand>> =
            fields.many(key).into_iter().map(|part| operand(build, scope, part)).collect();
        parts.into_iter().collect()
    };
    let given = ["day", "later_of", "earlier_of"].map(|key| fields.get(key));
    let from = match given {
        [Some(day), None, None] => operand(build, scope, day)?,
        [None, Some(_), None] => Operand::LaterOf(several("later_of")?),
        [None, None, Some(_)] => Operand::EarlierOf(several("earlier_of")?),
        _ => {
            let message = "a day that is worked out has exactly one of `day`, `later_of` and `earlier_of`";
            build.problems.at(&written.span, message);
            return None;
        }
    };
    let moved = [("plus", Direction::After), ("minus", Direction::Before)];
    moved.into_iter().try_fold(from, |day, (key, direction)| match fields.get(key) {
        Some(written) => Some(Operand::Moved(Box::new(day), build.limit(written)?, direction)),
        None => Some(day),
    })
}

fn tests(build: &Build<'_, '_>, scope: Scope, path: &Path, written: &Written) -> Option<Vec<Test>> {
    let What::Map(entries) = &written.what else {
        return literals(build, scope, path, written).map(|values| vec![Test::In(values)]);
    };
    Fields::read(written, &TESTS, build.problems)?;
    let mut words = TextTest::default();
    let mut has_words = false;
    let mut found = Vec::new();
    for entry in entries {
        match words_part(build, &mut words, entry) {
            Some(true) => has_words = true,
            Some(false) => found.push(test(build, scope, path, entry)?),
            None => return None,
        }
    }
    if has_words {
        if !matches!(path.leaf, Leaf::Text | Leaf::Code) {
            build.problems.at(&written.span, format!("`{}` holds no words to be tested", path.words.text));
        }
        found.push(Test::Words(Box::new(words)));
    }
    Some(found)
}

/// Takes a test of words; says whether it was one.
fn words_part(build: &Build<'_, '_>, words: &mut TextTest, entry: &Entry) -> Option<bool> {
    let count = |written: &Written| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "word limits are small whole numbers"
        )]
        build.number(written).map(|number| number.max(0.0) as usize)
    };
    match entry.key.as_str() {
        "min_words" => words.min_words = Some(count(&entry.value)?),
        "max_words" => words.max_words = Some(count(&entry.value)?),
        "min_letters" => words.min_letters = Some(count(&entry.value)?),
        "not_only" => words.not_whole = Some(build.word_list(&entry.value)?),
        "without" => words.without = Some(build.word_list(&entry.value)?),
        "explained" => words.explained = Some(build.word_list(&entry.value)?),
        _ => return Some(false),
    }
    Some(true)
}

fn test(build: &Build<'_, '_>, scope: Scope, path: &Path, entry: &Entry) -> Option<Test> {
    let value = &entry.value;
    let needs = |leaf: &[Leaf], what: &str| {
        let fits = leaf.contains(&path.leaf);
        if !fits {
            build.problems.at(
                &entry.key_span,
                format!("`{}` asks about {what}, but `{}` is not one", entry.key, path.words.text),
            );
        }
        fits.then_some(())
    };
    let dates = &[Leaf::Date, Leaf::DateTime];
    Some(match entry.key.as_str() {
        "is" | "in" => Test::In(literals(build, scope, path, value)?),
        "not" | "not_in" => Test::NotIn(literals(build, scope, path, value)?),
        "present" => Test::Present(value.text() == Some("true")),
        "at_least" | "at_most" | "under" | "over" => {
            needs(&[Leaf::Number], "a number")?;
            let number = build.number(value)?;
            match entry.key.as_str() {
                "at_least" => Test::AtLeast(number),
                "at_most" => Test::AtMost(number),
                "under" => Test::Under(number),
                _ => Test::Over(number),
            }
        }
        "before" => needs(dates, "a date").and_then(|()| operand(build, scope, value)).map(Test::Before)?,
        "after" => needs(dates, "a date").and_then(|()| operand(build, scope, value)).map(Test::After)?,
        "on_or_before" => {
            needs(dates, "a date").and_then(|()| operand(build, scope, value)).map(Test::OnOrBefore)?
        }
        "on_or_after" => {
            needs(dates, "a date").and_then(|()| operand(build, scope, value)).map(Test::OnOrAfter)?
        }
        "same_as" => Test::SameAs(build.path(scope, value)?),
        "matches" => {
            needs(&[Leaf::Text, Leaf::Code], "words")?;
            Test::Matches(pattern(build, value)?)
        }
        _ => return None,
    })
}

/// Compiles a pattern with the linear-time engine, within a size limit.
pub fn pattern(build: &Build<'_, '_>, written: &Written) -> Option<regex::Regex> {
    let text = written.text()?;
    let compiled = RegexBuilder::new(text).size_limit(1 << 20).build();
    if compiled.is_err() {
        let help = "look-around and back-references are not available; keep it short";
        build.problems.with_help(&written.span, "this pattern cannot be compiled", help);
    }
    compiled.ok()
}

fn literals(build: &Build<'_, '_>, scope: Scope, path: &Path, written: &Written) -> Option<Vec<Literal>> {
    let (texts, quoted): (Vec<String>, bool) = match &written.what {
        What::Text { text, .. } if text.starts_with('$') && !text.starts_with("$.") => {
            match &build.param(text, &written.span)?.value {
                Value::Words(words) => (words.clone(), false),
                Value::Number(number) => (vec![number.to_string()], false),
                other => {
                    build
                        .problems
                        .at(&written.span, format!("`{text}` is `{other}`, which a field cannot be"));
                    return None;
                }
            }
        }
        What::Text { text, quoted } => (vec![text.clone()], *quoted),
        What::List(items) => {
            (items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(), false)
        }
        _ => {
            build.problems.at(&written.span, "a value or a list of values is needed here");
            return None;
        }
    };
    texts.into_iter().map(|text| literal(build, scope, path, written, text, quoted)).collect()
}

fn literal(
    build: &Build<'_, '_>,
    scope: Scope,
    path: &Path,
    written: &Written,
    text: String,
    quoted: bool,
) -> Option<Literal> {
    match path.leaf {
        Leaf::Flag => match text.as_str() {
            "true" => Some(Literal::Flag(true)),
            "false" => Some(Literal::Flag(false)),
            _ => {
                build.problems.at(&written.span, format!("`{}` is `true` or `false`", path.words.text));
                None
            }
        },
        Leaf::Number if !quoted => match text.parse() {
            Ok(number) => Some(Literal::Number(number)),
            Err(_) => {
                build.problems.at(&written.span, format!("`{}` is a number", path.words.text));
                None
            }
        },
        Leaf::Part => {
            build.problems.at(&written.span, format!("`{}` is not a single value", path.words.text));
            None
        }
        Leaf::Code => {
            if let Some(Err(codes)) = build.shared.places.borrow().has_code(scope, path, &text) {
                let list = path.words.codes.clone().unwrap_or_default();
                build.problems.unknown(
                    &written.span,
                    &format!("code in `{list}`:"),
                    &text,
                    codes.iter().map(String::as_str),
                );
                return None;
            }
            Some(Literal::Text(text))
        }
        _ => Some(Literal::Text(text)),
    }
}
