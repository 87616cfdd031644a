//! Where in a record: lists and fields, resolved against the record schema when a pack is loaded.
//!
//! A rule names places in words (`written_agreements[].parties[]`, `^start_date`); here they become numbers and hashed names, or
//! problems with a "did you mean". `facts` follows them at run time.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::form::Problems;
use crate::model::Name;
use crate::model::NameTable;
use crate::rules::plan::Base;
use crate::rules::plan::KeyField;
use crate::rules::plan::Leaf;
use crate::rules::plan::ListId;
use crate::rules::plan::ListPlan;
use crate::rules::plan::Path;
use crate::rules::plan::PathWords;
use crate::rules::plan::Scope;
use crate::schema::Shape;
use crate::schema::ShapeKind;

/// The table of lists while a pack is being compiled.
#[derive(Debug)]
pub struct Places<'s> {
    plans: Vec<ListPlan>,
    shapes: Vec<&'s Shape>,
    /// The columns of each list so far.
    columns: Vec<Vec<Name>>,
    /// The lists and fields that were named since [`Self::take_reads`].
    reads: BTreeSet<String>,
}

impl<'s> Places<'s> {
    /// A table that holds only the record.
    pub fn new(record: &'s Shape) -> Self {
        let plan = ListPlan {
            parent: ListId::RECORD,
            steps: Vec::new(),
            column: 0,
            many: false,
            text: "record".to_owned(),
            title: "Record".to_owned(),
            section: None,
            section_column: 0,
            key: Vec::new(),
            columns: NameTable::default(),
        };
        Self { plans: vec![plan], shapes: vec![record], columns: vec![Vec::new()], reads: BTreeSet::new() }
    }

    /// The table as rules use it.
    pub fn into_plans(self) -> Vec<ListPlan> {
        let with_columns = self.plans.into_iter().zip(self.columns);
        with_columns.map(|(plan, columns)| ListPlan { columns: NameTable::new(columns), ..plan }).collect()
    }

    /// The column of a name in a list; a new one if nothing has asked for it yet.
    fn column(&mut self, list: ListId, name: &Name) -> usize {
        let Some(columns) = self.columns.get_mut(list.index()) else { return 0 };
        columns.iter().position(|known| known == name).unwrap_or_else(|| {
            columns.push(name.clone());
            columns.len() - 1
        })
    }

    /// Takes out what was read since the last call: lists and fields from the record down, `cla_reviews[].review_date`.
    pub fn take_reads(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.reads)
    }

    /// Notes that this is read too.
    pub fn add_reads(&mut self, reads: impl IntoIterator<Item = String>) {
        self.reads.extend(reads);
    }

    /// One list.
    pub fn plan(&self, list: ListId) -> Option<&ListPlan> {
        self.plans.get(list.index())
    }

    /// The fields that an item is known by.
    pub fn set_key(&mut self, list: ListId, key: Vec<Path>) {
        let codes = |path: &Path| self.has_code(Scope::of(list), path, "\u{0}").and_then(Result::err);
        let key = key.into_iter().map(|path| KeyField { codes: codes(&path), path }).collect();
        if let Some(plan) = self.plans.get_mut(list.index()) {
            plan.key = key;
        }
    }

    /// Whether `list` is `ancestor` or lies beneath it.
    pub fn is_within(&self, list: ListId, ancestor: ListId) -> bool {
        let mut here = list;
        loop {
            if here == ancestor {
                return true;
            }
            match self.plan(here) {
                Some(plan) if here != ListId::RECORD => here = plan.parent,
                _ => return false,
            }
        }
    }

    /// Where a list's name starts from, as seen from an item of `from`, and the rest of the name: `$.` is the record, each `^` the item
    /// that holds this one, and a name that the item does not have is looked up from the record.
    pub fn start_of_list<'t>(&self, from: ListId, text: &'t str) -> Option<(ListId, &'t str)> {
        if let Some(rest) = text.strip_prefix("$.") {
            return Some((ListId::RECORD, rest));
        }
        let rest = text.trim_start_matches('^');
        let up = text.len() - rest.len();
        let here = (0..up).try_fold(from, |list, _| self.plan(list).map(|plan| plan.parent))?;
        let first = rest.split('.').next().unwrap_or("").trim_end_matches("[]");
        let known = self.shape(here)?.property(first).is_some();
        Some((if known || up > 0 { here } else { ListId::RECORD }, rest))
    }

    /// Finds or makes the list of this name, as seen from an item of `from`.
    pub fn list(
        &mut self,
        from: ListId,
        text: &str,
        span: &Range<usize>,
        problems: &Problems,
    ) -> Option<ListId> {
        if text == "record" {
            return Some(ListId::RECORD);
        }
        let (mut here, rest) = self.start_of_list(from, text)?;
        let mut shape = self.shape(here)?;
        let mut steps: Vec<Name> = Vec::new();
        for segment in rest.split('.') {
            let (name, many) = segment.strip_suffix("[]").map_or((segment, false), |name| (name, true));
            let Some(inner) = shape.property(name) else {
                let what =
                    format!("property in `{}`:", self.plan(here).map_or("record", |plan| plan.text.as_str()));
                problems.unknown(span, &what, name, shape.properties());
                return None;
            };
            steps.push(Name::new(name));
            shape = inner;
            match (inner.item(), many) {
                (Some(item), true) => {
                    here = self.add(here, std::mem::take(&mut steps), true, item, inner.title());
                    shape = item;
                }
                (Some(_), false) => {
                    problems.with_help(span, format!("`{name}` is a list"), format!("write `{name}[]`"));
                    return None;
                }
                (None, true) => {
                    problems.with_help(span, format!("`{name}` is not a list"), format!("write `{name}`"));
                    return None;
                }
                (None, false) => {}
            }
        }
        if !steps.is_empty() {
            if shape.kind() != ShapeKind::Object {
                problems.with_help(
                    span,
                    format!("`{text}` is a field"),
                    "a list or an object is needed here",
                );
                return None;
            }
            here = self.add(here, steps, false, shape, shape.title());
        }
        let read = self.plan(here).map(|plan| plan.text.clone());
        self.reads.extend(read.filter(|_| here != ListId::RECORD));
        Some(here)
    }

    fn add(&mut self, parent: ListId, steps: Vec<Name>, many: bool, shape: &'s Shape, title: &str) -> ListId {
        let known = self
            .plans
            .iter()
            .position(|plan| plan.parent == parent && plan.steps == steps && plan.many == many);
        let index = known.unwrap_or_else(|| {
            let mut text = match self.plan(parent) {
                Some(plan) if parent != ListId::RECORD => format!("{}.", plan.text),
                _ => String::new(),
            };
            text.push_str(&steps.iter().map(Name::as_str).collect::<Vec<_>>().join("."));
            text.push_str(if many { "[]" } else { "" });
            let section = match self.plan(parent) {
                Some(plan) if parent != ListId::RECORD => plan.section.clone(),
                _ => steps.first().cloned(),
            };
            let column = steps.first().map_or(0, |name| self.column(parent, name));
            let section_column = section.as_ref().map_or(0, |name| self.column(ListId::RECORD, name));
            self.plans.push(ListPlan {
                parent,
                steps,
                column,
                many,
                text,
                title: title.to_owned(),
                section,
                section_column,
                key: Vec::new(),
                columns: NameTable::default(),
            });
            self.shapes.push(shape);
            self.columns.push(Vec::new());
            self.plans.len() - 1
        });
        ListId(u16::try_from(index).unwrap_or(u16::MAX))
    }

    fn shape(&self, list: ListId) -> Option<&'s Shape> {
        self.shapes.get(list.index()).copied()
    }

    /// Resolves a field, or reports why there is none.
    pub fn path(
        &mut self,
        scope: Scope,
        text: &str,
        span: &Range<usize>,
        problems: &Problems,
    ) -> Option<Path> {
        let (base, list, rest) = self.base_of(scope, text, span, problems)?;
        let mut shape = self.shape(list)?;
        let mut names = Vec::new();
        for name in rest.split('.').filter(|name| !name.is_empty()) {
            if shape.item().is_some() {
                problems.with_help(
                    span,
                    format!("`{text}` goes through a list"),
                    "ask about its items with `some:` or `none:`",
                );
                return None;
            }
            let Some(inner) = shape.property(name) else {
                let what =
                    format!("property in `{}`:", self.plan(list).map_or("record", |plan| plan.text.as_str()));
                problems.unknown(span, &what, name, shape.properties());
                return None;
            };
            names.push(Name::new(name));
            shape = inner;
        }
        let leaf = match shape.kind() {
            ShapeKind::Date => Leaf::Date,
            ShapeKind::DateTime => Leaf::DateTime,
            ShapeKind::Boolean => Leaf::Flag,
            ShapeKind::Integer | ShapeKind::Number => Leaf::Number,
            ShapeKind::Text if shape.code_list().is_some() => Leaf::Code,
            ShapeKind::Text => Leaf::Text,
            ShapeKind::Object | ShapeKind::List => Leaf::Part,
        };
        let column = names.first().map_or(0, |name| self.column(list, name));
        let field = names.iter().map(Name::as_str).collect::<Vec<_>>().join(".");
        let read = match self.plan(list) {
            Some(plan) if list != ListId::RECORD && field.is_empty() => plan.text.clone(),
            Some(plan) if list != ListId::RECORD => format!("{}.{field}", plan.text),
            _ => field,
        };
        self.reads.extend(Some(read).filter(|read| !read.is_empty()));
        Some(Path {
            base,
            leaf,
            column: u32::try_from(column).unwrap_or(u32::MAX),
            names: names.into(),
            words: Arc::new(PathWords {
                text: text.to_owned(),
                title: shape.title().to_owned(),
                codes: shape.code_list().map(|codes| codes.name.clone()),
                field_names: shape.names().to_vec(),
            }),
        })
    }

    fn base_of<'t>(
        &self,
        scope: Scope,
        text: &'t str,
        span: &Range<usize>,
        problems: &Problems,
    ) -> Option<(Base, ListId, &'t str)> {
        if let Some(rest) = text.strip_prefix("$.") {
            return Some((Base::Record, ListId::RECORD, rest));
        }
        if let Some(rest) = text.strip_prefix('@') {
            return Some((Base::Subject, scope.subject, rest));
        }
        let rest = text.trim_start_matches('^');
        let up = text.len() - rest.len();
        let mut list = scope.item;
        for _ in 0..up {
            if list == ListId::RECORD {
                problems.with_help(
                    span,
                    format!("`{text}` goes above the record"),
                    "write one `^` for each item that holds this one",
                );
                return None;
            }
            list = self.plan(list)?.parent;
        }
        let base = if up == 0 { Base::Item } else { Base::Up(u8::try_from(up).unwrap_or(u8::MAX)) };
        Some((base, list, rest.trim_start_matches('.')))
    }

    /// The code list behind a field, for checking the codes that a rule names.
    pub fn has_code(&self, scope: Scope, path: &Path, code: &str) -> Option<Result<(), Vec<String>>> {
        let list = match path.base {
            Base::Item => scope.item,
            Base::Subject => scope.subject,
            Base::Record => ListId::RECORD,
            Base::Up(up) => {
                (0..up).try_fold(scope.item, |list, _| self.plan(list).map(|plan| plan.parent))?
            }
        };
        let shape =
            path.names.iter().try_fold(self.shape(list)?, |shape, name| shape.property(name.as_str()))?;
        let codes = shape.code_list()?;
        Some(if codes.contains(code) { Ok(()) } else { Err(codes.codes().map(str::to_owned).collect()) })
    }
}
