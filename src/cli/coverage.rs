//! `casecheck rules coverage`: every standard as a rule or a registered reason, and what is neither.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::cli::Failure;
use crate::cli::output;

/// How a standard is covered.
#[derive(Debug, Serialize)]
struct Line<'c> {
    id: String,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered: Option<&'c str>,
}

impl Line<'_> {
    fn is_gap(&self) -> bool {
        self.rules.is_empty() && self.registered.is_none()
    }
}

/// The id of the standard that a rule answers: its own without the letter of a second rule.
fn row_of(id: &str) -> &str {
    id.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

/// Shows how every standard is covered; with a catalogue of standards, a row of our areas that is neither is a gap and ends with 1.
pub(super) fn run(catalog: &Catalog, standards: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let lines = lines(catalog, standards)?;
    let gaps = lines.iter().filter(|line| line.is_gap()).count();
    if json {
        output::out(&serde_json::to_string_pretty(&lines).unwrap_or_default());
    } else {
        for line in &lines {
            let how = match (line.rules.is_empty(), line.registered) {
                (false, _) => line.rules.join(", "),
                (true, Some(reason)) => format!("registered: {reason}"),
                (true, None) => "NEITHER a rule nor registered".to_owned(),
            };
            output::out(&format!("{:<10}{:<50} {how}", line.id, line.title));
        }
        let judged = lines.iter().filter(|line| !line.rules.is_empty()).count();
        let registered = lines.len() - judged - gaps;
        output::out(&format!(
            "{} standards: {judged} by rules, {registered} registered, {gaps} gaps",
            lines.len()
        ));
    }
    Ok(if gaps == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn lines<'c>(catalog: &'c Catalog, standards: Option<&Path>) -> Result<Vec<Line<'c>>, Failure> {
    let mut rules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in &catalog.pack.ranks {
        rules.entry(row_of(id)).or_default().push(id);
    }
    let registered: BTreeMap<&str, &str> =
        catalog.register.iter().map(|entry| (entry.id.as_str(), entry.reason.as_str())).collect();
    let prefixes: Vec<&String> =
        catalog.pack.standards.iter().flat_map(|standard| &standard.prefixes).collect();
    let ours = |id: &str| {
        prefixes
            .iter()
            .any(|prefix| id.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('-')))
    };
    let rows: Vec<(String, String)> = match standards {
        Some(path) => read_rows(path)?.into_iter().filter(|(id, _)| ours(id)).collect(),
        None => {
            let ids: BTreeSet<&str> = rules.keys().chain(registered.keys()).copied().collect();
            ids.into_iter().map(|id| (id.to_owned(), String::new())).collect()
        }
    };
    let line = |(id, title): (String, String)| Line {
        rules: rules.get(id.as_str()).cloned().unwrap_or_default(),
        registered: registered.get(id.as_str()).copied(),
        id,
        title,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Reads ids and titles of a CSV file with a header; quoted cells may hold commas and line breaks.
fn read_rows(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))?;
    let rows = cells(&text);
    let header = rows.first().ok_or_else(|| format!("{} is empty", path.display()))?;
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| cell == name)
            .ok_or_else(|| format!("{} has no column `{name}`", path.display()))
    };
    let (id, title) = (column("id")?, column("title")?);
    let pair = |row: &Vec<String>| Some((row.get(id)?.clone(), row.get(title)?.clone()));
    Ok(rows.iter().skip(1).filter_map(pair).filter(|(id, _)| !id.is_empty()).collect())
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                push(&mut rows, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().into_iter().for_each(|row| row.push(String::new())),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => push(&mut rows, other),
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    rows
}

fn push(rows: &mut [Vec<String>], letter: char) {
    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
        cell.push(letter);
    }
}
