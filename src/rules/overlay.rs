//! An overlay: what one authority sets of a pack, within what each rule allows.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::form::Fields;
use crate::form::Form;
use crate::form::Problems;
use crate::form::Takes;
use crate::form::What;
use crate::form::Written;
use crate::form::field;
use crate::model::Problem;
use crate::model::RuleStage;
use crate::model::Severity;
use crate::model::SourceFile;
use crate::rules::params;
use crate::rules::params::Param;

/// The form of an overlay file.
pub static OVERLAY: Form = Form {
    name: "an overlay",
    about: "What one authority sets of the pack: figures within what each rule allows, severities, stages, rules switched off with a reason.",
    fields: &[
        field!(needed "overlay", Takes::Text, "Its name, as the file is called."),
        field!(needed "version", Takes::Text, "Its version."),
        field!("authority", Takes::Text, "The three-figure code of the authority."),
        field!("owner", Takes::Text, "Who decides about it."),
        field!(needed "why", Takes::Text, "On what it rests."),
        field!(needed "rules", Takes::Named(&CHANGE), "The rules that it changes, by id."),
    ],
};

static CHANGE: Form = Form {
    name: "a change to a rule",
    about: "What the authority sets of one rule.",
    fields: &[
        field!("params", Takes::Anything, "Values for its parameters."),
        field!("severity", Takes::Word(&["critical", "error", "warning", "info"]), "Another severity."),
        field!("stage", Takes::Word(&["shadow", "advise", "enforce"]), "Another stage."),
        field!("off", Takes::Text, "Switches it off, with the reason."),
        field!(needed "why", Takes::Text, "Why, and where it is written."),
    ],
};

/// An overlay, read.
#[derive(Debug)]
pub struct Overlay {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it changes, by rule id.
    pub rules: BTreeMap<String, RuleChange>,
}

/// What an overlay sets of one rule.
#[derive(Debug)]
pub struct RuleChange {
    overlay: String,
    params: Vec<(String, Written)>,
    problems: Rc<Problems>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another stage.
    pub stage: Option<RuleStage>,
    /// The reason for switching it off.
    pub off: Option<String>,
    /// Where it is written, for problems.
    pub span: std::ops::Range<usize>,
}

impl Overlay {
    /// Reads an overlay. What is wrong with its values shows only when they are set; `finish` gathers all of it.
    pub fn read(file: &Arc<SourceFile>) -> Result<(Self, Rc<Problems>), Vec<Problem>> {
        let written = crate::form::read(file).map_err(|problem| vec![problem])?;
        let problems = Rc::new(Problems::of(file));
        let Some(fields) = Fields::read(&written, &OVERLAY, &problems) else {
            return Err(Rc::try_unwrap(problems).map(Problems::into_vec).unwrap_or_default());
        };
        let name = fields.text("overlay").unwrap_or_default().to_owned();
        let mut rules = BTreeMap::new();
        if let Some(Written { what: What::Map(entries), .. }) = fields.get("rules") {
            for entry in entries {
                let Some(change) = Fields::read(&entry.value, &CHANGE, &problems) else { continue };
                let params = match change.get("params").map(|written| &written.what) {
                    Some(What::Map(params)) => {
                        params.iter().map(|param| (param.key.clone(), param.value.clone())).collect()
                    }
                    _ => Vec::new(),
                };
                let rule = RuleChange {
                    overlay: name.clone(),
                    params,
                    problems: Rc::clone(&problems),
                    severity: change.text("severity").and_then(Severity::from_word),
                    stage: change.text("stage").and_then(RuleStage::from_word),
                    off: change.text("off").map(str::to_owned),
                    span: entry.key_span.clone(),
                };
                rules.insert(entry.key.clone(), rule);
            }
        }
        let version = fields.text("version").unwrap_or_default().to_owned();
        Ok((Self { name, version, rules }, problems))
    }
}

impl RuleChange {
    /// Sets the parameters of its rule.
    pub fn set_params(&self, params: &mut [Param]) {
        for (name, value) in &self.params {
            match params.iter_mut().find(|param| param.name == *name) {
                Some(param) => params::set(param, value, &self.overlay, &self.problems),
                None => {
                    let names: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
                    self.problems.unknown(
                        &value.span,
                        "parameter of this rule:",
                        name,
                        names.iter().map(String::as_str),
                    );
                }
            }
        }
    }
}
