//! The reports of a run as files, made of `results.ndjson` in one more pass, so that they say what was answered and memory stays flat. Each has
//! a temporary name until it is whole.

use std::fs;
use std::fs::File;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use sha2::Digest as _;
use sha2::Sha256;

use crate::model::hex;
use crate::report::Summary;
use crate::report::columns::Told;
use crate::report::figures;
use crate::report::junit::Junit;
use crate::report::rows::ReportError;
use crate::report::rows::Row;
use crate::report::rows::each_row;
use crate::report::sarif::Sarif;
use crate::report::star::Star;
use crate::report::table::Table;
use crate::report::workbook::Book;
use crate::report::worklists::Worklists;
use crate::rules::Pack;
use crate::store::Secret;

/// A form of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `report.csv`: one finding a line.
    Csv,
    /// `report.xlsx`: a workbook.
    Xlsx,
    /// `report.sarif`: for tools that show the results of analysis.
    Sarif,
    /// `report.junit.xml`: for tools that show test results.
    Junit,
    /// `worklists/`: a table for each team and each worker.
    Worklists,
    /// `star/`: tables for programs that make charts.
    Star,
}

impl Form {
    /// Its file or folder in the folder of the run.
    pub fn file(self) -> &'static str {
        match self {
            Self::Csv => "report.csv",
            Self::Xlsx => "report.xlsx",
            Self::Sarif => "report.sarif",
            Self::Junit => "report.junit.xml",
            Self::Worklists => "worklists",
            Self::Star => "star",
        }
    }
}

/// The reports that are being made.
#[derive(Default)]
struct Making {
    table: Option<Table<BufWriter<File>>>,
    sarif: Option<Sarif<BufWriter<File>>>,
    junit: Option<Junit>,
    book: Option<Book>,
    worklists: Option<Worklists>,
    star: Option<Star>,
}

/// Makes these reports in the folder that holds `results.ndjson`.
pub fn write_reports(
    folder: &Path,
    forms: &[Form],
    pack: &Pack,
    summary: &Summary<'_>,
    secret: Option<&Arc<Secret>>,
) -> Result<(), ReportError> {
    if forms.is_empty() {
        return Ok(());
    }
    let unfinished = |form: Form| folder.join(format!("{}.unfinished", form.file()));
    let create = |form: Form| File::create(unfinished(form)).map(BufWriter::new);
    let mut making = Making::default();
    for form in forms {
        match form {
            Form::Csv => making.table = Some(Table::start(create(*form)?)?),
            Form::Sarif => making.sarif = Some(Sarif::start(create(*form)?, pack)?),
            Form::Junit => making.junit = Some(Junit::default()),
            Form::Xlsx => making.book = Some(Book::start(figures::SHEETS)?),
            Form::Worklists => making.worklists = Some(Worklists::start(unfinished(*form))?),
            Form::Star => {
                let secret = secret.ok_or(ReportError::NoKey)?;
                making.star = Some(Star::start(unfinished(*form), run_key(folder)?, Arc::clone(secret))?);
            }
        }
    }
    let results = BufReader::with_capacity(1 << 20, File::open(folder.join("results.ndjson"))?);
    each_row(results, |row| making.see(row))?;
    making.finish((summary, pack), create)?;
    for form in forms {
        let place = folder.join(form.file());
        if place.is_dir() {
            fs::remove_dir_all(&place)?;
        }
        fs::rename(unfinished(*form), place)?;
    }
    Ok(())
}

/// The key of a run: the digest of its results.
fn run_key(folder: &Path) -> Result<String, ReportError> {
    let mut file = File::open(folder.join("results.ndjson"))?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut part)?;
        if length == 0 {
            return Ok(hex(hash.finalize().get(..8).unwrap_or_default()));
        }
        hash.update(part.get(..length).unwrap_or_default());
    }
}

impl Making {
    fn see(&mut self, row: &Row) -> Result<(), ReportError> {
        let answer = match row {
            Row::Answered(answer) => answer,
            Row::Across(answer) => {
                let record = &answer.across.record;
                return answer.findings.iter().try_for_each(|finding| self.tell(&Told { record, finding }));
            }
            Row::NotRead(not_read) => {
                return self.book.as_mut().map_or(Ok(()), |book| figures::not_read(book, not_read));
            }
        };
        let mut counts = [0; 4];
        for finding in &answer.findings {
            let told = Told { record: &answer.decision.record, finding };
            if let Some(count) = counts.get_mut(finding.severity as usize) {
                *count += 1;
            }
            self.tell(&told)?;
        }
        if let Some(star) = &mut self.star {
            star.record(&answer.decision.record, &answer.decision.verdict)?;
        }
        if let Some(book) = &mut self.book {
            book.child(&answer.decision.record, &answer.decision.verdict, counts)?;
        }
        Ok(())
    }

    /// Tells every report of a finding.
    fn tell(&mut self, told: &Told<'_>) -> Result<(), ReportError> {
        if let Some(table) = &mut self.table {
            table.write(told)?;
        }
        if let Some(sarif) = &mut self.sarif {
            sarif.write(told)?;
        }
        if let Some(junit) = &mut self.junit {
            junit.see(told);
        }
        if let Some(book) = &mut self.book {
            book.finding(told)?;
        }
        if let Some(worklists) = &mut self.worklists {
            worklists.write(told)?;
        }
        if let Some(star) = &mut self.star {
            star.finding(told)?;
        }
        Ok(())
    }

    fn finish(
        self,
        (summary, pack): (&Summary<'_>, &Pack),
        create: impl Fn(Form) -> std::io::Result<BufWriter<File>>,
    ) -> Result<(), ReportError> {
        if let Some(table) = self.table {
            table.finish()?;
        }
        if let Some(sarif) = self.sarif {
            sarif.finish()?;
        }
        if let Some(junit) = self.junit {
            junit.finish(summary, create(Form::Junit)?)?;
        }
        if let Some(mut book) = self.book {
            figures::fill(&mut book, summary)?;
            book.finish(create(Form::Xlsx)?)?;
        }
        if let Some(worklists) = self.worklists {
            worklists.finish()?;
        }
        if let Some(star) = self.star {
            star.finish(summary, pack)?;
        }
        Ok(())
    }
}
