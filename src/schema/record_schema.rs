//! The compiled record schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::PatternOptions;
use jsonschema::Registry;
use jsonschema::Validator;
use serde_json::Value;
use sha2::Digest as _;
use sha2::Sha256;

use crate::model::Day;
use crate::model::Node;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::schema::Fault;
use crate::schema::Shape;
use crate::schema::Tree;
use crate::schema::cost::too_much;
use crate::schema::shape::Sources;
use crate::schema::shape::code_lists;
use crate::schema::walk;

/// The file that a record is checked against.
const ROOT: &str = "case-record.schema.json";

/// The file of code lists.
const CODE_LISTS: &str = "code-lists.json";

/// The record schema, compiled for our tree.
#[derive(Debug)]
pub struct RecordSchema {
    id: String,
    digest: String,
    shape: Shape,
    validator: Validator<Tree>,
}

impl RecordSchema {
    /// Compiles the record schema of these files: every `*.schema.json`, and `code-lists.json`.
    pub fn compile(files: &[Arc<SourceFile>]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut parsed: Vec<(&Arc<SourceFile>, Value)> = Vec::new();
        for file in files.iter().filter(|file| file.name.ends_with(".json")) {
            match serde_json::from_str::<Value>(&file.text) {
                Ok(value) => {
                    problems.extend(too_much(&value).map(|message| Problem::at(file, 0..0, message)));
                    parsed.push((file, value));
                }
                Err(error) => {
                    let start: usize = file
                        .text
                        .split_inclusive('\n')
                        .take(error.line().saturating_sub(1))
                        .map(str::len)
                        .sum();
                    problems.push(Problem::at(file, start..start, "this is not readable JSON"));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Self::compile_parsed(&parsed, digest(files))
    }

    fn compile_parsed(parsed: &[(&Arc<SourceFile>, Value)], digest: String) -> Result<Self, Vec<Problem>> {
        let fallback =
            parsed.first().map_or_else(|| SourceFile::new("schemas", ""), |(file, _)| Arc::clone(file));
        let missing = |name: &str| {
            vec![Problem::at(&fallback, 0..0, format!("there is no `{name}` among the schemas"))]
        };
        let Some((root_file, root)) = parsed.iter().find(|(file, _)| file.name.ends_with(ROOT)) else {
            return Err(missing(ROOT));
        };
        let Some((lists_file, lists)) = parsed.iter().find(|(file, _)| file.name.ends_with(CODE_LISTS))
        else {
            return Err(missing(CODE_LISTS));
        };
        let lists = code_lists(lists).map_err(|message| vec![Problem::at(lists_file, 0..0, message)])?;
        let schemas: BTreeMap<String, &Value> =
            parsed.iter().filter_map(|(_, value)| Some((id_of(value)?, value))).collect();
        let Some(id) = id_of(root) else {
            return Err(vec![Problem::at(root_file, 0..0, "the schema has no `$id`")]);
        };
        let validator =
            build(&schemas, root).map_err(|message| vec![Problem::at(root_file, 0..0, message)])?;
        let mut sources = Sources { schemas, code_lists: lists, wrong: Vec::new() };
        let shape = sources.shape(&id);
        let wrong: Vec<Problem> = sources
            .wrong
            .iter()
            .map(|(id, message)| {
                let file = parsed
                    .iter()
                    .find(|(_, value)| id_of(value).as_ref() == Some(id))
                    .map_or(root_file, |(file, _)| file);
                Problem::at(file, 0..0, message.clone())
            })
            .collect();
        match shape {
            Some(shape) if wrong.is_empty() => Ok(Self { id, digest, shape, validator }),
            _ if wrong.is_empty() => Err(missing(ROOT)),
            _ => Err(wrong),
        }
    }

    /// The schema's `$id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 over names and texts of its files, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The record as one resolved tree.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Leaves the codes of these fields to rules that judge them, so that nothing is found twice; written as in rules,
    /// `permanence_plans[].plan_type`.
    pub fn leave_codes_to_rules<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) {
        for path in paths {
            if let Some(shape) = self.shape.at_mut(path) {
                shape.codes_judged_by_a_rule = true;
            }
        }
    }

    /// Whether the record is valid, knows no other properties, and holds only known codes.
    pub fn is_valid(&self, root: &Node<'_>) -> bool {
        self.validator.is_valid(root) && walk::is_known(root, &self.shape)
    }

    /// Everything that is wrong with the shape of a record, at most `cap`; failures of the schema first, then unknown
    /// properties and codes, each in the order of the document. The valid record costs one pass and allocates nothing.
    pub fn faults(&self, root: &Node<'_>, cap: usize) -> Vec<Fault> {
        let mut found = Vec::new();
        if !self.validator.is_valid(root) {
            for error in self.validator.iter_errors(root).take(cap) {
                let mut fault = Fault::of(&error);
                fault.names = self.names_at(&fault.pointer);
                found.push(fault);
            }
        }
        if found.len() < cap && !walk::is_known(root, &self.shape) {
            found.extend(walk::unknown(root, &self.shape, cap - found.len()));
        }
        found
    }

    fn names_at(&self, pointer: &crate::model::Pointer) -> Vec<(&'static str, String)> {
        let mut here = &self.shape;
        for segment in pointer.segments() {
            match here.item().or_else(|| here.property(&segment)) {
                Some(inner) => here = inner,
                None => return Vec::new(),
            }
        }
        here.names().to_vec()
    }
}

fn id_of(schema: &Value) -> Option<String> {
    schema.get("$id").and_then(Value::as_str).map(str::to_owned)
}

fn build(schemas: &BTreeMap<String, &Value>, root: &Value) -> Result<Validator<Tree>, String> {
    let mut registry = Registry::new();
    for (id, schema) in schemas {
        registry =
            registry.add(id, *schema).map_err(|_| format!("the schema `{id}` cannot be registered"))?;
    }
    let registry = registry.prepare().map_err(|_| "a `$ref` among the schemas leads nowhere".to_owned())?;
    jsonschema::options_for::<Tree>()
        .with_registry(&registry)
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_pattern_options(PatternOptions::regex().size_limit(1 << 20))
        .with_format("date", |text: &str| Day::parse(text).is_some())
        .build(root)
        .map_err(|error| format!("the schema is not a valid JSON Schema, at `{}`", error.schema_path()))
}

fn digest(files: &[Arc<SourceFile>]) -> String {
    let mut files: Vec<&Arc<SourceFile>> = files.iter().collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
