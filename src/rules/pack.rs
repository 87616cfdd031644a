//! A pack: every rule of a folder, compiled together, all at once or not at all.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sha2::Digest as _;
use sha2::Sha256;

use crate::calendar::Calendar;
use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::field;
use crate::model::Problem;
use crate::model::RuleFacts;
use crate::model::SourceFile;
use crate::model::hex;
use crate::rules::brief;
use crate::rules::brief::Brief;
use crate::rules::brief::Need;
use crate::rules::ground::Ground;
use crate::rules::kinds::Check;
use crate::rules::overlay::Overlay;
use crate::rules::plan::ListId;
use crate::rules::plan::ListPlan;
use crate::rules::rule;
use crate::rules::rule::Rule;
use crate::rules::timeline::Timelines;
use crate::rules::vocabulary;
use crate::schema::RecordSchema;

/// The form of `pack.yaml`.
pub static PACK: Form = Form {
    name: "the pack",
    about: "A pack of rules: its name and version, the calendar it counts by, the standards in their order.",
    fields: &[
        field!(needed "name", Takes::Text, "Its name."),
        field!(needed "version", Takes::Text, "Its version."),
        field!(needed "calendar", Takes::Text, "The working-day calendar, by name."),
        field!("owner", Takes::Text, "Who decides about it."),
        field!(needed "standards", Takes::Many(&Takes::Form(&STANDARD)), "The standards, in the order of reports; each is a folder."),
    ],
};

static STANDARD: Form = Form {
    name: "a standard",
    about: "An area that rules belong to.",
    fields: &[
        field!(needed "id", Takes::Text, "Its folder."),
        field!(needed "title", Takes::Text, "Its name for people."),
        field!(needed "prefixes", Takes::Many(&Takes::Text), "The letters that its ids start with."),
        field!(needed "about", Takes::Text, "One sentence."),
    ],
};

/// The files that make a pack.
#[derive(Clone, Debug)]
pub struct PackFiles {
    /// `pack.yaml`.
    pub pack: Arc<SourceFile>,
    /// The files of `vocabulary/`.
    pub vocabulary: Vec<Arc<SourceFile>>,
    /// The files of `words/`.
    pub words: Vec<Arc<SourceFile>>,
    /// The rule files, each in the folder of its standard.
    pub rules: Vec<Arc<SourceFile>>,
    /// The overlay, if one is asked for.
    pub overlay: Option<Arc<SourceFile>>,
    /// Lets pass what the vocabulary defines and no rule uses, while rules are being written.
    pub allow_unused: bool,
    /// Its rules' tests were proved before: they are not read until somebody asks for them.
    pub proved: bool,
}

/// An area that rules belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its folder.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The letters that its ids start with.
    pub prefixes: Vec<String>,
    /// One sentence.
    pub about: String,
}

/// Rules, compiled.
#[derive(Debug)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over names and texts of its files, in hexadecimal.
    pub digest: String,
    /// The overlay's name and version.
    pub overlay: Option<(String, String)>,
    /// The standards, in order.
    pub standards: Vec<Standard>,
    /// The rules, in order: by standard, id and revision.
    pub rules: Vec<Rule>,
    /// The ids whose outcomes tallies count, by rank.
    pub ranks: Vec<String>,
    /// The calendar that it counts by.
    pub calendar: Arc<Calendar>,
    /// The places of its rules across records.
    pub(super) across: Vec<usize>,
    pub(crate) plans: Vec<ListPlan>,
    pub(crate) timelines: Timelines,
    /// What rules need to have anything to judge, each once, with who needs it.
    pub(super) needs: Vec<Need>,
    /// The rules that are asked of a record, in brief.
    pub(super) briefs: Vec<Brief>,
}

impl Pack {
    /// Compiles a pack. Every problem of every file comes back at once; a pack with a problem is no pack.
    pub fn compile(
        files: &PackFiles,
        schema: &RecordSchema,
        calendar: &Arc<Calendar>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let (head, standards) = read_head(&files.pack, calendar, &mut problems);
        let overlay = match files.overlay.as_ref().map(Overlay::read) {
            Some(Ok(overlay)) => Some(overlay),
            Some(Err(found)) => {
                problems.extend(found);
                None
            }
            None => None,
        };
        let (ground, unreadable) = Ground::read(&standards, &files.vocabulary, &files.words);
        problems.extend(unreadable);
        let (mut shared, found) = ground.tables(schema);
        shared.tests_later = files.proved;
        problems.extend(found);
        let mut rules = Vec::new();
        for file in &files.rules {
            let read = if files.proved { rule::read_head(file) } else { crate::form::read(file) };
            let read = read.map_err(|problem| vec![problem]);
            let laid_over = overlay.as_ref().map(|(overlay, _)| overlay);
            match read.and_then(|written| ground.rule(&shared, file, &written, laid_over)) {
                Ok(rule) => rules.push(rule),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() && !files.allow_unused {
            problems.extend(vocabulary::unused(&shared, ground.vocabulary()));
        }
        problems.extend(check_ids(&rules));
        problems.extend(
            overlay.as_ref().into_iter().flat_map(|(overlay, found)| finish_overlay(overlay, found, &rules)),
        );
        if !problems.is_empty() {
            problems.sort_by_cached_key(place_of_problem);
            return Err(problems);
        }
        put_in_order(&mut rules, &standards);
        let ranks = rank(&mut rules);
        let (needs, briefs) = brief::of_rules(&rules);
        let (name, version) = head;
        Ok(Self {
            name,
            version,
            digest: digest(files),
            overlay: overlay.map(|(overlay, _)| (overlay.name, overlay.version)),
            standards,
            across: places_across(&rules),
            rules,
            ranks,
            needs,
            briefs,
            calendar: Arc::clone(calendar),
            plans: shared.places.into_inner().into_plans(),
            timelines: shared.timelines.into_inner(),
        })
    }

    /// A rule by its id, the latest revision.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().rev().find(|rule| {
            rule.facts.id == id || rule.missed.as_ref().is_some_and(|missed| missed.facts.id == id)
        })
    }

    /// What findings of this id say alike, whether it is a rule's own or that of the duty that follows it.
    pub fn facts_of(&self, id: &str) -> Option<&Arc<RuleFacts>> {
        let rule = self.rule(id)?;
        if rule.facts.id == id { Some(&rule.facts) } else { rule.missed.as_ref().map(|missed| &missed.facts) }
    }

    /// The fields whose codes a rule judges, as written in rules: `permanence_plans[].plan_type`.
    pub fn coded_fields(&self) -> Vec<String> {
        let fields = self.rules.iter().filter_map(|rule| match &rule.check {
            Check::OneOf(one_of) if rule.off.is_none() => Some(one_of.coded_field()),
            _ => None,
        });
        let name = |list: ListId, field: &str| match self.plans.get(list.index()) {
            Some(plan) if list != ListId::RECORD => format!("{}.{field}", plan.text),
            _ => field.to_owned(),
        };
        fields.flatten().map(|(list, field)| name(list, field)).collect()
    }

    /// The standard that a rule belongs to.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }
}

/// The places of the rules across records.
fn places_across(rules: &[Rule]) -> Vec<usize> {
    let across = rules.iter().enumerate().filter(|(_, rule)| rule.check.is_across());
    across.map(|(place, _)| place).collect()
}

/// Puts rules in the order of a pack: by standard, id and revision.
fn put_in_order(rules: &mut [Rule], standards: &[Standard]) {
    let order = |rule: &Rule| standards.iter().position(|standard| standard.id == rule.facts.standard);
    rules.sort_by(|left, right| {
        (order(left), &left.facts.id, left.facts.revision).cmp(&(
            order(right),
            &right.facts.id,
            right.facts.revision,
        ))
    });
}

/// Where a problem is told: what is wrong with the words that rules share comes first, since much of the rest may follow from it.
fn place_of_problem(problem: &Problem) -> (bool, String, usize) {
    let name = &problem.file.name;
    let is_shared = ["pack.yaml", "vocabulary/", "words/"].iter().any(|part| name.contains(part));
    (!is_shared, name.clone(), problem.span.start)
}

/// Numbers the outcomes that tallies count: revisions of one rule share a number. Marks the rules that have no other revision.
fn rank(rules: &mut [Rule]) -> Vec<String> {
    let mut ranks: Vec<String> = Vec::new();
    let ids: Vec<String> = rules.iter().map(|rule| rule.facts.id.clone()).collect();
    for (at, rule) in rules.iter_mut().enumerate() {
        // Revisions of one rule stand side by side.
        let is_own = |place: Option<usize>| place.and_then(|at| ids.get(at)) == Some(&rule.facts.id);
        rule.is_only = !is_own(at.checked_sub(1)) && !is_own(at.checked_add(1));
        if ranks.iter().rev().take(2).all(|id| *id != rule.facts.id) {
            ranks.push(rule.facts.id.clone());
            ranks.extend(rule.missed.as_ref().map(|missed| missed.facts.id.clone()));
        }
        let at = ranks.iter().position(|id| *id == rule.facts.id).unwrap_or(0);
        rule.rank = u32::try_from(at).unwrap_or(u32::MAX);
    }
    ranks
}

fn read_head(
    file: &Arc<SourceFile>,
    calendar: &Calendar,
    problems: &mut Vec<Problem>,
) -> ((String, String), Vec<Standard>) {
    let nothing = ((String::new(), String::new()), Vec::new());
    let written = match crate::form::read(file) {
        Ok(written) => written,
        Err(problem) => {
            problems.push(problem);
            return nothing;
        }
    };
    let found = Problems::of(file);
    let Some(fields) = Fields::read(&written, &PACK, &found) else {
        problems.extend(found.into_vec());
        return nothing;
    };
    if fields.text("calendar").is_some_and(|name| name != calendar.name()) {
        found.at(&fields.span("calendar"), format!("the calendar at hand is `{}`", calendar.name()));
    }
    let mut standards = Vec::new();
    for written in fields.many("standards") {
        let Some(standard) = Fields::read(written, &STANDARD, &found) else { continue };
        let text = |key: &str| standard.text(key).unwrap_or_default().to_owned();
        let prefixes =
            standard.many("prefixes").into_iter().filter_map(|item| item.text().map(str::to_owned)).collect();
        standards.push(Standard { id: text("id"), title: text("title"), prefixes, about: text("about") });
    }
    let text = |key: &str| fields.text(key).unwrap_or_default().to_owned();
    let head = (text("name"), text("version"));
    problems.extend(found.into_vec());
    (head, standards)
}

/// No id twice, unless as revisions whose dates do not overlap.
fn check_ids(rules: &[Rule]) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        seen.entry(&rule.facts.id).or_default().push(rule);
        if let Some(missed) = &rule.missed {
            seen.entry(&missed.facts.id).or_default().push(rule);
        }
    }
    for (id, same) in seen {
        for (at, rule) in same.iter().enumerate() {
            for other in same.iter().skip(at + 1) {
                let apart = |left: &Rule, right: &Rule| matches!((left.to, right.from), (Some(to), Some(from)) if to < from);
                if !(apart(rule, other) || apart(other, rule)) {
                    let message = format!("{id} is also in {}", rule.file.name);
                    let help = "give each revision effective dates that do not overlap";
                    found.push(Problem::at(&other.file, 0..0, message).help(help));
                }
            }
        }
    }
    found
}

fn finish_overlay(overlay: &Overlay, found: &Rc<Problems>, rules: &[Rule]) -> Vec<Problem> {
    for (id, change) in &overlay.rules {
        if !rules.iter().any(|rule| rule.facts.id == *id) {
            found.unknown(&change.span, "rule", id, rules.iter().map(|rule| rule.facts.id.as_str()));
        }
    }
    found.to_vec()
}

fn digest(files: &PackFiles) -> String {
    let mut all: Vec<&Arc<SourceFile>> =
        files.rules.iter().chain(&files.words).chain(&files.vocabulary).chain(&files.overlay).collect();
    all.push(&files.pack);
    all.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hash = Sha256::new();
    for file in all {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}
