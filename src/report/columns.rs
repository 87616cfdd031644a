//! The columns of a finding in tables for people: the same in CSV, in worklists and in the workbook.

use crate::model::Day;
use crate::report::rows::FindingRow;
use crate::report::rows::RecordRow;

/// What stands in a cell. Ids are text, so that no program shortens them or takes them for numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, a code or an id.
    Text(String),
    /// A day.
    Date(Day),
    /// A whole number.
    Number(i64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<&Option<String>> for Cell {
    fn from(text: &Option<String>) -> Self {
        text.as_deref().map_or(Self::Empty, Self::from)
    }
}

impl From<Option<Day>> for Cell {
    fn from(day: Option<Day>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

/// A finding with its record.
#[derive(Clone, Copy, Debug)]
pub struct Told<'r> {
    /// The record.
    pub record: &'r RecordRow,
    /// The finding.
    pub finding: &'r FindingRow,
}

/// A column: its name for machines, its name for people, how wide it is in characters, what stands in it.
pub struct Column {
    /// `due_on`.
    pub name: &'static str,
    /// `Due on`.
    pub title: &'static str,
    /// In characters.
    pub width: u16,
    /// What stands in it.
    pub cell: fn(&Told<'_>) -> Cell,
}

macro_rules! columns {
    ($($name:literal, $title:literal, $width:literal => |$told:ident| $cell:expr;)+) => {
        /// Every column, in order.
        pub static COLUMNS: &[Column] = &[$(Column { name: $name, title: $title, width: $width, cell: |$told| $cell }),+];
    };
}

columns! {
    "child_id", "Child", 14 => |told| Cell::from(&told.record.id);
    "locality", "Locality", 14 => |told| Cell::from(&told.record.locality);
    "team", "Team", 22 => |told| Cell::from(&told.record.team);
    "worker_id", "Worker", 10 => |told| Cell::from(&told.record.worker_id);
    "severity", "Severity", 9 => |told| told.finding.severity.word().into();
    "outcome", "Outcome", 12 => |told| told.finding.outcome.word().into();
    "message", "What to do", 60 => |told| told.finding.message.as_str().into();
    "started_on", "Clock started", 12 => |told| told.finding.timing.as_ref().and_then(|clock| clock.started_on).into();
    "due_on", "Due on", 12 => |told| told.finding.timing.as_ref().and_then(|clock| clock.due_on).into();
    "done_on", "Done on", 12 => |told| told.finding.timing.as_ref().and_then(|clock| clock.done_on).into();
    "over", "Over by", 9 => |told| match &told.finding.timing {
        Some(clock) if clock.days_over > 0 => Cell::Number(clock.days_over),
        _ => Cell::Empty,
    };
    "unit", "Unit", 13 => |told| match &told.finding.timing {
        Some(clock) if clock.days_over > 0 => clock.unit.as_str().into(),
        _ => Cell::Empty,
    };
    "rule", "Rule", 11 => |told| told.finding.rule.id.as_str().into();
    "revision", "Revision", 8 => |told| Cell::Number(i64::from(told.finding.rule.revision));
    "title", "Standard of recording", 50 => |told| told.finding.rule.title.as_str().into();
    "standard", "Area", 18 => |told| told.finding.standard.as_str().into();
    "force", "Force", 8 => |told| told.finding.force.as_str().into();
    "reliability", "Reliability", 16 => |told| told.finding.reliability.as_str().into();
    "fix", "How to put it right", 60 => |told| told.finding.fix.as_str().into();
    "subject", "Part of the record", 40 => |told| told.finding.subject.path.as_str().into();
    "known_by", "Known by", 40 => |told| told.finding.subject.key_in_words().as_str().into();
    "field_names", "In the returns", 26 => |told| {
        let names = told.finding.field_names.iter().map(|(standard, name)| format!("{standard}: {name}"));
        names.collect::<Vec<_>>().join("; ").as_str().into()
    };
    "instrument", "Written in", 40 => |told| Cell::from(&told.finding.source.instrument);
    "paragraph", "Paragraph", 16 => |told| Cell::from(&told.finding.source.paragraph);
    "url", "Link", 40 => |told| Cell::from(&told.finding.source.url);
    "basis", "Basis", 10 => |told| Cell::from(&told.finding.source.basis);
    "verified", "Text read", 9 => |told| match told.finding.source.verified {
        Some(true) => "yes".into(),
        Some(false) => "no".into(),
        None => Cell::Empty,
    };
    "change", "Change", 8 => |told| Cell::from(&told.finding.change);
    "waiver", "Waiver", 24 => |told| match &told.finding.waiver {
        Some(waiver) => format!("{} ({})", waiver.id, waiver.disposition).as_str().into(),
        None => Cell::Empty,
    };
    "file", "File", 24 => |told| told.finding.at.as_ref().map_or(Cell::Empty, |at| Cell::from(&at.file));
    "line", "Line", 8 => |told| match told.finding.at.as_ref().and_then(|at| at.line) {
        Some(line) => Cell::Number(i64::try_from(line).unwrap_or(i64::MAX)),
        None => Cell::Empty,
    };
    "cell", "Cell", 16 => |told| Cell::from(&told.finding.at.as_ref().and_then(crate::model::Place::in_sheet));
    "column", "Column", 12 => |told| told.finding.at.as_ref().map_or(Cell::Empty, |at| Cell::from(&at.column));
    "finding_id", "Finding", 34 => |told| told.finding.finding_id.as_str().into();
}
