//! Tries mutants: each is compiled with all that the pack shares, and asked of its rule's own tests until one fails.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use bumpalo::Bump;

use crate::form::What;
use crate::form::Written;
use crate::intake;
use crate::rules::facts::Facts;
use crate::rules::ground::Ground;
use crate::rules::mutation::Fate;
use crate::rules::mutation::Mutant;
use crate::rules::mutation::Tried;
use crate::rules::mutation::edit::apply;
use crate::rules::mutation::neighbours::Neighbours;
use crate::rules::mutation::walk::mutants;
use crate::rules::pack::Pack;
use crate::rules::pack::PackFiles;
use crate::rules::rule::Rule;
use crate::rules::try_out::holds;
use crate::schema::RecordSchema;

/// What one run of mutation works with.
struct Bench<'b> {
    pack: &'b Pack,
    ground: Ground<'b>,
    neighbours: Neighbours,
    schema: &'b RecordSchema,
}

/// Makes and tries every mutant of the chosen rules, by their places in [`Pack::rules`], on so many threads. The pack must be the one
/// that these files make without an overlay, and its own tests must hold. The results stand in the order of the pack.
pub fn mutate(
    pack: &Pack,
    files: &PackFiles,
    schema: &RecordSchema,
    chosen: &[usize],
    threads: usize,
) -> Vec<Tried> {
    let (ground, _) = Ground::read(&pack.standards, &files.vocabulary, &files.words);
    let neighbours = Neighbours::of(ground.vocabulary());
    let bench = Bench { pack, ground, neighbours, schema };
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(at) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = bench.try_rule(*at);
                    if let Ok(mut done) = done.lock() {
                        done.extend(tried);
                    }
                }
            });
        }
    });
    let mut tried = done.into_inner().unwrap_or_default();
    tried.sort_by_key(|tried: &Tried| tried.rule);
    tried
}

impl Bench<'_> {
    /// The changes of one rule. A rule across records is left as it is: what it says takes a run of records and a whole pack.
    fn try_rule(&self, at: usize) -> Vec<Tried> {
        let Some(rule) = self.pack.rules.get(at).filter(|rule| !rule.check.is_across()) else {
            return Vec::new();
        };
        let Ok(tree) = crate::form::read(&rule.file).map(without_records) else { return Vec::new() };
        let (shared, _) = self.ground.tables(self.schema);
        let compile = |mutant: &Mutant| -> Option<Rule> {
            let changed = apply(&tree, &mutant.edits)?;
            let mut rule = self.ground.rule(&shared, &rule.file, &changed, None).ok()?;
            rule.forget_trials();
            Some(rule)
        };
        let (mut alive, mut tried) = (Vec::new(), Vec::new());
        let mutants = mutants(&tree, &self.neighbours);
        for (number, mutant) in (0_usize..).zip(&mutants) {
            match compile(mutant) {
                Some(changed) => alive.push((number, changed)),
                None => tried.push((number, Fate::NotLoaded)),
            }
        }
        let plans = shared.places.into_inner().into_plans();
        let timelines = shared.timelines.into_inner();
        let siblings = self.pack.siblings(at);
        for trial in rule.trials() {
            let Ok(text) = serde_json::to_vec(&trial.given()) else { continue };
            let arena = Bump::new();
            let Ok(root) = intake::parse(&text, &arena) else { continue };
            let facts = Facts::new(root, trial.as_at, &self.pack.calendar, &plans, &timelines, true);
            alive.retain(|(number, changed)| {
                let lives = holds(changed, || siblings, &facts, trial).is_ok();
                if !lives {
                    tried.push((*number, Fate::Killed(trial.name.clone())));
                }
                lives
            });
        }
        tried.extend(alive.into_iter().map(|(number, _)| (number, Fate::Survived)));
        tried.sort_by_key(|(number, _)| *number);
        mutants.into_iter().zip(tried).map(|(mutant, (_, fate))| Tried { rule: at, mutant, fate }).collect()
    }
}

/// The tree of a rule without the records of its tests: they are the rule's own, whatever is changed, and need not be read again for each
/// mutant.
fn without_records(mut tree: Written) -> Written {
    let What::Map(entries) = &mut tree.what else { return tree };
    entries.retain(|entry| entry.key != "given");
    for entry in entries.iter_mut().filter(|entry| entry.key == "tests") {
        let What::List(tests) = &mut entry.value.what else { continue };
        for test in tests {
            if let What::Map(entries) = &mut test.what {
                entries.retain(|entry| entry.key != "given");
            }
        }
    }
    tree
}
