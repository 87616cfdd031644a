//! The sheets of a workbook that hold the figures of a run: its cover, its standards, its rules, what all of it rests on.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::extracts::ExtractFacts;
use crate::extracts::table_name;
use crate::model::Outcome;
use crate::model::OutcomeCounts;
use crate::model::Severity;
use crate::report::Summary;
use crate::report::columns::Cell;
use crate::report::rows::NotReadRow;
use crate::report::rows::ReportError;
use crate::report::workbook::Book;

type Columns = &'static [(&'static str, u16)];

const COUNTS: Columns = &[
    ("Id", 18),
    ("Title", 60),
    ("Met", 9),
    ("Met late", 9),
    ("Not yet due", 11),
    ("Overdue", 9),
    ("Breached", 9),
    ("Not applicable", 13),
    ("Cannot tell", 11),
    ("Rule error", 10),
    ("Was due", 9),
    ("Done in time, %", 14),
    ("Low, %", 9),
    ("High, %", 9),
];

/// The sheets, in order, with their columns.
pub const SHEETS: &[(&str, Columns)] = &[
    ("Cover", &[("casecheck", 34), ("", 80)]),
    ("Standards", COUNTS),
    ("Rules", COUNTS),
    ("Assumptions", &[("What", 26), ("Which", 34), ("How much", 80)]),
    ("Not read", &[("File", 34), ("Line", 9), ("Code", 20), ("What is wrong", 100)]),
];

fn number(count: u64) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn percent(share: Option<f64>) -> Cell {
    share.map_or(Cell::Empty, |share| Cell::Text(format!("{share:.1}")))
}

fn counts(id: &str, title: &str, counts: &OutcomeCounts) -> Vec<Cell> {
    let rate = crate::measures::Rate::of(counts);
    let mut cells = vec![Cell::from(id), Cell::from(title)];
    cells.extend(Outcome::ALL.iter().map(|outcome| number(counts.get(*outcome))));
    // A rate of fewer than ten is no rate (`measures.md`): the counts beside it say it all.
    let rated = rate.denominator >= 10;
    cells.push(number(rate.denominator));
    cells.push(percent(rate.done_in_time.filter(|_| rated)));
    let interval = rate.interval.filter(|_| rated);
    cells.push(percent(interval.map(|interval| interval.low)));
    cells.push(percent(interval.map(|interval| interval.high)));
    cells
}

/// Fills the sheets.
pub fn fill(book: &mut Book, summary: &Summary<'_>) -> Result<(), ReportError> {
    let [name, version, digest] = summary.pack;
    let found = Severity::ALL.iter().rev().filter_map(|severity| {
        summary.findings.get(severity.word()).map(|count| format!("{severity} {count}"))
    });
    let found: Vec<String> = found.collect();
    let count = |count: u64| Cell::Text(count.to_string());
    let cover = [
        ("As at", Cell::Text(summary.as_at.to_string())),
        ("Records read", count(summary.records)),
        ("Records that could not be read", count(summary.unreadable)),
        ("Records with findings", count(summary.records_with_findings)),
        ("Findings by severity", Cell::Text(found.join(", "))),
        ("Rules", Cell::Text(format!("{name} {version}"))),
        ("Digest of the rules", Cell::from(digest)),
        ("Overlay", Cell::from(&summary.overlay)),
        ("Calendar", Cell::from(summary.calendar.as_str())),
        ("Digest of the record schema", Cell::from(summary.schema_digest)),
        ("Made by", Cell::from(summary.engine)),
        (
            "Stopped before its end",
            Cell::from(if summary.partial {
                "yes: these figures are of the records that were read"
            } else {
                "no"
            }),
        ),
    ];
    for (what, which) in cover {
        book.plain("Cover", &[Cell::from(what), which])?;
    }
    for line in &summary.standards {
        book.plain("Standards", &counts(line.id, line.title, &line.counts))?;
    }
    for line in &summary.rules {
        book.plain("Rules", &counts(line.id, line.title, &line.counts))?;
    }
    if let Some(extract) = &summary.extract {
        of_extract(book, extract)?;
    }
    for (section, lack) in &summary.not_sent {
        let much = format!("{} rules could not be judged in {} records", lack.rules.len(), lack.records);
        book.plain("Assumptions", &["Not sent".into(), section.as_str().into(), Cell::Text(much)])?;
    }
    for line in &summary.waivers {
        let much = format!("{}: fitted {} findings, until {}", line.state, line.findings, line.expires_on);
        book.plain(
            "Assumptions",
            &["Waiver".into(), format!("{} ({})", line.id, line.rule).as_str().into(), Cell::Text(much)],
        )?;
    }
    Ok(())
}

/// Writes down a record that could not be read.
pub fn not_read(book: &mut Book, row: &NotReadRow) -> Result<(), ReportError> {
    let line = row.at.line.map_or(Cell::Empty, number);
    let cells =
        [Cell::from(&row.at.file), line, row.error.code.as_str().into(), row.error.message.as_str().into()];
    book.plain("Not read", &cells)
}

/// What was done to read an extract, and what could not be judged for want of something.
fn of_extract(book: &mut Book, extract: &ExtractFacts) -> Result<(), ReportError> {
    for table in &extract.tables {
        let much = format!("{} rows of {}, {}", table.rows, table.table, table.encoding);
        book.plain(
            "Assumptions",
            &["Table".into(), Cell::Text(table_name(&table.file, table.sheet.as_deref())), Cell::Text(much)],
        )?;
    }
    for table in &extract.not_given {
        book.plain("Assumptions", &["Not given".into(), table.as_str().into(), Cell::Empty])?;
    }
    for table in extract.tables.iter().filter(|table| !table.missing.is_empty()) {
        let name = table_name(&table.file, table.sheet.as_deref());
        let missing = format!("{}: {}", table.table, table.missing.join(", "));
        let cells = ["Not there".into(), Cell::Text(name), Cell::Text(missing)];
        book.plain("Assumptions", &cells)?;
    }
    for file in &extract.not_recognised {
        book.plain(
            "Assumptions",
            &["Not read".into(), file.as_str().into(), "no table of the layout".into()],
        )?;
    }
    for one in &extract.not_used {
        let cells = ["Not read".into(), one.file.as_str().into(), one.why.as_str().into()];
        book.plain("Assumptions", &cells)?;
    }
    for one in &extract.not_of_children {
        let cells = ["Not read".into(), one.file.as_str().into(), one.why.as_str().into()];
        book.plain("Assumptions", &cells)?;
    }
    for sheet in &extract.other_sheets {
        book.plain(
            "Assumptions",
            &["Not read".into(), sheet.as_str().into(), "no table of children".into()],
        )?;
    }
    for line in &extract.coercions {
        let column = if line.column.is_empty() { String::new() } else { format!(" column {}", line.column) };
        let place = format!("{}{column}", line.table());
        let much = format!("{} {}: {}", line.count, line.kind.words(), line.places(line.lines.len()));
        book.plain("Assumptions", &["Coercion".into(), place.as_str().into(), Cell::Text(much)])?;
    }
    let mut lacking: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for line in &extract.not_run {
        lacking
            .entry(line.lack.words(&extract.layout))
            .or_default()
            .extend(line.rules.iter().map(String::as_str));
    }
    for (lack, rules) in lacking {
        let rules: Vec<&str> = rules.into_iter().collect();
        let much = format!("{} rules: {}", rules.len(), rules.join(", "));
        book.plain("Assumptions", &["Could not run".into(), Cell::Text(lack), Cell::Text(much)])?;
    }
    Ok(())
}
