//! A bench for rules: the tests' own small catalog, and one rule at a time compiled with it and asked of records.
//!
//! A rule is given as what stands under `check:`; its other keys, its lines and the tests that the loader asks for are filled in here.

#![allow(clippy::format_push_string, reason = "lines of a test are put together plainly")]

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::LazyLock;

use bumpalo::Bump;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::intake;
use casecheck::model::Answer;
use casecheck::model::Day;
use casecheck::model::Finding;
use casecheck::model::Outcome;
use casecheck::model::Problem;
use casecheck::model::Record;
use casecheck::model::SourceFile;
use casecheck::rules::Pack;
use casecheck::rules::PackFiles;
use casecheck::validator::Options;
use casecheck::validator::Validator;
use serde_json::Value;

/// The small catalog, loaded once.
pub(crate) static SMALL: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::load(small_files(), None).unwrap_or_else(|problems| panic!("{}", as_lines(&problems).join("\n")))
});

/// A folder of the project.
pub(crate) fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The files of the small catalog: its own rules, the shipped schemas and calendar.
pub(crate) fn small_files() -> Files {
    let shipped = Files::embedded();
    let shared = shipped
        .all()
        .iter()
        .filter(|file| file.name.starts_with("schemas/") || file.name.starts_with("rules/calendars/"));
    let mut all: Vec<Arc<SourceFile>> = shared.cloned().collect();
    gather(&project("tests/data/catalog/rules"), "rules", &mut all);
    Files::of(all)
}

fn gather(folder: &Path, name: &str, into: &mut Vec<Arc<SourceFile>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let inner = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            gather(&path, &inner, into);
        } else {
            into.push(SourceFile::new(inner, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Writes the small catalog to a folder, as somebody would keep their own: `rules/` alone, the schemas being the built-in ones.
pub(crate) fn write_small(folder: &Path) {
    for file in small_files().all().iter().filter(|file| file.name.starts_with("rules/")) {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
}

/// A day.
pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Problems as lines, `file:line:column: message (help)`.
pub(crate) fn as_lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// Judges a record with all outcomes.
pub(crate) fn answer(validator: &Validator, record: &Value, as_at: &str) -> Answer {
    let options = Options { include_all: true, ..Options::as_at(day(as_at)) };
    answer_with(validator, record, &options)
}

/// Judges a record.
pub(crate) fn answer_with(validator: &Validator, record: &Value, options: &Options<'_>) -> Answer {
    let bytes = serde_json::to_vec(record).unwrap();
    let arena = Bump::new();
    let root = intake::parse(&bytes, &arena).unwrap();
    validator.check(&Record { root, bytes: &bytes }, options, &mut validator.tally())
}

/// One rule on the bench.
pub(crate) struct Lab {
    pub validator: Validator,
}

impl Lab {
    /// A rule that checks this.
    pub(crate) fn of(check: &str) -> Self {
        Self::with(check, "")
    }

    /// A rule that checks this, with further keys of a rule file.
    pub(crate) fn with(check: &str, more: &str) -> Self {
        Self::of_files(&[rule_text("LAB-101", check, more)], "", None)
            .unwrap_or_else(|problems| panic!("{}", as_lines(&problems).join("\n")))
    }

    /// These rule texts, after their lines and tests are filled in; under an overlay, if one is given.
    pub(crate) fn of_files(
        rules: &[String],
        vocabulary: &str,
        overlay: Option<&str>,
    ) -> Result<Self, Vec<Problem>> {
        let rules: Vec<String> = rules.iter().map(|rule| completed(rule, vocabulary)).collect();
        let pack = compile(&rules, vocabulary, overlay)?;
        let validator = Validator::new(Arc::clone(&SMALL.schema), Arc::new(pack), Arc::default());
        Ok(Self { validator })
    }

    /// What the rule says of a record that the schema has nothing against: one line a result.
    pub(crate) fn says(&self, record: &Value, as_at: &str) -> Vec<String> {
        let answer = answer(&self.validator, &with_id(record), as_at);
        let faults: Vec<String> = schema_findings(&answer)
            .map(|finding| format!("{} {}", finding.rule.id, finding.subject.path))
            .collect();
        assert!(faults.is_empty(), "the record of a test is not valid: {faults:?}");
        lines(&answer)
    }

    /// The same of a record that the schema may have something against.
    pub(crate) fn says_anyhow(&self, record: &Value, as_at: &str) -> Vec<String> {
        lines(&answer(&self.validator, &with_id(record), as_at))
    }

    /// The whole answer.
    pub(crate) fn answer(&self, record: &Value, as_at: &str) -> Answer {
        answer(&self.validator, &with_id(record), as_at)
    }
}

fn with_id(record: &Value) -> Value {
    let mut record = record.clone();
    record["la_child_id"] = Value::from("CHILD1");
    record
}

fn schema_findings(answer: &Answer) -> impl Iterator<Item = &Finding> {
    answer.findings.iter().filter(|finding| finding.rule.id.starts_with("SCHEMA."))
}

/// What rules said, one line a result, in the order of subjects: outcome, place, clock.
pub(crate) fn lines(answer: &Answer) -> Vec<String> {
    let mut all: Vec<&Finding> = answer.findings.iter().chain(&answer.outcomes).collect();
    all.retain(|finding| !finding.rule.id.starts_with("SCHEMA."));
    all.sort_by_key(|finding| {
        let started = finding.timing.and_then(|timing| timing.started_on);
        (finding.rank, finding.subject.path.as_str().to_owned(), started)
    });
    all.into_iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let mut text = finding.outcome.to_string();
    if finding.rule.id != "LAB-101" {
        text = format!("{} {text}", finding.rule.id);
    }
    if !finding.subject.path.as_str().is_empty() {
        text.push_str(&format!(" {}", short(finding.subject.path.as_str())));
    }
    if let Some(timing) = finding.timing {
        text.extend(timing.due_on.map(|due| format!(" due {due}")));
        text.extend(timing.done_on.map(|done| format!(" done {done}")));
        if timing.days_over > 0 {
            text.push_str(&format!(" +{} {}", timing.days_over, timing.unit));
        }
        if timing.due_soon {
            text.push_str(" soon");
        }
    }
    if finding.outcome == Outcome::CannotTell {
        let missing: Vec<String> = finding
            .evidence
            .iter()
            .filter(|trace| trace.role == "missing" || trace.because.is_some())
            .map(|trace| format!("{} {}", short(trace.path.as_str()), trace.because.unwrap_or("")))
            .collect();
        text.push_str(&format!(" ({})", missing.join("; ")));
    }
    text
}

/// A pointer without the long names of its way.
fn short(path: &str) -> String {
    path.replace("/social_care_episodes/", "/ep/").replace("/child_looked_after_placements", "/pl")
}

/// The text of a rule file without its lines and tests, which [`completed`] adds.
pub(crate) fn rule_text(id: &str, check: &str, more: &str) -> String {
    let check = check.trim().replace('\n', "\n  ");
    format!(
        "id: {id}\ntitle: A rule on the bench\nwhy: It is being tried.\nsource: {{ instrument: None, basis: judgement, verified: true }}\n\
         force: must\nseverity: error\ndimension: timeliness\nreliability: exact\nfix: Put it right.\n{more}\ncheck:\n  {check}\n"
    )
}

/// Adds the lines and the tests that the loader asks for.
fn completed(rule: &str, vocabulary: &str) -> String {
    let bare = format!("{rule}say: {{}}\ntests: []\n");
    let problems = compile(&[bare], vocabulary, None).err().unwrap_or_default();
    let mut say = String::new();
    let mut tests = String::new();
    for problem in &problems {
        if let Some(word) = problem.message.strip_prefix("`say` has no line for `") {
            say.push_str(&format!("  {}: \"Start the work\"\n", word.trim_end_matches('`')));
        }
        if let Some((id, words)) =
            problem.message.strip_prefix("no test of ").and_then(|rest| rest.split_once(" expects: "))
        {
            let named = if rule.contains(&format!("id: {id}\n")) && rule.starts_with(&format!("id: {id}\n")) {
                String::new()
            } else {
                format!("rule: {id}, ")
            };
            for word in words.split(", ") {
                tests.push_str(&format!(
                    "  - {{ name: a test, as_at: 2026-01-01, expect: {{ {named}outcome: {word} }} }}\n"
                ));
            }
        }
    }
    let say = if say.is_empty() { "say: {}\n".to_owned() } else { format!("say:\n{say}") };
    let tests = if tests.is_empty() { "tests: []\n".to_owned() } else { format!("tests:\n{tests}") };
    format!("{rule}{say}{tests}")
}

/// Compiles rule texts with the small catalog's words.
pub(crate) fn compile(
    rules: &[String],
    vocabulary: &str,
    overlay: Option<&str>,
) -> Result<Pack, Vec<Problem>> {
    let small = &SMALL.files;
    let mut words: Vec<Arc<SourceFile>> = small.under("rules/vocabulary/", ".yaml").cloned().collect();
    words.push(SourceFile::new(
        "rules/vocabulary/lab.yaml",
        format!("{{}}\n{vocabulary}").trim_start_matches(if vocabulary.is_empty() { "" } else { "{}\n" }),
    ));
    let pack = "name: lab\nversion: \"1\"\ncalendar: england-and-wales\nstandards: [{ id: lab, title: Lab, prefixes: [LAB], about: A bench. }]\n";
    let named = rules.iter().enumerate().map(|(at, text)| {
        let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or("none").to_lowercase();
        SourceFile::new(format!("rules/lab/{id}-rule{at}.yaml"), text.clone())
    });
    let files = PackFiles {
        pack: SourceFile::new("rules/pack.yaml", pack),
        vocabulary: words,
        words: small.under("rules/words/", ".txt").cloned().collect(),
        rules: named.collect(),
        overlay: overlay.map(|text| SourceFile::new("rules/overlays/here.yaml", text)),
        allow_unused: true,
        proved: false,
    };
    Pack::compile(&files, &SMALL.schema, &SMALL.pack.calendar)
}
