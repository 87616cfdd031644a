//! Conditions: what `where`, `when`, `unless` and `needs` ask of an item. Three-valued: a missing value is unknown, never a silent no.
//!
//! `write_condition` makes them from what was written; kinds and timelines ask them.

use regex::Regex;

use crate::model::Day;
use crate::model::Node;
use crate::model::is_same_text;
use crate::rules::facts::Env;
use crate::rules::facts::Facts;
use crate::rules::facts::Spot;
use crate::rules::facts::moment_of;
use crate::rules::listed::Seen;
use crate::rules::listed::is_recorded;
use crate::rules::operand::Operand;
use crate::rules::plan::ListId;
use crate::rules::plan::Path;
use crate::rules::same::same;
use crate::rules::texts::TextTest;
use crate::rules::timeline::EventId;
use crate::rules::timeline::PeriodId;
use crate::rules::tri::Tri;

/// A question about an item.
#[derive(Debug)]
pub enum Condition {
    /// All of these; true when there are none.
    All(Vec<Condition>),
    /// Any of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// Tests of a field, all of which must hold.
    Field(Path, Vec<Test>),
    /// The child's age in whole years, on a day, at least and under.
    Age(Box<AgeTest>),
    /// Some item of a list meets a condition; only items that hang on the same item of `within` as the one at hand.
    Some {
        /// The list.
        list: ListId,
        /// The list whose item both must share; the record for any.
        within: ListId,
        /// The condition.
        part: Box<Condition>,
        /// Whether it sees nothing of what is judged but through the item at hand.
        is_alone: bool,
    },
    /// Some event took place, between two days if given.
    Happened(EventId, Box<Between>),
    /// A day lies inside some stretch of a period.
    During(PeriodId, Operand),
}

/// The days between which an event is looked for, both in.
#[derive(Debug, Default)]
pub struct Between {
    /// From this day.
    pub from: Option<Operand>,
    /// To this day.
    pub to: Option<Operand>,
}

/// The child's age on a day.
#[derive(Debug)]
pub struct AgeTest {
    /// The date of birth.
    pub born: Path,
    /// The day.
    pub on: Operand,
    /// At least this many whole years.
    pub at_least: Option<i32>,
    /// Under this many.
    pub under: Option<i32>,
}

/// One test of a field.
#[derive(Debug)]
pub enum Test {
    /// Is one of these.
    In(Vec<Literal>),
    /// Is not recorded as one of these.
    NotIn(Vec<Literal>),
    /// Is recorded (or is not): not blank, and not an empty list.
    Present(bool),
    /// A number at least this.
    AtLeast(f64),
    /// A number at most this.
    AtMost(f64),
    /// A number under this.
    Under(f64),
    /// A number over this.
    Over(f64),
    /// A date before this.
    Before(Operand),
    /// A date after this.
    After(Operand),
    /// A date on or before this.
    OnOrBefore(Operand),
    /// A date on or after this.
    OnOrAfter(Operand),
    /// The same as another field, letter case and white space aside.
    SameAs(Path),
    /// Text that matches a pattern.
    Matches(Regex),
    /// Text that passes a test of its words.
    Words(Box<TextTest>),
}

/// A value written in a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Words or a code.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
}

impl Literal {
    /// Whether a value is this one.
    pub(super) fn is(&self, node: &Node<'_>) -> bool {
        match self {
            Self::Text(text) => {
                node.as_str().is_some_and(|own| is_same_text(own.as_bytes(), text.as_bytes()))
            }
            Self::Flag(flag) => matches!(node, Node::Bool(value) if value == flag),
            Self::Number(number) => {
                node.as_number().is_some_and(|value| (value - number).abs() < f64::EPSILON)
            }
        }
    }
}

/// What a condition is asked with: where it stands, when what is judged began, and the spots that left it open.
pub struct Asking<'f, 'p, 'r> {
    /// The record.
    pub facts: &'f Facts<'p, 'r>,
    /// The first day of what is judged, for `age_at_start` and `start`.
    pub start: Option<Day>,
    /// The spots whose values were missing or unreadable.
    pub missing: Vec<Spot<'p>>,
    /// Whether those are left unnoted, because only the answer is wanted.
    quiet: bool,
}

impl<'f, 'p, 'r> Asking<'f, 'p, 'r> {
    /// Nothing asked yet.
    pub const fn new(facts: &'f Facts<'p, 'r>, start: Option<Day>) -> Self {
        Self { facts, start, missing: Vec::new(), quiet: false }
    }

    /// The same, for whoever does not want to know what left an answer open.
    pub const fn quiet(facts: &'f Facts<'p, 'r>, start: Option<Day>) -> Self {
        Self { facts, start, missing: Vec::new(), quiet: true }
    }

    /// Whether a condition holds, or what left that open. Most answers are plain, so what is missing is noted on a second asking only.
    pub fn decide(
        facts: &'f Facts<'p, 'r>,
        start: Option<Day>,
        condition: &'p Condition,
        env: Env,
    ) -> Result<bool, Self> {
        match Self::quiet(facts, start).ask(condition, env) {
            Tri::True => Ok(true),
            Tri::False => Ok(false),
            Tri::Unknown => {
                let mut asking = Self::new(facts, start);
                asking.ask(condition, env);
                Err(asking)
            }
        }
    }

    /// Asks a condition of an item.
    pub fn ask(&mut self, condition: &'p Condition, env: Env) -> Tri {
        match condition {
            Condition::All(parts) => {
                let mut result = Tri::True;
                for part in parts {
                    result = result.and(self.ask(part, env));
                    if result == Tri::False {
                        break;
                    }
                }
                result
            }
            Condition::Any(parts) => {
                let mut result = Tri::False;
                for part in parts {
                    result = result.or(self.ask(part, env));
                    if result == Tri::True {
                        break;
                    }
                }
                result
            }
            Condition::Not(part) => self.ask(part, env).negate(),
            Condition::Field(path, tests) => {
                let seen = self.facts.field(env, path);
                let mut result = Tri::True;
                for test in tests {
                    result = result.and(self.test(test, path, seen, env));
                    if result == Tri::False {
                        break;
                    }
                }
                result
            }
            Condition::Age(test) => self.age(test, env),
            Condition::Some { list, within, part, .. } => self.some(*list, *within, part, env),
            Condition::Happened(event, between) => self.happened(*event, between, env),
            Condition::During(period, on) => self.during(*period, on, env),
        }
    }

    /// Notes a field whose value is missing or unreadable.
    pub fn lacks(&mut self, path: &'p Path, env: Env) -> Tri {
        if !self.quiet {
            self.missing.push(self.facts.spot(env, path));
        }
        Tri::Unknown
    }

    /// Notes an item, or with `u32::MAX` a list, of which something is missing.
    fn lacks_in(&mut self, list: ListId, item: u32) -> Tri {
        if !self.quiet {
            self.missing.push(Spot { list, item, path: None });
        }
        Tri::Unknown
    }

    /// Asks a test of what was seen in a field.
    pub(super) fn test(&mut self, test: &'p Test, path: &'p Path, seen: Seen<'r>, env: Env) -> Tri {
        match (test, seen) {
            (Test::Present(wanted), _) => Tri::of(is_present(seen) == *wanted),
            (Test::NotIn(values), Seen::Value(node)) => Tri::of(!values.iter().any(|value| value.is(node))),
            (Test::NotIn(_), _) => Tri::True,
            (Test::Words(words), Seen::Blank) => Tri::of(words.accepts("")),
            (_, Seen::NotRecorded | Seen::Blank) => self.lacks(path, env),
            (Test::In(values), Seen::Value(node)) => Tri::of(values.iter().any(|value| value.is(node))),
            (Test::AtLeast(limit), Seen::Value(node)) => {
                self.number(node, path, env, |value| value >= *limit)
            }
            (Test::AtMost(limit), Seen::Value(node)) => self.number(node, path, env, |value| value <= *limit),
            (Test::Under(limit), Seen::Value(node)) => self.number(node, path, env, |value| value < *limit),
            (Test::Over(limit), Seen::Value(node)) => self.number(node, path, env, |value| value > *limit),
            (Test::Before(other), Seen::Value(node)) => {
                self.compare((path, node), other, env, |day, limit| day < limit)
            }
            (Test::After(other), Seen::Value(node)) => {
                self.compare((path, node), other, env, |day, limit| day > limit)
            }
            (Test::OnOrBefore(other), Seen::Value(node)) => {
                self.compare((path, node), other, env, |day, limit| day <= limit)
            }
            (Test::OnOrAfter(other), Seen::Value(node)) => {
                self.compare((path, node), other, env, |day, limit| day >= limit)
            }
            (Test::SameAs(other), Seen::Value(node)) => match (node, self.facts.field(env, other)) {
                (_, Seen::NotRecorded | Seen::Blank) => self.lacks(other, env),
                (left, Seen::Value(right)) => Tri::of(same(left, right)),
            },
            (Test::Matches(pattern), Seen::Value(node)) => match node.as_str() {
                Some(text) => Tri::of(pattern.is_match(text)),
                None => self.lacks(path, env),
            },
            (Test::Words(words), Seen::Value(node)) => match node.as_str() {
                Some(text) => Tri::of(words.accepts(text)),
                None => self.lacks(path, env),
            },
        }
    }

    fn number(&mut self, node: &Node<'_>, path: &'p Path, env: Env, holds: impl Fn(f64) -> bool) -> Tri {
        match node.as_number() {
            Some(value) => Tri::of(holds(value)),
            None => self.lacks(path, env),
        }
    }

    fn compare(
        &mut self,
        (path, node): (&'p Path, &Node<'_>),
        other: &'p Operand,
        env: Env,
        holds: fn(Day, Day) -> bool,
    ) -> Tri {
        let Ok(mine) = moment_of(node) else { return self.lacks(path, env) };
        match self.operand(other, env) {
            Some(limit) => Tri::of(holds(mine.day, limit)),
            None => Tri::Unknown,
        }
    }

    fn age(&mut self, test: &'p AgeTest, env: Env) -> Tri {
        let Some(on) = self.operand(&test.on, env) else { return Tri::Unknown };
        let child = Env::of(ListId::RECORD, 0);
        let Ok(Some(born)) = self.facts.moment(child, &test.born) else {
            return self.lacks(&test.born, child);
        };
        let age = on.age_since(born.day);
        Tri::of(test.at_least.is_none_or(|least| age >= least) && test.under.is_none_or(|under| age < under))
    }

    fn some(&mut self, list: ListId, within: ListId, part: &'p Condition, env: Env) -> Tri {
        let mark = self.missing.len();
        if self.facts.section_is_missing(list) {
            return self.lacks_in(list, u32::MAX);
        }
        if self.quiet {
            return self.some_quietly(list, within, part, env);
        }
        let mut result = Tri::False;
        let mine = self.facts.holder(env.list, env.item, within);
        for (index, _) in (0_u32..).zip(self.facts.items(list)) {
            if self.facts.holder(list, index, within) == mine {
                result = result.or(self.ask(part, env.at(list, index)));
            }
            if result == Tri::True {
                self.missing.truncate(mark);
                break;
            }
        }
        result
    }

    fn happened(&mut self, event: EventId, between: &'p Between, env: Env) -> Tri {
        let from = match &between.from {
            Some(operand) => match self.operand(operand, env) {
                Some(day) => day,
                None => return Tri::Unknown,
            },
            None => Day::FIRST,
        };
        let to = match &between.to {
            Some(operand) => match self.operand(operand, env) {
                Some(day) => day,
                None => return Tri::Unknown,
            },
            None => self.facts.as_at,
        };
        let happened = self.facts.happened(event);
        if happened.between(from, to.min(self.facts.as_at)).next().is_some() {
            return Tri::True;
        }
        let undated = happened.undated.first();
        if let Some(undated) = undated {
            return self.lacks_in(undated.list, undated.item);
        }
        match happened.missing_section {
            Some(list) => self.lacks_in(list, u32::MAX),
            None => Tri::False,
        }
    }

    fn during(&mut self, period: PeriodId, on: &'p Operand, env: Env) -> Tri {
        let Some(day) = self.operand(on, env) else { return Tri::Unknown };
        let stretches = self.facts.stretches(period);
        if stretches.all.iter().any(|stretch| stretch.from <= day && stretch.to.is_none_or(|to| day <= to)) {
            return Tri::True;
        }
        let list = self.facts.timelines.list_of(period).unwrap_or(ListId::RECORD);
        if let Some(list) = stretches.missing_section {
            return self.lacks_in(list, u32::MAX);
        }
        match stretches.undated.first() {
            Some(item) => self.lacks_in(list, *item),
            None => Tri::False,
        }
    }
}

/// Whether something is recorded: not blank, and not an empty list.
pub fn is_present(seen: Seen<'_>) -> bool {
    matches!(seen, Seen::Value(node) if is_recorded(node))
}
