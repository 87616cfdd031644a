//! Which file is which table of which layout: by the file's name and by its columns. What is not certain is asked, with the candidates.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::Serialize;

use crate::extracts::layout::Layout;
use crate::extracts::layout::LayoutTable;
use crate::extracts::opened::Recognised;
use crate::tables::Document;
use crate::tables::Found;
use crate::tables::Table;
use crate::tables::Wanted;
use crate::tables::match_columns;
use crate::tables::normalised;

/// A name in a header that somebody has confirmed to be a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Confirmed {
    /// The name as the file has it.
    pub written: String,
    /// The column of the layout.
    pub column: String,
}

impl Confirmed {
    /// What to write.
    pub const FORM: &str = "write the name in the file, `=`, and the column of the layout";

    /// Reads `WRITTEN=COLUMN`. A name in a file may hold `=`; a column's never does.
    pub fn parse(text: &str) -> Option<Self> {
        let (written, column) = text.rsplit_once('=')?;
        let (written, column) = (written.trim(), column.trim());
        (!written.is_empty() && !column.is_empty())
            .then(|| Self { written: written.to_owned(), column: column.to_owned() })
    }
}

/// What is said of a file among tables that is none.
pub fn no_table(file: &str) -> String {
    format!("{file} is no table of the layout, and was not read")
}

/// Why files cannot be read as an extract. Messages name files, tables and columns, never what stands in a cell; what to do is said in the
/// names that the command line, the interface and the pages have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrecognised {
    /// There is no layout of this name; those that there are.
    NoLayout(String, Vec<String>),
    /// No layout knows any of the files.
    Nothing(Vec<String>),
    /// A file, or all of them, could be several things.
    Ambiguous(String, Vec<String>),
    /// A file has no column for the child's id.
    NoChild {
        /// The file.
        file: String,
        /// The table it seems to be.
        table: String,
        /// The column that is missing.
        column: String,
        /// The number of the column that it may be, from 1.
        perhaps: Option<usize>,
    },
    /// Two columns of a file are the same one.
    Twice {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The numbers of both, from 1.
        both: [usize; 2],
    },
    /// Two files are the same table.
    SameTable(String, [String; 2]),
}

impl fmt::Display for Unrecognised {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLayout(name, known) => {
                write!(out, "there is no layout `{name}`; there are: {}", known.join(", "))
            }
            Self::Nothing(files) => write!(
                out,
                "no layout knows {}: name it after its table and keep the columns' names, or say which `layout` it is of",
                files.join(", ")
            ),
            Self::Ambiguous(what, candidates) => write!(
                out,
                "{what} may be {}: say which `layout` it is, or name the file after its table",
                candidates.join(" or ")
            ),
            Self::NoChild { file, table, column, perhaps } => {
                write!(out, "{file}: the table `{table}` needs the column `{column}`")?;
                match perhaps {
                    Some(number) => write!(out, "; is it column {number}? Then confirm that `column`"),
                    None => Ok(()),
                }
            }
            Self::Twice { file, column, both: [first, second] } => {
                write!(out, "{file}: the columns {first} and {second} are both `{column}`; take one out")
            }
            Self::SameTable(table, [first, second]) => {
                write!(out, "{first} and {second} are both the table `{table}`; give one of them")
            }
        }
    }
}

impl std::error::Error for Unrecognised {}

/// Files that have been opened.
#[derive(Default)]
pub struct Sources {
    /// Tables, each with rows of its own.
    pub tables: Vec<Table>,
    /// XML documents, which hold several tables.
    pub documents: Vec<Document>,
}

impl From<Vec<Table>> for Sources {
    fn from(tables: Vec<Table>) -> Self {
        Self { tables, documents: Vec::new() }
    }
}

impl Sources {
    fn names(&self) -> Vec<String> {
        let documents = self.documents.iter().map(|document| document.file().to_owned());
        self.tables.iter().map(Table::name).chain(documents).collect()
    }
}

/// How a file fits a table.
pub(super) struct Fit {
    pub(super) table: usize,
    by_name: bool,
    pub(super) found: Found,
    pub(super) header: usize,
}

impl Fit {
    fn matched(&self) -> usize {
        self.found.columns.iter().flatten().count()
    }

    /// Whether the file may be this table: its name says so and a column fits, or three columns of four do.
    fn is_near(&self, of: &LayoutTable) -> bool {
        let used = of.columns.iter().filter(|column| column.unused.is_none()).count();
        let needed = if used == 0 { of.columns.len() } else { used };
        self.by_name && self.matched() > 0 || self.has_child(of) && self.matched() * 4 >= needed * 3
    }

    /// Whether it is known to which child a row belongs, or to which row of another table; of rows that are not read nobody asks.
    pub(super) fn has_child(&self, of: &LayoutTable) -> bool {
        self.has_id(of) || !of.is_used()
    }

    fn has_id(&self, of: &LayoutTable) -> bool {
        of.ids().any(|column| self.found.columns.get(column).is_some_and(Option::is_some))
    }
}

/// Whether the name of a sheet, or else of a file, says that it is this table: the name itself, or words of it that stand together.
fn is_named(file: &Table, table: &LayoutTable) -> bool {
    let of_file = || Path::new(file.file()).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = file.sheet().map(str::to_owned).or_else(of_file).unwrap_or_default();
    let words: Vec<String> = stem.split(|letter: char| !letter.is_alphanumeric()).map(normalised).collect();
    let together = |from: usize| (from..words.len()).map(move |to| (from, to));
    (0..words.len())
        .flat_map(together)
        .filter_map(|(from, to)| words.get(from..=to))
        .any(|some| table.files.contains(&some.concat()))
}

fn fit(table: &Table, at: usize, of: &LayoutTable, by_name: bool, confirmed: &[Confirmed]) -> Fit {
    let aliases: Vec<Vec<String>> = of
        .columns
        .iter()
        .map(|column| {
            let named = confirmed.iter().filter(|one| one.column == column.name);
            column.aliases.iter().cloned().chain(named.map(|one| one.written.clone())).collect()
        })
        .collect();
    let wanted: Vec<Wanted<'_>> = of
        .columns
        .iter()
        .zip(&aliases)
        .map(|(column, aliases)| Wanted { name: &column.name, aliases })
        .collect();
    let known: Vec<String> = wanted
        .iter()
        .flat_map(|one| std::iter::once(one.name).chain(one.aliases.iter().map(String::as_str)))
        .map(normalised)
        .collect();
    let header = table.header(&|cell: &str| known.contains(&normalised(cell)));
    let found = table.head_row(header).map_or_else(Found::default, |row| match_columns(row.cells(), &wanted));
    Fit { table: at, by_name, found, header }
}

/// The table of a layout that a file is, if any; the names of several when it cannot be told.
fn best(table: &Table, layout: &Layout, confirmed: &[Confirmed]) -> Result<Option<Fit>, Vec<String>> {
    if layout.xml.is_some() {
        return Ok(None);
    }
    let of = |named: bool| -> Vec<Fit> {
        let tables = layout.tables.iter().enumerate();
        tables
            .filter(|(_, of)| is_named(table, of) == named)
            .map(|(at, of)| fit(table, at, of, named, confirmed))
            .filter(|fit| layout.tables.get(fit.table).is_some_and(|of| fit.is_near(of)))
            .collect()
    };
    let mut fits = of(true);
    if fits.is_empty() {
        fits = of(false);
    }
    let most = fits.iter().map(Fit::matched).max().unwrap_or(0);
    fits.retain(|fit| fit.matched() == most);
    if fits.len() > 1 {
        let name =
            |fit: &Fit| layout.tables.get(fit.table).map(|of| format!("`{}` of `{}`", of.name, layout.name));
        return Err(fits.iter().filter_map(name).collect());
    }
    Ok(fits.pop())
}

/// Whether a table has a column for the child's id by any table of a layout.
fn holds_children(table: &Table, layout: &Layout, confirmed: &[Confirmed]) -> bool {
    let mut tables = layout.tables.iter().enumerate();
    tables.any(|(at, of)| fit(table, at, of, false, confirmed).has_id(of))
}

/// Tells what each file is. A layout that is named is taken; otherwise the one that knows the most files, if only one does.
pub(super) fn recognise<'l>(
    layouts: &'l [Layout],
    named: Option<&str>,
    files: Sources,
    confirmed: &[Confirmed],
) -> Result<Recognised<'l>, Unrecognised> {
    let candidates: Vec<&Layout> =
        layouts.iter().filter(|layout| named.is_none_or(|name| layout.name == name)).collect();
    if let (Some(name), []) = (named, candidates.as_slice()) {
        let known = layouts.iter().map(|layout| layout.name.clone()).collect();
        return Err(Unrecognised::NoLayout(name.to_owned(), known));
    }
    let known = |layout: &Layout| {
        let tables = files.tables.iter().filter(|file| !matches!(best(file, layout, confirmed), Ok(None)));
        tables.count() + files.documents.iter().filter(|document| layout.knows(document)).count()
    };
    let counts: Vec<(usize, &Layout)> = candidates.iter().map(|layout| (known(layout), *layout)).collect();
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or(0);
    let likely: Vec<&Layout> =
        counts.iter().filter(|(count, _)| *count == most && most > 0).map(|(_, layout)| *layout).collect();
    match likely.as_slice() {
        [] => Err(Unrecognised::Nothing(files.names())),
        [layout] => as_layout(layout, files, confirmed),
        several => {
            let names = several.iter().map(|layout| format!("`{}`", layout.name)).collect();
            let what = match files.names().as_slice() {
                [one] => one.clone(),
                all => format!("these {} files", all.len()),
            };
            Err(Unrecognised::Ambiguous(what, names))
        }
    }
}

fn as_layout<'l>(
    layout: &'l Layout,
    files: Sources,
    confirmed: &[Confirmed],
) -> Result<Recognised<'l>, Unrecognised> {
    let mut all = Recognised::of(layout);
    for document in files.documents {
        all.take_document(document)?;
    }
    for file in files.tables {
        let name = file.name();
        match best(&file, layout, confirmed) {
            Err(candidates) => return Err(Unrecognised::Ambiguous(name, candidates)),
            Ok(None) if file.sheet().is_some() && !holds_children(&file, layout, confirmed) => {
                all.other_sheets.push(name);
            }
            Ok(None) => all.strangers.push(name),
            Ok(Some(fit)) => all.take(file, &fit)?,
        }
    }
    all.opened.sort_by_key(|opened| opened.table);
    Ok(all)
}
