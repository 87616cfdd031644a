//! The score of mutation, for a reader: by kind of change and by standard, as text, as a table of the documentation, as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use serde_json::json;

use crate::rules::Pack;
use crate::rules::mutation::Fate;
use crate::rules::mutation::Operator;
use crate::rules::mutation::Tried;

/// How many mutants met which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// A test failed.
    pub killed: usize,
    /// No test failed.
    pub survived: usize,
    /// Registered as the same as their rule; not counted in the score.
    pub equivalent: usize,
    /// Refused by the loader; not counted in the score.
    pub not_loaded: usize,
}

impl Fates {
    fn add(&mut self, fate: &Fate) {
        match fate {
            Fate::Killed(_) => self.killed += 1,
            Fate::Survived => self.survived += 1,
            Fate::Equivalent(_) => self.equivalent += 1,
            Fate::NotLoaded => self.not_loaded += 1,
        }
    }

    /// The share that some test caught, in whole per cent rounded down, so that 100 means all; nothing when there were none.
    pub fn score(&self) -> Option<usize> {
        (self.killed * 100).checked_div(self.killed + self.survived)
    }
}

/// The score of a run of mutation.
#[derive(Debug)]
pub struct MutationScore {
    /// By kind of change.
    pub operators: BTreeMap<Operator, Fates>,
    /// By standard, in the order of the pack.
    pub standards: Vec<(String, Fates)>,
    /// Limits by standard, in the same order.
    pub limits: Vec<(String, Fates)>,
    /// Of all.
    pub all: Fates,
}

impl MutationScore {
    /// Counts what became of the mutants of a pack.
    pub fn of(pack: &Pack, tried: &[Tried]) -> Self {
        let (mut operators, mut all) = (BTreeMap::<Operator, Fates>::new(), Fates::default());
        let mut by_standard: BTreeMap<&str, (Fates, Fates)> = BTreeMap::new();
        for one in tried {
            let standard = pack.rules.get(one.rule).map_or("", |rule| rule.facts.standard.as_str());
            let (fates, limits) = by_standard.entry(standard).or_default();
            fates.add(&one.fate);
            if one.mutant.operator == Operator::Limit {
                limits.add(&one.fate);
            }
            operators.entry(one.mutant.operator).or_default().add(&one.fate);
            all.add(&one.fate);
        }
        let in_order = |pick: fn(&(Fates, Fates)) -> Fates| {
            let named = pack.standards.iter().filter_map(|standard| {
                by_standard.get(standard.id.as_str()).map(|both| (standard.id.clone(), pick(both)))
            });
            named.collect()
        };
        Self { operators, standards: in_order(|both| both.0), limits: in_order(|both| both.1), all }
    }

    /// Two tables for a terminal.
    pub fn as_text(&self) -> String {
        let head = ["killed", "survived", "equivalent", "not loaded", "score"];
        let [killed, survived, equivalent, not_loaded, score] = head;
        let mut text =
            format!("{:<24}{killed:>8}{survived:>10}{equivalent:>12}{not_loaded:>12}{score:>8}\n", "");
        let mut line = |name: &str, fates: &Fates| {
            let score = fates.score().map_or_else(|| "-".to_owned(), |score| format!("{score} %"));
            let _ = writeln!(
                text,
                "{name:<24}{:>8}{:>10}{:>12}{:>12}{score:>8}",
                fates.killed, fates.survived, fates.equivalent, fates.not_loaded
            );
        };
        self.operators.iter().for_each(|(operator, fates)| line(operator.word(), fates));
        self.standards.iter().for_each(|(standard, fates)| line(standard, fates));
        line("all", &self.all);
        text
    }

    /// The tables of the documentation, in whole per cent.
    pub fn as_markdown(&self) -> String {
        let share = |fates: &Fates| fates.score().map_or_else(|| "–".to_owned(), |score| score.to_string());
        let mut text = "| change | what becomes what | caught, % |\n|---|---|---|\n".to_owned();
        for (operator, fates) in &self.operators {
            let _ = writeln!(text, "| {} | {} | {} |", operator.word(), operator.about(), share(fates));
        }
        let _ = write!(text, "| all | | {} |\n\n", share(&self.all));
        text.push_str("| standard | limits, % | all changes, % |\n|---|---|---|\n");
        for ((standard, all), (_, limits)) in self.standards.iter().zip(&self.limits) {
            let _ = writeln!(text, "| {standard} | {} | {} |", share(limits), share(all));
        }
        text
    }

    /// For machines.
    pub fn as_json(&self) -> Value {
        let one = |fates: &Fates| {
            json!({ "killed": fates.killed, "survived": fates.survived, "equivalent": fates.equivalent,
                    "not_loaded": fates.not_loaded, "score": fates.score() })
        };
        let operators: serde_json::Map<String, Value> =
            self.operators.iter().map(|(operator, fates)| (operator.word().to_owned(), one(fates))).collect();
        let standards: serde_json::Map<String, Value> =
            self.standards.iter().map(|(standard, fates)| (standard.clone(), one(fates))).collect();
        json!({ "operators": operators, "standards": standards, "all": one(&self.all) })
    }
}
