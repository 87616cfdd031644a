//! What a rule says to people: one line for each outcome, at most 90 characters, starting with a verb.

use std::collections::BTreeMap;

use crate::form::Problems;
use crate::form::What;
use crate::form::Written;
use crate::model::Day;
use crate::model::Outcome;
use crate::model::OutcomeSet;
use crate::rules::judgement::Arg;
use crate::rules::texts::WordList;

/// The gaps that any rule may leave in a line.
const COMMON_GAPS: &[&str] = &["as_at"];

/// The gaps of rules with a clock.
const CLOCK_GAPS: &[&str] = &["started_on", "due_on", "done_on", "days_over", "days_left", "unit", "limit"];

/// The longest line, in characters, with its gaps filled.
const LONGEST: usize = 90;

/// A line with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Gap(String),
}

/// The lines of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Say {
    lines: BTreeMap<Outcome, Line>,
}

impl Say {
    /// Reads and checks the lines: outcomes that the rule can give, gaps that its kind fills, length, a verb first.
    pub fn read(
        written: Option<&Written>,
        outcomes: OutcomeSet,
        gaps: &[&'static str],
        clock: bool,
        verbs: &WordList,
        problems: &Problems,
    ) -> Self {
        let mut say = Self::default();
        let Some(written) = written else { return say };
        let What::Map(entries) = &written.what else {
            problems.at(&written.span, "`say` is a mapping from an outcome to a line");
            return say;
        };
        let mut known: Vec<&str> = [COMMON_GAPS, gaps].concat();
        if clock {
            known.extend_from_slice(CLOCK_GAPS);
        }
        for entry in entries {
            let Some(outcome) = Outcome::from_word(&entry.key).filter(|outcome| outcomes.contains(*outcome))
            else {
                let words: Vec<&str> = outcomes.iter().map(Outcome::word).collect();
                problems.unknown(&entry.key_span, "outcome of this rule:", &entry.key, words.iter().copied());
                continue;
            };
            let Some(text) = entry.value.text() else {
                problems.at(&entry.value.span, "a line of text is needed here");
                continue;
            };
            check_words(text, &entry.value, verbs, problems);
            let line = Line::parse(text);
            for gap in line.gaps().filter(|gap| !known.contains(gap)) {
                problems.unknown(&entry.value.span, "value for the gap", gap, known.iter().copied());
            }
            say.lines.insert(outcome, line);
        }
        for outcome in outcomes.iter().filter(|outcome| {
            matches!(outcome, Outcome::MetLate | Outcome::NotYetDue | Outcome::Overdue | Outcome::Breached)
        }) {
            if !say.lines.contains_key(&outcome) {
                problems.with_help(
                    &written.span,
                    format!("`say` has no line for `{outcome}`"),
                    "the rule can give that outcome",
                );
            }
        }
        say
    }

    /// Checks the words of lines whose rule could not be made: length, a verb first.
    pub fn look_over(written: Option<&Written>, verbs: &WordList, problems: &Problems) {
        let Some(Written { what: What::Map(entries), .. }) = written else { return };
        for value in entries.iter().map(|entry| &entry.value) {
            if let Some(text) = value.text() {
                check_words(text, value, verbs, problems);
            }
        }
    }

    /// The line for an outcome with its gaps filled; one of ours where the rule has none.
    pub fn render(&self, outcome: Outcome, args: &[(&'static str, Arg)]) -> String {
        match self.lines.get(&outcome) {
            Some(line) => line.render(args),
            None => match outcome {
                Outcome::CannotTell => "Record what is missing so that this can be judged".to_owned(),
                Outcome::RuleError => {
                    "Tell whoever runs this service: the rule could not be evaluated".to_owned()
                }
                other => format!("See the rule: {other}"),
            },
        }
    }

    /// The lines as written, by outcome.
    pub fn written(&self) -> impl Iterator<Item = (Outcome, String)> + '_ {
        self.lines.iter().map(|(outcome, line)| (*outcome, line.written()))
    }
}

fn check_words(text: &str, place: &Written, verbs: &WordList, problems: &Problems) {
    let filled: usize = Line::parse(text).0.iter().map(Piece::width).sum();
    if filled > LONGEST {
        let message =
            format!("this line is {filled} characters long with its gaps filled; the most is {LONGEST}");
        problems.with_help(&place.span, message, "people read it beside the box on the form");
    }
    let first = text.split_whitespace().next().unwrap_or("").trim_end_matches([',', ':']);
    if !verbs.is_whole(first) {
        let help = "say what to do; if the verb is missing from words/verbs.txt, add it there";
        problems.with_help(
            &place.span,
            format!("a line starts with a verb, and `{first}` is not in the list"),
            help,
        );
    }
    if text.to_lowercase().contains("invalid") {
        problems.with_help(&place.span, "a line never says `invalid`", "say what would be right");
    }
}

impl Line {
    fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((words, tail)) = rest.split_once('{') {
            let Some((gap, after)) = tail.split_once('}') else { break };
            pieces.push(Piece::Words(words.to_owned()));
            pieces.push(Piece::Gap(gap.trim().to_owned()));
            rest = after;
        }
        pieces.push(Piece::Words(rest.to_owned()));
        Self(pieces)
    }

    fn gaps(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Gap(name) => Some(name.as_str()),
            Piece::Words(_) => None,
        })
    }

    fn written(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Gap(name) => format!("{{{name}}}"),
            })
            .collect()
    }

    fn render(&self, args: &[(&'static str, Arg)]) -> String {
        let mut text = String::with_capacity(96);
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Gap(name) => match args.iter().find(|(arg, _)| arg == name) {
                    Some((_, Arg::Day(day))) => text.push_str(&plain_date(*day)),
                    Some((_, Arg::Number(number))) => text.push_str(&number.to_string()),
                    Some((_, Arg::Words(words))) => text.push_str(words),
                    None => text.push_str("(not known)"),
                },
            }
        }
        text
    }
}

impl Piece {
    /// How wide it is when filled: a date has 11 characters, a count three, a limit or unit fifteen.
    fn width(&self) -> usize {
        match self {
            Self::Words(words) => words.chars().count(),
            Self::Gap(gap) if gap.ends_with("_on") || gap == "as_at" => 11,
            Self::Gap(gap) if gap == "unit" || gap == "limit" => 15,
            Self::Gap(_) => 3,
        }
    }
}

/// A day as people write it: `22 Apr 2026`.
pub fn plain_date(day: Day) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, date) = day.ymd();
    let month = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)))
        .copied()
        .unwrap_or("");
    format!("{date} {month} {year}")
}
