//! The compiled schema of a record: one quick answer for a record that fits, every fault for one that does not.

use std::sync::Arc;

use jsonschema::Draft;
use jsonschema::PatternOptions;
use jsonschema::Registry;
use jsonschema::Validator;

use crate::model::Day;
use crate::model::Node;
use crate::model::Pointer;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::schema::Fault;
use crate::schema::Shape;
use crate::schema::build::build;
use crate::schema::check::PATTERN_BYTES;
use crate::schema::check::check;
use crate::schema::files::Files;
use crate::schema::files::digest;
use crate::schema::plain;
use crate::schema::tree::Tree;
use crate::schema::walk::walk;
use crate::schema::wording;

/// The record schema of a catalog, compiled once and shared by all threads.
#[derive(Debug)]
pub struct RecordSchema {
    id: String,
    digest: String,
    shape: Shape,
    validator: Validator<Tree>,
}

impl RecordSchema {
    /// Compiles `schemas/**/*.schema.json` and `code-lists.json`, or says everything that is wrong with them.
    pub fn compile(files: &[Arc<SourceFile>]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let read = Files::read(files, &mut problems);
        if let Some(read) = &read {
            check(read, &mut problems);
        }
        let Some(read) = read.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let validator = validator(&read).map_err(|problem| vec![problem])?;
        Ok(Self { digest: digest(files), shape: build(&read), validator, id: read.root })
    }

    /// The `$id` of the schema of the record itself.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 over the names and texts of all its files, as 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The fields of a record.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Leaves the codes of these fields to rules that judge them, so that nothing is found twice; written as in rules,
    /// `permanence_plans[].plan_type`. A path that leads to no code changes nothing.
    pub fn leave_codes_to_rules<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) {
        for path in paths {
            self.shape.leave_codes(path);
        }
    }

    /// Whether the record has no fault at all; exactly when [`RecordSchema::faults`] would find none.
    pub fn is_valid(&self, root: &Node<'_>) -> bool {
        plain::fits(root, &self.shape) || self.is_valid_by_library(root)
    }

    /// The same, asked of the schema library even where the record is plainly right. Slower; what it says is what holds.
    pub fn is_valid_by_library(&self, root: &Node<'_>) -> bool {
        self.fits_library(root) && walk(root, &self.shape, &mut |_, _| false)
    }

    /// Whether the schema library finds no fault; it does not look for properties and codes that are not known.
    pub fn fits_library(&self, root: &Node<'_>) -> bool {
        self.validator.is_valid(root)
    }

    /// Whether the record is plainly right but for properties and codes that are not known, so that the library is not asked what is wrong.
    pub fn is_plainly_valid_but_for_strangers(&self, root: &Node<'_>) -> bool {
        plain::fits_but_for_strangers(root, &self.shape)
    }

    /// Whether the record is plainly right, so that the library is not asked.
    pub fn is_plainly_valid(&self, root: &Node<'_>) -> bool {
        plain::fits(root, &self.shape)
    }

    /// The faults of the record, at most `cap`, in the order of the document. Of several at one text, the first that
    /// explains the others.
    pub fn faults(&self, root: &Node<'_>, cap: usize) -> Vec<Fault> {
        if self.is_plainly_valid(root) {
            return Vec::new();
        }
        // More are read than are given, because they come in another order; a bound remains.
        let most = cap.saturating_mul(4).saturating_add(16);
        let mut faults = Vec::new();
        if !self.is_plainly_valid_but_for_strangers(root) {
            let errors = self.validator.iter_errors(root).take(most);
            faults.extend(errors.flat_map(|error| wording::faults(&error, root, &self.shape)).take(most));
        }
        let found_by_schema = faults.len();
        walk(root, &self.shape, &mut |stranger, trail| {
            faults.push(wording::stranger(&stranger, trail));
            faults.len() < found_by_schema + most
        });
        let mut placed: Vec<(Vec<usize>, Fault)> =
            faults.into_iter().map(|fault| (order(root, &fault.pointer), fault)).collect();
        placed.sort_by(|(left_place, left), (right_place, right)| {
            let key = |fault: &Fault| (fault.rank().is_none(), fault.rank());
            left_place
                .cmp(right_place)
                .then_with(|| left.pointer.cmp(&right.pointer))
                .then_with(|| key(left).cmp(&key(right)))
                .then_with(|| left.keyword.cmp(right.keyword))
                .then_with(|| left.args.cmp(&right.args))
        });
        let mut kept: Vec<Fault> = placed.into_iter().map(|(_, fault)| fault).collect();
        kept.dedup_by(|later, first| {
            let same_text = later.rank().is_some() && first.rank().is_some();
            later.pointer == first.pointer && (same_text || later == first)
        });
        kept.truncate(cap);
        kept
    }
}

/// The place of a pointer in the document: the position of each step among its siblings.
fn order(root: &Node<'_>, pointer: &Pointer) -> Vec<usize> {
    let mut node = Some(*root);
    pointer
        .segments()
        .map(|part| {
            let (place, inner) = match node {
                Some(Node::List(items)) => {
                    let place = part.parse().unwrap_or(usize::MAX);
                    (place, items.get(place).copied())
                }
                Some(Node::Object(members)) => {
                    let found = members.iter().position(|member| member.name == part);
                    let place = found.unwrap_or(usize::MAX);
                    (place, members.get(place).map(|member| member.value))
                }
                _ => (usize::MAX, None),
            };
            node = inner;
            place
        })
        .collect()
}

/// Builds the library's validator over our tree. Nothing is fetched, formats are checked, patterns run in linear time.
fn validator(files: &Files) -> Result<Validator<Tree>, Problem> {
    let not_together = |file: &Arc<SourceFile>| {
        Problem::at(file, 0..0, "the schemas do not compile together")
            .help("check the references between them")
    };
    let Some(root) = files.root() else {
        return Err(not_together(&SourceFile::new("schemas", "")));
    };
    let values = files.by_id.values().map(|file| (file.id.as_str(), file.written.to_value()));
    let registry = Registry::new()
        .extend(values)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|_| not_together(&root.source))?;
    jsonschema::options_for::<Tree>()
        .with_draft(Draft::Draft202012)
        .with_registry(&registry)
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES))
        .with_format("date", |text: &str| Day::parse(text).is_some())
        .build(&root.written.to_value())
        .map_err(|_| not_together(&root.source))
}
