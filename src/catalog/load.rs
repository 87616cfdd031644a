//! Loads a catalog: files become a schema, a calendar and a pack, or a list of everything that is wrong.

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::catalog::Files;
use crate::catalog::Registered;
use crate::catalog::calendars::read_calendar;
use crate::catalog::files::misplaced;
use crate::catalog::register;
use crate::catalog::waivers;
use crate::extracts::Layout;
use crate::extracts::read_layout;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::model::Waiver;
use crate::rules::Pack;
use crate::rules::PackFiles;
use crate::schema::RecordSchema;
use crate::validator::Validator;
use crate::validator::Waivers;

/// Everything that records are judged by.
#[derive(Debug)]
pub struct Catalog {
    /// The files it was loaded from.
    pub files: Files,
    /// The record schema.
    pub schema: Arc<RecordSchema>,
    /// The rules.
    pub pack: Arc<Pack>,
    /// The standards that no machine can judge.
    pub register: Vec<Registered>,
    /// The names of the overlays at hand.
    pub overlays: Vec<String>,
    /// Accepted exceptions.
    pub waivers: Arc<Waivers>,
    /// What the tables of extracts mean.
    pub layouts: Vec<Layout>,
}

impl Catalog {
    /// Loads a catalog under an overlay, if one is named. Every problem comes back at once.
    pub fn load(files: Files, overlay: Option<&str>) -> Result<Self, Vec<Problem>> {
        Self::load_with(files, overlay, false)
    }

    /// Runs the tests of every rule as the pack declares it: an overlay moves figures, and the tests prove those that the rule declares.
    /// Returns how many were run, and those that do not hold.
    pub fn try_out(&self) -> (usize, Vec<Problem>) {
        if self.pack.overlay.is_none() {
            return self.pack.try_out(&self.schema);
        }
        match Self::load_with(self.files.clone(), None, true) {
            Ok(plain) => plain.pack.try_out(&plain.schema),
            Err(problems) => (0, problems),
        }
    }

    /// The files of its pack, without an overlay.
    pub(super) fn pack_files(&self) -> Option<PackFiles> {
        self.files.get("rules/pack.yaml").map(|pack| {
            let files = pack_files(&self.files, pack, None, true);
            PackFiles { proved: false, ..files }
        })
    }

    /// What judges records by this catalog.
    pub fn validator(&self) -> Validator {
        Validator::new(Arc::clone(&self.schema), Arc::clone(&self.pack), Arc::clone(&self.waivers))
    }

    /// The same with accepted exceptions beside those of its files.
    pub fn validator_with(&self, waivers: &[Waiver]) -> Validator {
        let all = self.waivers.all().iter().chain(waivers).cloned().collect();
        Validator::new(Arc::clone(&self.schema), Arc::clone(&self.pack), Arc::new(Waivers::new(all)))
    }

    /// Loads a catalog in which one rule file stands alone, with the vocabulary and word lists of these files: for trying a rule that is
    /// not in the pack yet. Gives back the rule's id too.
    pub fn load_one_rule(
        files: &Files,
        standard: &str,
        name: &str,
        text: String,
    ) -> Result<(Self, Arc<str>), Vec<Problem>> {
        let mut kept: Vec<Arc<SourceFile>> =
            files.all().iter().filter(|file| !is_rule(&file.name)).cloned().collect();
        kept.retain(|file| !file.name.starts_with("rules/overlays/"));
        kept.push(SourceFile::new(format!("rules/{standard}/{name}"), text));
        let catalog = Self::load_with(Files::of(kept), None, true)?;
        let id = catalog.pack.rules.first().map(|rule| Arc::from(rule.facts.id.as_str())).unwrap_or_default();
        Ok((catalog, id))
    }

    /// The same, and may let pass what the vocabulary defines and no rule uses, while rules are being written.
    pub fn load_with(files: Files, overlay: Option<&str>, allow_unused: bool) -> Result<Self, Vec<Problem>> {
        let mut problems = misplaced(&files);
        let nowhere = SourceFile::new("rules/pack.yaml", "");
        let mut need = |name: &str| {
            let found = files.get(name).cloned();
            if found.is_none() {
                problems.push(Problem::at(&nowhere, 0..0, format!("the catalog has no `{name}`")));
            }
            found
        };
        let pack = need("rules/pack.yaml");
        let overlays: Vec<String> = files.under("rules/overlays/", ".yaml").map(|file| stem(file)).collect();
        let overlay_file = overlay.map(|name| need(&format!("rules/overlays/{name}.yaml")));
        let calendar = keep(Some(load_calendar(&files, overlay, &nowhere)), &mut problems);
        let schema = keep(Some(RecordSchema::compile(&schemas_of(&files))), &mut problems);
        let mut register = Vec::new();
        for file in files.under("rules/register/", ".yaml") {
            register.extend(keep(Some(register::read(file)), &mut problems).unwrap_or_default());
        }
        let (Some(pack), Some(mut schema), Some(calendar)) = (pack, schema, calendar) else {
            return Err(problems);
        };
        let mut layouts = Vec::new();
        for file in files.under("rules/mappings/", ".yaml") {
            layouts.extend(keep(Some(read_layout(file, schema.shape())), &mut problems));
        }
        let pack_files = pack_files(&files, &pack, overlay_file.flatten(), allow_unused);
        let pack = keep(Some(Pack::compile(&pack_files, &schema, &Arc::new(calendar))), &mut problems);
        let waivers =
            pack.as_ref().map(|pack| read_waivers(&files, overlay, pack, &mut problems)).unwrap_or_default();
        match pack {
            Some(pack) if problems.is_empty() => {
                let judged = pack.coded_fields();
                schema.leave_codes_to_rules(judged.iter().map(String::as_str));
                Ok(Self {
                    files,
                    schema: Arc::new(schema),
                    pack: Arc::new(pack),
                    register,
                    overlays,
                    waivers: Arc::new(waivers),
                    layouts,
                })
            }
            _ => Err(problems),
        }
    }
}

/// The files that make the pack.
fn pack_files(
    files: &Files,
    pack: &Arc<SourceFile>,
    overlay: Option<Arc<SourceFile>>,
    allow_unused: bool,
) -> PackFiles {
    PackFiles {
        pack: Arc::clone(pack),
        vocabulary: files.under("rules/vocabulary/", ".yaml").cloned().collect(),
        words: files.under("rules/words/", ".txt").cloned().collect(),
        rules: files.under("rules/", ".yaml").filter(|file| is_rule(&file.name)).cloned().collect(),
        overlay,
        allow_unused,
        proved: files.is_proved(),
    }
}

/// The calendar, with the term dates of the overlay's authority where there are any.
fn load_calendar(
    files: &Files,
    overlay: Option<&str>,
    nowhere: &Arc<SourceFile>,
) -> Result<Calendar, Vec<Problem>> {
    let terms = overlay.and_then(|name| files.get(&format!("rules/terms/{name}.yaml")));
    match files.under("rules/calendars/", ".yaml").next() {
        Some(file) => read_calendar(file, terms),
        None => Err(vec![Problem::at(nowhere, 0..0, "the catalog has no calendar in `rules/calendars/`")]),
    }
}

/// The schemas of records; the generated one of rule files is for editors.
fn schemas_of(files: &Files) -> Vec<Arc<SourceFile>> {
    files
        .under("schemas/", ".json")
        .filter(|file| !file.name.ends_with("rule.schema.json"))
        .cloned()
        .collect()
}

/// The waivers of the overlay's authority; without an overlay those of `waivers/pack.yaml`.
fn read_waivers(files: &Files, overlay: Option<&str>, pack: &Pack, problems: &mut Vec<Problem>) -> Waivers {
    let file = files.get(&format!("rules/waivers/{}.yaml", overlay.unwrap_or("pack")));
    Waivers::new(keep(file.map(|file| waivers::read(file, pack)), problems).unwrap_or_default())
}

fn keep<T>(result: Option<Result<T, Vec<Problem>>>, problems: &mut Vec<Problem>) -> Option<T> {
    match result? {
        Ok(value) => Some(value),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

fn stem(file: &SourceFile) -> String {
    file.name.rsplit('/').next().unwrap_or("").trim_end_matches(".yaml").to_owned()
}

/// Rule files stand in the folder of their standard; the other folders hold what they share.
fn is_rule(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    matches!(parts.as_slice(), ["rules", folder, _] if !["vocabulary", "register", "overlays", "waivers", "calendars", "terms", "words", "mappings", "mutation"].contains(folder))
}
