//! Reads a mapping file into a layout: checked against the record schema, every problem at once with its place. The parts of a table are
//! read in `read_part`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::extracts::forms::LAYOUT;
use crate::extracts::forms::TABLE;
use crate::extracts::forms::UNUSED;
use crate::extracts::forms::XML;
use crate::extracts::layout::By;
use crate::extracts::layout::DateForm;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutColumn;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Parent;
use crate::extracts::layout::Part;
use crate::extracts::layout::XmlLayout;
use crate::form::Entry;
use crate::form::Fields;
use crate::form::Problems;
use crate::form::What;
use crate::form::Written;
use crate::form::to_json;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::schema::Shape;
use crate::tables::normalised;

/// Reads one mapping file. The layout is named as the file is.
pub fn read_layout(file: &Arc<SourceFile>, record: &Shape) -> Result<Layout, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let layout = Reader { record, problems: &problems, flags: BTreeMap::new() }.layout(file, &written);
    match layout {
        Some(layout) if problems.is_empty() => Ok(layout),
        _ if problems.is_empty() => Err(vec![Problem::at(file, 0..0, "this layout could not be read")]),
        _ => Err(problems.into_vec()),
    }
}

pub(super) struct Reader<'r> {
    pub(super) record: &'r Shape,
    pub(super) problems: &'r Problems,
    /// How the layout writes flags.
    pub(super) flags: BTreeMap<String, Value>,
}

/// What holds for every table of a layout.
struct Common<'w> {
    child: Option<&'w str>,
    child_aliases: Vec<String>,
    in_xml: bool,
    /// The parts of every table that is about children.
    parts: Vec<&'w Written>,
}

/// A table while its columns are gathered.
pub(super) struct Columns {
    pub(super) all: Vec<LayoutColumn>,
}

impl Columns {
    pub(super) fn index(&mut self, name: &str) -> usize {
        self.all.iter().position(|column| column.name == name).unwrap_or_else(|| {
            self.all.push(LayoutColumn {
                name: name.to_owned(),
                aliases: Vec::new(),
                unused: None,
                holds_ids: false,
                often_blank: false,
            });
            self.all.len() - 1
        })
    }
}

impl Reader<'_> {
    fn layout(&mut self, file: &SourceFile, written: &Written) -> Option<Layout> {
        let fields = Fields::read(written, &LAYOUT, self.problems)?;
        self.flags = self.flags(entries(fields.get("flags")));
        let xml = fields.get("xml").and_then(|written| self.xml(written));
        let common = Common {
            child: xml.as_ref().map(|xml| xml.id.as_str()).or(fields.text("child")),
            child_aliases: texts(&fields.many("child_aliases")),
            in_xml: fields.get("xml").is_some(),
            parts: self.common(&fields.many("every_table")),
        };
        let mut tables: Vec<LayoutTable> = Vec::new();
        for entry in entries(fields.get("tables")) {
            if let Some(mut table) = self.table(entry, &common, &mut tables) {
                self.check_names(&tables, &table, entry);
                set_under(&mut table, &tables);
                tables.push(table);
            }
        }
        let mut not_recorded = BTreeSet::new();
        for item in fields.many("taken_as_not_recorded") {
            if let Some((_, _, text)) = self.place(item) {
                not_recorded.insert(text);
            }
        }
        let text = |key: &str| fields.text(key).unwrap_or_default().to_owned();
        Some(Layout {
            name: file.name.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml").to_owned(),
            title: text("title"),
            source: text("source"),
            tables,
            xml,
            dates: fields.many("dates").iter().filter_map(|item| DateForm::from_word(item.text()?)).collect(),
            empty: texts(&fields.many("empty")),
            not_recorded,
        })
    }

    fn xml(&self, written: &Written) -> Option<XmlLayout> {
        let fields = Fields::read(written, &XML, self.problems)?;
        let (each, id) = (fields.text("each")?.to_owned(), fields.text("id")?.to_owned());
        Some(XmlLayout { roots: texts(&fields.many("roots")), each, id })
    }

    /// A file is one table: two tables with one name of file could not be told apart.
    fn check_names(&self, before: &[LayoutTable], table: &LayoutTable, entry: &Entry) {
        for other in before {
            if let Some(name) = table.files.iter().find(|name| other.files.contains(name)) {
                let message = format!(
                    "the tables `{}` and `{}` both have files named `{name}`",
                    other.name, table.name
                );
                self.problems.at(&entry.key_span, message);
            }
        }
    }

    /// What flags are written as.
    fn flags(&self, written: &[Entry]) -> BTreeMap<String, Value> {
        let flag = |entry: &Entry| {
            let value = to_json(&entry.value);
            if !matches!(value, Value::Bool(_) | Value::Null) {
                self.problems
                    .at(&entry.value.span, "a flag is `true`, `false` or nothing where it is not known");
            }
            (entry.key.clone(), value)
        };
        written.iter().map(flag).collect()
    }

    /// The parts of every table, if nothing is wrong with them: each problem is said once and not for each table.
    fn common<'w>(&self, parts: &[&'w Written]) -> Vec<&'w Written> {
        let before = self.problems.count();
        for part in parts {
            self.part(part, &mut Columns { all: Vec::new() });
        }
        if self.problems.count() == before { parts.to_vec() } else { Vec::new() }
    }

    fn table(&self, entry: &Entry, common: &Common<'_>, above: &mut [LayoutTable]) -> Option<LayoutTable> {
        let fields = Fields::read(&entry.value, &TABLE, self.problems)?;
        let mut columns = Columns { all: Vec::new() };
        let not_of_children = fields.text("not_of_children").map(str::to_owned);
        let child = fields.text("child").or(common.child).filter(|_| not_of_children.is_none());
        let child = child.map(|child| columns.index(child));
        if let Some(column) = child.and_then(|child| columns.all.get_mut(child)) {
            column.aliases.clone_from(&common.child_aliases);
            column.holds_ids = true;
        }
        let parent =
            fields.get("parent").and_then(|written| self.parent(written, common.in_xml, above, &mut columns));
        let mut parts = fields.many("parts");
        if not_of_children.is_none() {
            self.check_children(entry, &fields, (child, parent), common);
            parts.extend(&common.parts);
        } else if let Some(part) = parts.first() {
            self.problems.at(&part.span, "a table that is about no child fills no part of a record");
        }
        let parts: Vec<Part> = parts.into_iter().filter_map(|part| self.part(part, &mut columns)).collect();
        self.unused(&fields, &mut columns);
        let mut files = vec![normalised(&entry.key)];
        files.extend(texts(&fields.many("files")).iter().map(|name| normalised(name)));
        Some(LayoutTable {
            name: entry.key.clone(),
            files,
            columns: columns.all,
            child,
            parent,
            children: Vec::new(),
            complete: fields.yes("complete"),
            not_of_children,
            parts,
        })
    }

    /// The rows of a table that is about children must find their children.
    fn check_children(
        &self,
        entry: &Entry,
        fields: &Fields<'_>,
        (child, parent): (Option<usize>, Option<Parent>),
        common: &Common<'_>,
    ) {
        let by_day = parent.is_some_and(|parent| matches!(parent.by, By::Day(..)));
        if by_day && child.is_none() {
            self.problems.with_help(
                &fields.span("parent"),
                "a parent that is found by a day needs the child's id",
                "write `child`, the column of the child's id",
            );
        }
        let has_parts = fields.get("parts").is_some() || !common.parts.is_empty();
        if child.is_none() && !common.in_xml && fields.get("parent").is_none() && has_parts {
            self.problems.with_help(
                &entry.key_span,
                format!("the rows of `{}` belong to no child", entry.key),
                "write `child`, the column of the child's id, or `parent`, the table to whose rows they belong",
            );
        }
    }

    /// Columns without a place: each with its reason, or groups of them with one.
    fn unused(&self, fields: &Fields<'_>, columns: &mut Columns) {
        let Some(written) = fields.get("unused") else { return };
        for entry in entries(Some(written)) {
            let why = entry.value.text();
            if why.is_none() {
                self.problems.at(&entry.value.span, "say in one sentence why it has no place");
            }
            self.unused_column(&entry.key, &entry.key_span, why.unwrap_or_default(), columns);
        }
        if let What::List(groups) = &written.what {
            for group in groups {
                let Some(group) = Fields::read(group, &UNUSED, self.problems) else { continue };
                for column in group.many("columns") {
                    let why = group.text("why").unwrap_or_default();
                    self.unused_column(column.text().unwrap_or_default(), &column.span, why, columns);
                }
            }
        }
    }

    fn unused_column(&self, name: &str, span: &Range<usize>, why: &str, columns: &mut Columns) {
        if columns.all.iter().any(|column| column.name == name) {
            self.problems
                .at(span, format!("the column `{name}` has a place in the record, so it is not unused"));
            return;
        }
        let at = columns.index(name);
        if let Some(column) = columns.all.get_mut(at) {
            column.unused = Some(why.to_owned());
        }
    }
}

/// Says of each part of a table how far its place lies beneath an item that the rows of the tables above it make.
fn set_under(table: &mut LayoutTable, above: &[LayoutTable]) {
    let mut parent = table.parent;
    while let Some(other) = parent.and_then(|parent| above.get(parent.table)) {
        for part in &mut table.parts {
            let items = other.parts.iter().filter(|item| item.makes_item());
            let far = items.filter(|item| part.steps.starts_with(&item.steps)).map(|item| item.steps.len());
            part.under = far.chain([part.under]).max().unwrap_or(0);
        }
        parent = other.parent;
    }
}

pub(super) fn entries(written: Option<&Written>) -> &[Entry] {
    match written {
        Some(Written { what: What::Map(entries), .. }) => entries,
        _ => &[],
    }
}

pub(super) fn texts(written: &[&Written]) -> Vec<String> {
    written.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}
