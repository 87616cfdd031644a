//! Reads a mapping file into a layout: checked against the record schema, every problem at once with its place. The parts of a table are
//! read in `read_part`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::extracts::forms::LAYOUT;
use crate::extracts::forms::TABLE;
use crate::extracts::forms::UNUSED;
use crate::extracts::forms::XML;
use crate::extracts::layout::By;
use crate::extracts::layout::DateForm;
use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutColumn;
use crate::extracts::layout::LayoutTable;
use crate::extracts::layout::Part;
use crate::extracts::layout::XmlLayout;
use crate::form::Entry;
use crate::form::Fields;
use crate::form::Problems;
use crate::form::What;
use crate::form::Written;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::schema::Shape;
use crate::tables::normalised;

/// Reads one mapping file. The layout is named as the file is.
pub fn read_layout(file: &Arc<SourceFile>, record: &Shape) -> Result<Layout, Vec<Problem>> {
    let written = crate::form::read(file).map_err(|problem| vec![problem])?;
    let problems = Problems::of(file);
    let layout = Reader { record, problems: &problems }.layout(file, &written);
    match layout {
        Some(layout) if problems.is_empty() => Ok(layout),
        _ if problems.is_empty() => Err(vec![Problem::at(file, 0..0, "this layout could not be read")]),
        _ => Err(problems.into_vec()),
    }
}

pub(super) struct Reader<'r> {
    pub(super) record: &'r Shape,
    pub(super) problems: &'r Problems,
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
    fn layout(&self, file: &SourceFile, written: &Written) -> Option<Layout> {
        let fields = Fields::read(written, &LAYOUT, self.problems)?;
        let aliases = texts(&fields.many("child_aliases"));
        let xml = fields.get("xml").and_then(|written| self.xml(written));
        let in_xml = fields.get("xml").is_some();
        let child = xml.as_ref().map(|xml| xml.id.as_str()).or(fields.text("child"));
        let mut tables: Vec<LayoutTable> = Vec::new();
        for entry in entries(fields.get("tables")) {
            if let Some(mut table) = self.table(entry, (child, &aliases, in_xml), &mut tables) {
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
            dates: fields.many("dates").iter().filter_map(|item| date_form(item.text()?)).collect(),
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

    fn table(
        &self,
        entry: &Entry,
        (child, child_aliases, in_xml): (Option<&str>, &[String], bool),
        above: &mut [LayoutTable],
    ) -> Option<LayoutTable> {
        let fields = Fields::read(&entry.value, &TABLE, self.problems)?;
        let mut columns = Columns { all: Vec::new() };
        let child = fields.text("child").or(child).map(|child| columns.index(child));
        if let Some(column) = child.and_then(|child| columns.all.get_mut(child)) {
            column.aliases = child_aliases.to_vec();
            column.holds_ids = true;
        }
        let parent =
            fields.get("parent").and_then(|written| self.parent(written, in_xml, above, &mut columns));
        let parts: Vec<Part> =
            fields.many("parts").into_iter().filter_map(|part| self.part(part, &mut columns)).collect();
        self.unused(&fields, &mut columns);
        let by_day = parent.is_some_and(|parent| matches!(parent.by, By::Day(..)));
        if by_day && child.is_none() {
            self.problems.with_help(
                &fields.span("parent"),
                "a parent that is found by a day needs the child's id",
                "write `child`, the column of the child's id",
            );
        }
        if child.is_none() && !in_xml && fields.get("parent").is_none() && fields.get("parts").is_some() {
            self.problems.with_help(
                &entry.key_span,
                format!("the rows of `{}` belong to no child", entry.key),
                "write `child`, the column of the child's id, or `parent`, the table to whose rows they belong",
            );
        }
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
            parts,
        })
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

fn date_form(word: &str) -> Option<DateForm> {
    Some(match word {
        "dd/mm/yyyy" => DateForm::DayMonthYear,
        "yyyy-mm-dd" => DateForm::Iso,
        "d-mmm-yy" => DateForm::DayNameYear,
        "excel_serial" => DateForm::ExcelSerial,
        _ => return None,
    })
}
