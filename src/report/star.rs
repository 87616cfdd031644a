//! A star of tables for programs that make charts: one table of findings, one of counts, and the tables that their keys lead to. Columns
//! and their order stay as they are, so that what was made for one run takes the next.
//!
//! Children have a pseudonym under a key of the caller's, the same in every run under that key; no id of a child is in any of the tables.
//! A finding has one too: whoever knows children's ids could make its own id from each and compare.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::Day;
use crate::model::Outcome;
use crate::report::Summary;
use crate::report::columns::Told;
use crate::report::rows::RecordRow;
use crate::report::rows::ReportError;
use crate::rules::Pack;
use crate::store::Secret;
use crate::tables::TableWriter;

/// The tables, each with its columns.
const FINDINGS: [&str; 19] = [
    "run_key",
    "finding_key",
    "rule_key",
    "child_key",
    "team_key",
    "outcome",
    "severity",
    "change",
    "waived",
    "started_on_key",
    "due_on_key",
    "done_on_key",
    "days_over",
    "unit",
    "subject_path",
    "file",
    "line",
    "column",
    "findings",
];
const COUNTS: [&str; 4] = ["run_key", "rule_key", "outcome", "results"];
const CHILDREN: [&str; 4] = ["child_key", "team_key", "verdict", "run_key"];
const TEAMS: [&str; 4] = ["team_key", "locality", "team", "worker_id"];
const RULES: [&str; 9] =
    ["rule_key", "rule", "revision", "title", "standard", "standard_title", "severity", "force", "dimension"];
const DATES: [&str; 7] = ["date_key", "date", "year", "month", "day", "weekday", "working_day"];
const RUNS: [&str; 10] = [
    "run_key",
    "as_at_key",
    "records",
    "unreadable",
    "partial",
    "pack",
    "pack_version",
    "pack_digest",
    "overlay",
    "engine",
];

/// A table of the star: CSV, and Parquet beside it where the program was built so.
struct Table {
    csv: TableWriter<BufWriter<File>>,
    #[cfg(feature = "parquet")]
    parquet: crate::report::parquet::ParquetTable,
}

impl Table {
    fn write<const N: usize>(&mut self, cells: [String; N]) -> Result<(), ReportError> {
        #[cfg(feature = "parquet")]
        self.parquet.write(&cells)?;
        Ok(self.csv.write(cells)?)
    }

    fn finish(self) -> Result<(), ReportError> {
        #[cfg(feature = "parquet")]
        self.parquet.finish()?;
        Ok(self.csv.finish()?)
    }
}

/// Whose records: locality, team, worker.
type Owners = (String, String, String);

/// Writes the star.
pub struct Star {
    folder: PathBuf,
    secret: Arc<Secret>,
    findings: Table,
    children: Table,
    /// The digest of the results, which is the key of the run.
    run: String,
    /// Rules of the record schema that found fault, with title, severity and force.
    shapes: BTreeMap<String, [String; 3]>,
    teams: BTreeMap<Owners, usize>,
    days: BTreeSet<Day>,
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn date_key(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}{month:02}{day:02}")
}

impl Star {
    /// Starts the tables in a folder, which is made anew.
    pub fn start(folder: PathBuf, run: String, secret: Arc<Secret>) -> Result<Self, ReportError> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let findings = table(&folder, "fact_finding", &FINDINGS)?;
        let children = table(&folder, "dim_child", &CHILDREN)?;
        let (shapes, teams, days) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Ok(Self { folder, secret, findings, children, run, shapes, teams, days })
    }

    fn team(&mut self, record: &RecordRow) -> String {
        let owners =
            (text(record.locality.as_ref()), text(record.team.as_ref()), text(record.worker_id.as_ref()));
        let next = self.teams.len() + 1;
        (*self.teams.entry(owners).or_insert(next)).to_string()
    }

    fn child(&self, record: &RecordRow) -> String {
        record.id.as_deref().map_or_else(String::new, |id| self.secret.pseudonym(id))
    }

    /// Takes in a record.
    pub fn record(&mut self, record: &RecordRow, verdict: &str) -> Result<(), ReportError> {
        let (child, team) = (self.child(record), self.team(record));
        self.children.write([child, team, verdict.to_owned(), self.run.clone()])
    }

    /// Takes in a finding.
    pub fn finding(&mut self, told: &Told<'_>) -> Result<(), ReportError> {
        let Told { record, finding } = *told;
        if finding.rule.id.starts_with("SCHEMA.") && !self.shapes.contains_key(&finding.rule.id) {
            let facts =
                [finding.rule.title.clone(), finding.severity.word().to_owned(), finding.force.clone()];
            self.shapes.insert(finding.rule.id.clone(), facts);
        }
        let clock = finding.timing.as_ref();
        let days = [
            clock.and_then(|clock| clock.started_on),
            clock.and_then(|clock| clock.due_on),
            clock.and_then(|clock| clock.done_on),
        ];
        self.days.extend(days.into_iter().flatten());
        let [started, due, done] = days.map(|day| day.map_or_else(String::new, date_key));
        let over = clock.map_or(0, |clock| clock.days_over);
        let at = finding.at.as_ref();
        let row = [
            self.run.clone(),
            self.secret.pseudonym(&finding.finding_id),
            finding.rule.id.clone(),
            self.child(record),
            self.team(record),
            finding.outcome.word().to_owned(),
            finding.severity.word().to_owned(),
            text(finding.change.as_ref()),
            u8::from(finding.waiver.is_some()).to_string(),
            started,
            due,
            done,
            over.to_string(),
            clock.map_or_else(String::new, |clock| clock.unit.clone()),
            finding.subject.path.clone(),
            text(at.and_then(|at| at.file.as_ref())),
            at.and_then(|at| at.line).map_or_else(String::new, |line| line.to_string()),
            text(at.and_then(|at| at.column.as_ref())),
            "1".to_owned(),
        ];
        self.findings.write(row)
    }

    /// Ends the tables.
    pub fn finish(mut self, summary: &Summary<'_>, pack: &Pack) -> Result<(), ReportError> {
        self.findings.finish()?;
        self.children.finish()?;
        counts(&self.folder, summary, &self.run)?;
        rules(&self.folder, summary, pack, self.shapes)?;
        let mut teams = table(&self.folder, "dim_team", &TEAMS)?;
        let mut keyed: Vec<(usize, Owners)> =
            self.teams.into_iter().map(|(owners, key)| (key, owners)).collect();
        keyed.sort();
        for (key, (locality, team, worker)) in keyed {
            teams.write([key.to_string(), locality, team, worker])?;
        }
        teams.finish()?;
        self.days.insert(summary.as_at);
        dates(&self.folder, &self.days, summary.as_at, pack)?;
        let mut runs = table(&self.folder, "dim_run", &RUNS)?;
        let [name, version, digest] = summary.pack.map(str::to_owned);
        runs.write([
            self.run,
            date_key(summary.as_at),
            summary.records.to_string(),
            summary.unreadable.to_string(),
            u8::from(summary.partial).to_string(),
            name,
            version,
            digest,
            summary.overlay.clone().unwrap_or_default(),
            summary.engine.to_owned(),
        ])?;
        runs.finish()
    }
}

fn table(folder: &Path, name: &str, columns: &[&str]) -> Result<Table, ReportError> {
    let file = BufWriter::new(File::create(folder.join(format!("{name}.csv")))?);
    Ok(Table {
        csv: TableWriter::start(file, columns.iter().copied())?,
        #[cfg(feature = "parquet")]
        parquet: crate::report::parquet::ParquetTable::start(
            &folder.join(format!("{name}.parquet")),
            columns,
        )?,
    })
}

fn counts(folder: &Path, summary: &Summary<'_>, run: &str) -> Result<(), ReportError> {
    let mut counts = table(folder, "fact_check_count", &COUNTS)?;
    for line in &summary.rules {
        for outcome in Outcome::ALL {
            let results = line.counts.get(*outcome);
            if results > 0 {
                counts.write([
                    run.to_owned(),
                    line.id.to_owned(),
                    outcome.word().to_owned(),
                    results.to_string(),
                ])?;
            }
        }
    }
    counts.finish()
}

fn rules(
    folder: &Path,
    summary: &Summary<'_>,
    pack: &Pack,
    shapes: BTreeMap<String, [String; 3]>,
) -> Result<(), ReportError> {
    let mut rules = table(folder, "dim_rule", &RULES)?;
    for line in &summary.rules {
        let Some(facts) = pack.facts_of(line.id) else { continue };
        let standard = summary.standards.iter().find(|standard| standard.id == line.standard);
        rules.write([
            line.id.to_owned(),
            line.id.to_owned(),
            facts.revision.to_string(),
            facts.title.clone(),
            line.standard.to_owned(),
            standard.map_or("", |standard| standard.title).to_owned(),
            facts.severity.word().to_owned(),
            facts.force.word().to_owned(),
            facts.dimension.word().to_owned(),
        ])?;
    }
    for (id, [title, severity, force]) in shapes {
        let area = "schema".to_owned();
        let words = "Shape of the record".to_owned();
        rules.write([
            id.clone(),
            id,
            "1".to_owned(),
            title,
            area,
            words,
            severity,
            force,
            "validity".to_owned(),
        ])?;
    }
    rules.finish()
}

/// Every day from the first to the last that the findings name, so that a chart has no gaps; days that are far from the run stand alone.
fn dates(folder: &Path, days: &BTreeSet<Day>, as_at: Day, pack: &Pack) -> Result<(), ReportError> {
    const WEEKDAYS: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    /// As many days around a run, some forty years, are filled.
    const NEAR: i32 = 15_000;
    let near = |day: &&Day| day.days_since(as_at).abs() <= NEAR;
    let mut all = days.clone();
    if let (Some(first), Some(last)) = (days.iter().find(near), days.iter().rev().find(near)) {
        all.extend((0..=last.days_since(*first)).filter_map(|number| first.plus_days(number)));
    }
    let mut dates = table(folder, "dim_date", &DATES)?;
    for day in all {
        let (year, month, of_month) = day.ymd();
        let weekday = usize::try_from(day.weekday()).ok().and_then(|at| WEEKDAYS.get(at)).copied();
        let working = pack.calendar.is_working_day(day);
        dates.write([
            date_key(day),
            day.to_string(),
            year.to_string(),
            month.to_string(),
            of_month.to_string(),
            weekday.unwrap_or_default().to_owned(),
            working.map_or_else(String::new, |working| u8::from(working).to_string()),
        ])?;
    }
    dates.finish()
}

#[cfg(test)]
mod tests {
    use super::COUNTS;
    use super::FINDINGS;

    /// What others have made for these tables must take the next run too: a column may be added at the end, never moved or renamed.
    #[test]
    fn the_columns_stand_where_they_stood() {
        assert_eq!(FINDINGS.first(), Some(&"run_key"));
        assert_eq!(FINDINGS.iter().position(|column| *column == "due_on_key"), Some(10));
        assert_eq!(COUNTS, ["run_key", "rule_key", "outcome", "results"]);
    }
}
