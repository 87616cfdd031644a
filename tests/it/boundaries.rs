//! Every clock of the shipped rules at its edge: the day before it is due, the day, the day after, from starts that fall on awkward days.
//!
//! The cases are made of the rules' own tests: all dates of a record are moved together until the clock starts on the wanted day. When it
//! is due is counted here, day by day, without the program's calendar.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use bumpalo::Bump;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::form;
use casecheck::form::Written;
use casecheck::intake;
use casecheck::model::Day;
use casecheck::model::Outcome;
use casecheck::rules::Arg;
use casecheck::rules::Rule;
use chrono::Datelike as _;
use chrono::Days;
use chrono::NaiveDate;
use serde_json::Value;

use crate::lab;
use crate::shipped;

/// Days on which clocks are made to start. The leap day has a second year, for rules that did not yet hold on the first.
const STARTS: [(&str, &[&str]); 8] = [
    ("an ordinary day", &["2026-06-10"]),
    ("before Easter", &["2026-04-02"]),
    ("before Christmas", &["2025-12-23"]),
    ("the last of a long month", &["2025-08-31"]),
    ("the last of January", &["2026-01-31"]),
    ("the leap day", &["2024-02-29", "2028-02-29"]),
    ("before the clocks go forward", &["2026-03-28"]),
    ("before the clocks go back", &["2025-10-25"]),
];

/// The keys under which a rule says how long its clock runs.
const LIMITS: [&str; 5] = ["within", "at_least_before", "every", "first_within", "no_more_than"];

/// Clocks that start with a birthday that nobody has on a leap day: who is born on one has the birthday of 3, 17, 18 or 21 years on another.
const NEVER_ON_A_LEAP_DAY: [&str; 6] = ["CLV-002", "CLV-012b", "CLV-013", "PATH-016", "PEP-009", "UAS-001b"];

static HOLIDAYS: LazyLock<BTreeSet<NaiveDate>> = LazyLock::new(|| {
    let files = Files::embedded();
    let file = files.under("rules/calendars/", ".yaml").next().unwrap();
    let days = file.text.lines().filter_map(|line| line.trim().strip_prefix("- { date: "));
    days.map(|rest| date(rest.get(..10).unwrap())).collect()
});

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn naive(day: Day) -> NaiveDate {
    date(&day.to_string())
}

fn ours(date: NaiveDate) -> Day {
    lab::day(&date.to_string())
}

fn works(day: NaiveDate) -> bool {
    day.weekday().number_from_monday() < 6 && !HOLIDAYS.contains(&day)
}

/// The day a limit ends, counted one day at a time. Where no term dates are known, a term is four months and a school day a working day;
/// hours of a day without a time of day are counted in whole days.
fn ends(start: NaiveDate, limit: &str, back: bool) -> NaiveDate {
    let (count, unit) = limit.split_once(' ').unwrap();
    let count: u64 = count.parse().unwrap();
    let step = |day: NaiveDate| if back { day.pred_opt().unwrap() } else { day.succ_opt().unwrap() };
    let days = |count: u64| (0..count).fold(start, |day, _| step(day));
    match unit.trim_end_matches('s') {
        "day" => days(count),
        "week" => days(count * 7),
        "hour" => days(count.div_ceil(24)),
        "working day" | "school day" => (0..count).fold(start, |day, _| {
            let mut next = step(day);
            while !works(next) {
                next = step(next);
            }
            next
        }),
        "month" => months(start, count, back),
        "year" => months(start, count * 12, back),
        "school term" => months(start, count * 4, back),
        other => panic!("{other}"),
    }
}

/// So many months on or back: the same day of that month, or its last.
fn months(start: NaiveDate, count: u64, back: bool) -> NaiveDate {
    let (mut year, mut month) = (start.year(), start.month());
    for _ in 0..count {
        (year, month) = match (back, month) {
            (true, 1) => (year - 1, 12),
            (true, _) => (year, month - 1),
            (false, 12) => (year + 1, 1),
            (false, _) => (year, month + 1),
        };
    }
    (28..=start.day())
        .rev()
        .chain([start.day()])
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .unwrap()
}

/// Moves every date of a record by so many days.
fn moved(value: &Value, days: i64) -> Value {
    match value {
        Value::String(text) => {
            let parts = text.split_at_checked(10);
            let day =
                parts.and_then(|(day, rest)| Some((NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?, rest)));
            Value::from(
                day.map_or_else(|| text.clone(), |(day, rest)| format!("{}{rest}", day_plus(day, days))),
            )
        }
        Value::Array(items) => items.iter().map(|item| moved(item, days)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), moved(member, days))).collect()
        }
        other => other.clone(),
    }
}

fn day_plus(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { day - by } else { day + by }
}

/// What a clock said.
#[derive(Clone, Debug)]
struct Said {
    rule: String,
    subject: String,
    outcome: Outcome,
    started: Option<NaiveDate>,
    due: Option<NaiveDate>,
    done: Option<NaiveDate>,
    limit: String,
    /// The pointer to the item in which it was done.
    done_in: Option<String>,
}

/// A record on a day.
#[derive(Clone, Debug)]
struct Case {
    record: Value,
    as_at: NaiveDate,
}

impl Case {
    fn moved(&self, days: i64) -> Self {
        Self { record: moved(&self.record, days), as_at: day_plus(self.as_at, days) }
    }

    /// What a rule, and the duty that follows when it is missed, say of it.
    fn ask(&self, catalog: &Catalog, at: usize) -> Vec<Said> {
        let bytes = serde_json::to_vec(&self.record).unwrap();
        let arena = Bump::new();
        let root = intake::parse(&bytes, &arena).unwrap();
        let facts = catalog.pack.facts(root, ours(self.as_at), true);
        let mut said = Vec::new();
        catalog.pack.ask(at, &facts, |judged| {
            let judgement = &judged.judgement;
            let timing = judgement.timing();
            let limit = judgement.details().args.iter().find(|(name, _)| *name == "limit");
            let done_in = judgement.details().evidence.iter().find(|trace| trace.role == "done");
            said.push(Said {
                rule: judged.rule().id.clone(),
                subject: facts.pointer(judgement.subject.list, judgement.subject.item).to_string(),
                outcome: judgement.outcome,
                started: timing.and_then(|timing| timing.started_on).map(naive),
                due: timing.and_then(|timing| timing.due_on).map(naive),
                done: timing.and_then(|timing| timing.done_on).map(naive),
                limit: match limit {
                    Some((_, Arg::Words(words))) => words.clone(),
                    _ => String::new(),
                },
                done_in: done_in.map(|trace| facts.spot_pointer(&trace.spot).to_string()),
            });
        });
        said
    }
}

/// One clock of a rule: its own, or that of the duty that follows when it is missed.
struct Clock<'c> {
    catalog: &'c Catalog,
    at: usize,
    id: String,
    limits: BTreeSet<String>,
    counts_back: bool,
    beginning_with: bool,
    is_gap: bool,
}

impl<'c> Clock<'c> {
    fn all(catalog: &'c Catalog) -> Vec<Self> {
        let mut clocks = Vec::new();
        for (at, rule) in catalog.pack.rules.iter().enumerate() {
            if rule.check.has_clock() {
                let tree = form::read(&rule.file).unwrap();
                let check = &tree.entry("check").unwrap().value;
                let kind = &check.entry(rule.check.key()).unwrap().value;
                clocks.push(Self::of(catalog, at, rule, &rule.facts.id, kind));
                if let (Some(missed), Some(written)) = (&rule.missed, tree.entry("if_missed")) {
                    let kind = &written.value.entry("deadline").unwrap().value;
                    clocks.push(Self::of(catalog, at, rule, &missed.facts.id, kind));
                }
            }
        }
        clocks
    }

    fn of(catalog: &'c Catalog, at: usize, rule: &Rule, id: &str, kind: &Written) -> Self {
        let limits = LIMITS.iter().filter_map(|key| kind.entry(key)?.value.text()).map(|text| {
            match text.strip_prefix('$') {
                Some(name) => {
                    let tree = form::read(&rule.file).unwrap();
                    let params = &tree.entry("params").unwrap().value;
                    let default = &params.entry(name).unwrap().value.entry("default").unwrap().value;
                    default.text().unwrap().to_owned()
                }
                None => text.to_owned(),
            }
        });
        Self {
            catalog,
            at,
            id: id.to_owned(),
            limits: limits.collect(),
            counts_back: kind.entry("at_least_before").is_some(),
            beginning_with: kind
                .entry("beginning_with")
                .is_some_and(|entry| entry.value.text() == Some("true")),
            is_gap: kind.entry("no_more_than").is_some(),
        }
    }

    fn ask(&self, case: &Case) -> Vec<Said> {
        let mut said = case.ask(self.catalog, self.at);
        said.retain(|said| said.rule == self.id);
        said
    }

    /// Whether a result shows a clock that these cases can be made of: one that runs, or for a clock that counts back one that has ended.
    fn serves(&self, said: &Said) -> bool {
        let wanted: &[Outcome] = match (self.counts_back, self.is_gap) {
            (true, _) => &[Outcome::Met, Outcome::MetLate],
            (_, true) => &[Outcome::Overdue],
            _ => &[Outcome::NotYetDue, Outcome::Overdue],
        };
        said.started.is_some() && wanted.contains(&said.outcome)
    }

    /// The case moved until the clock of that subject starts on a day; nothing if it cannot be.
    fn landed(&self, case: &Case, subject: &str, start: NaiveDate) -> Option<(Case, Said)> {
        let mut case = case.clone();
        for _ in 0..6 {
            let said = self.ask(&case);
            let mine = said.iter().filter(|said| said.subject == subject && self.serves(said));
            let mine = mine.max_by_key(|said| said.started)?.clone();
            let days = start.signed_duration_since(mine.started?).num_days();
            if days == 0 {
                return Some((case, mine));
            }
            case = case.moved(days);
        }
        None
    }

    /// The day on which the clock ends, by the oracle.
    fn due(&self, said: &Said) -> Result<NaiveDate, String> {
        if !self.limits.iter().any(|limit| same(limit, &said.limit)) {
            return Err(format!("the clock runs {} and the rule says {:?}", said.limit, self.limits));
        }
        let due = ends(said.started.unwrap(), &said.limit, self.counts_back);
        Ok(if self.beginning_with { due.pred_opt().unwrap() } else { due })
    }

    /// Judges a landed case around its due day; says how many days were judged, or what was wrong.
    fn judge(&self, case: &Case, landed: &Said) -> Result<usize, String> {
        let due = self.due(landed)?;
        let days = [due.pred_opt().unwrap(), due, due.succ_opt().unwrap()];
        let expected = match (self.counts_back, self.is_gap) {
            (true, _) => [Outcome::Met, Outcome::Met, Outcome::MetLate],
            (_, true) => [Outcome::Met, Outcome::Met, Outcome::Overdue],
            _ => [Outcome::NotYetDue, Outcome::NotYetDue, Outcome::Overdue],
        };
        let mut judged = 0;
        for (day, outcome) in days.into_iter().zip(expected) {
            let Some(case) = self.on(case, landed, day) else { continue };
            let said = self.ask(&case);
            let fits = said.iter().any(|said| {
                said.subject == landed.subject
                    && said.outcome == outcome
                    && (self.is_gap && outcome == Outcome::Met
                        || (said.started, said.due) == (landed.started, Some(due)))
            });
            if !fits {
                return Err(format!("on {day} expected {outcome}, due {due}, but: {said:?}"));
            }
            judged += 1;
        }
        Ok(judged)
    }

    /// The case as at a day, or with what must be done done on that day.
    fn on(&self, case: &Case, landed: &Said, day: NaiveDate) -> Option<Case> {
        let start = landed.started?;
        if !self.counts_back {
            return (day >= start).then(|| Case { as_at: day, ..case.clone() });
        }
        let mut case = case.clone();
        let item = case.record.pointer_mut(landed.done_in.as_ref()?)?;
        let (from, to) = (landed.done?.to_string(), day.to_string());
        *item = serde_json::from_str(&item.to_string().replace(&from, &to)).ok()?;
        case.as_at = start.max(day) + Days::new(3);
        Some(case)
    }
}

/// Whether two limits are the same but for the plural.
fn same(left: &str, right: &str) -> bool {
    left.trim_end_matches('s') == right.trim_end_matches('s')
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was judged is said to whoever asks for it")]
fn every_clock_is_judged_the_day_before_it_is_due_on_the_day_and_the_day_after() {
    let catalog = shipped::catalog(None);
    let clocks = Clock::all(&catalog);
    let (mut days, mut wrong) = (0, BTreeMap::new());
    for clock in &clocks {
        let rule = &catalog.pack.rules[clock.at];
        for (name, starts) in STARTS {
            let mut complaints = Vec::new();
            let judged = rule.trials().iter().find_map(|trial| {
                // A silence is moved with days to spare, as months differ in length.
                let spare = if clock.is_gap { 10 } else { 0 };
                let case = Case { record: trial.given(), as_at: day_plus(naive(trial.as_at), spare) };
                let said = clock.ask(&case);
                let serving = said.iter().filter(|said| clock.serves(said));
                serving.flat_map(|said| starts.iter().map(move |start| (said, start))).find_map(
                    |(said, start)| {
                        let (case, landed) = clock.landed(&case, &said.subject, date(start))?;
                        clock.judge(&case, &landed).map_err(|complaint| complaints.push(complaint)).ok()
                    },
                )
            });
            match judged {
                Some(judged) => days += judged,
                None => {
                    complaints.truncate(2);
                    wrong.insert((clock.id.clone(), name), complaints);
                }
            }
        }
    }
    println!("{} clocks of {} starts each: {days} days judged", clocks.len(), STARTS.len());
    for id in NEVER_ON_A_LEAP_DAY {
        let found = wrong.remove(&(id.to_owned(), "the leap day"));
        assert_eq!(found, Some(Vec::new()), "{id} can start on a leap day after all");
    }
    let lines: Vec<String> =
        wrong.iter().map(|((id, name), why)| format!("{id} from {name}: {}", why.join(" | "))).collect();
    assert!(lines.is_empty(), "{} of {days}\n{}", lines.len(), lines.join("\n"));
    assert!(days > clocks.len() * STARTS.len() * 2, "{days}");
}
