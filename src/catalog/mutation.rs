//! Mutation over a catalog: which rules, and the mutants that are known to be the same as their rule, each with its reason.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::field;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::rules::Rule;
use crate::rules::mutation;
use crate::rules::mutation::Fate;
use crate::rules::mutation::Tried;

/// The file that names mutants that are the same as their rule.
const EQUIVALENT_FILE: &str = "rules/mutation/equivalent.yaml";

static EQUIVALENTS: Form = Form {
    name: "the register of equivalent mutants",
    about: "Changes of a rule after which it says the same of every record that there can be.",
    fields: &[field!(needed "equivalent", Takes::Many(&Takes::Form(&EQUIVALENT)), "The mutants.")],
};

static EQUIVALENT: Form = Form {
    name: "an equivalent mutant",
    about: "A change after which the rule says the same of every record that there can be.",
    fields: &[
        field!(needed "rule", Takes::Text, "The rule's id."),
        field!(needed "place", Takes::Text, "Where the change is, as `rules mutate` says it."),
        field!(needed "change", Takes::Text, "What becomes what, as `rules mutate` says it."),
        field!(needed "why", Takes::Text, "Why no record can tell the two apart."),
    ],
};

impl Catalog {
    /// Tries every mutant of the rules that are chosen, on so many threads. An error says which tests of the rules as they are do not hold,
    /// or which entries of the register of equivalent mutants are wrong.
    pub fn mutate(&self, chosen: impl Fn(&Rule) -> bool, threads: usize) -> Result<Vec<Tried>, Vec<Problem>> {
        let Some(files) = self.pack_files() else { return Ok(Vec::new()) };
        let (_, problems) = self.pack.try_out(&self.schema);
        if !problems.is_empty() {
            return Err(problems);
        }
        let rules = (0..).zip(&self.pack.rules).filter(|(_, rule)| chosen(rule)).map(|(at, _)| at);
        let rules: Vec<usize> = rules.collect();
        let mut tried = mutation::mutate(&self.pack, &files, &self.schema, &rules, threads);
        let wrong = self.files.get(EQUIVALENT_FILE).map(|file| self.mark(file, &rules, &mut tried));
        match wrong {
            Some(problems) if !problems.is_empty() => Err(problems),
            _ => Ok(tried),
        }
    }

    /// Marks the mutants that are registered as equivalent; an entry that fits no survivor is a problem.
    fn mark(&self, file: &Arc<SourceFile>, chosen: &[usize], tried: &mut [Tried]) -> Vec<Problem> {
        let written = match crate::form::read(file) {
            Ok(written) => written,
            Err(problem) => return vec![problem],
        };
        let problems = Problems::of(file);
        let Some(fields) = Fields::read(&written, &EQUIVALENTS, &problems) else {
            return problems.into_vec();
        };
        for item in fields.many("equivalent") {
            let Some(entry) = Fields::read(item, &EQUIVALENT, &problems) else { continue };
            let text = |key: &str| entry.text(key).unwrap_or_default();
            let Some(rule) = self.pack.rules.iter().position(|rule| rule.facts.id == text("rule")) else {
                let ids = self.pack.rules.iter().map(|rule| rule.facts.id.as_str());
                problems.unknown(&entry.span("rule"), "rule", text("rule"), ids);
                continue;
            };
            if !chosen.contains(&rule) {
                continue;
            }
            let mut named = tried.iter_mut().filter(|tried| {
                self.pack.rules.get(tried.rule).is_some_and(|rule| rule.facts.id == text("rule"))
                    && tried.mutant.place == text("place")
                    && tried.mutant.change == text("change")
                    && tried.fate == Fate::Survived
            });
            match named.next() {
                Some(tried) => tried.fate = Fate::Equivalent(text("why").to_owned()),
                None => problems.with_help(
                    &entry.span("place"),
                    format!("no mutant of {} survives here", text("rule")),
                    "take the entry out, or write place and change as `rules mutate --list survivors` does",
                ),
            }
        }
        problems.into_vec()
    }
}
