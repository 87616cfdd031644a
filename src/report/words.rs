//! The sentences of a run's figures, said once: for the terminal and for pages.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::extracts::ExtractFacts;
use crate::extracts::MostlyBlank;
use crate::measures::Rate;
use crate::model::Day;
use crate::model::Severity;
use crate::model::WaiverState;
use crate::report::Comparison;
use crate::report::NearlyAll;
use crate::rules::plain_date;

/// `1 rule`, `2 rules`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A rate: its numerator out of its denominator, and the share where there are enough to have one.
pub fn rate_words(rate: &Rate) -> String {
    match rate.done_in_time {
        None => "nothing was due".to_owned(),
        Some(_) if rate.denominator < 10 => format!("{} of {}", rate.met, rate.denominator),
        Some(percent) => format!("{} of {} ({percent:.1} %)", rate.met, rate.denominator),
    }
}

/// How many findings of each severity, the gravest first; those that there are none of are left out.
pub fn severity_words(count_of: impl Fn(Severity) -> u64) -> Vec<(Severity, String)> {
    let counts = Severity::ALL.iter().rev().map(|severity| (*severity, count_of(*severity)));
    counts
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| (severity, format!("{count} {severity}")))
        .collect()
}

/// What changed against an earlier run.
pub fn comparison_words(comparison: &Comparison) -> String {
    let Comparison { new, still, changed, fixed, gone, .. } = comparison;
    let since =
        comparison.baseline_as_at.map_or_else(String::new, |day| format!(" since {}", plain_date(day)));
    format!("{new} new, {still} still there, {changed} changed, {fixed} fixed, {gone} gone{since}")
}

/// What somebody should look at in a waiver that covers and fitted so many findings; nothing for one that does what it is for.
pub fn waiver_words(state: WaiverState, expires_on: Day, covers: Option<u64>, fitted: u64) -> Option<String> {
    Some(match state {
        WaiverState::Used => return None,
        WaiverState::ExpiresSoon => format!("expires on {}", plain_date(expires_on)),
        WaiverState::Unused => "fits no finding; take it out if it has had its use".to_owned(),
        WaiverState::Reopened => {
            let covers = covers.unwrap_or(0);
            format!("covers {covers} and fits {fitted}: look at all of them again")
        }
        WaiverState::Expired => format!("expired on {}", plain_date(expires_on)),
    })
}

/// What stands above probable faults.
pub const PROBABLE_FAULTS: &str = "Probably faults of the extract: look at these first";

/// A column in which nearly nothing is recorded.
pub fn blank_words(column: &MostlyBlank) -> String {
    format!(
        "{} column {} is blank in {} of {} rows: was it left out of the export?",
        column.table(),
        column.column,
        column.blank,
        column.rows
    )
}

/// A rule that finds fault with nearly every record.
pub fn nearly_all_words(NearlyAll { rule, title, place, records, of }: &NearlyAll) -> String {
    let place = place.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
    format!("{rule} finds fault with {records} of {of} records{place}: {title}")
}

/// A part of the record that some records do not have.
pub fn not_sent_words(section: &str, records: u64, of: u64, rules: u64) -> String {
    let rules = counted(rules, "rule");
    format!("`{section}` is not in {records} of {of} records: {rules} could not be judged there")
}

/// What stands above the rules that could not run; nothing when all could.
pub fn not_run_words(extract: &ExtractFacts) -> Option<String> {
    let rules: BTreeSet<&String> = extract.not_run.iter().flat_map(|line| &line.rules).collect();
    let head = || {
        if extract.no_rule_ran() {
            return format!(
                "None of the {} rules could run: what was checked is the form of each value (codes, dates, lengths), and no record counts as passed",
                rules.len()
            );
        }
        format!(
            "{} of {} rules could not run, and no record counts as passed",
            rules.len(),
            extract.rules_expected
        )
    };
    (!rules.is_empty()).then(head)
}

/// What is lacking, in words, with the rules that could not run for want of it.
pub fn lacking(extract: &ExtractFacts) -> BTreeMap<String, BTreeSet<&str>> {
    let mut lacking: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for line in &extract.not_run {
        let rules = line.rules.iter().map(String::as_str);
        lacking.entry(line.lack.words(&extract.layout)).or_default().extend(rules);
    }
    lacking
}

/// What stands above the coercions.
pub const COERCIONS: &str = "What was done to read it";
