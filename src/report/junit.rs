//! A run as `JUnit` XML, for tools that show test results: a suite for each standard, a case for each rule, failed while there is a
//! finding of severity `warning` or worse. It counts and points; the findings themselves are in the other reports.

use std::collections::BTreeMap;
use std::io::Write;

use quick_junit::NonSuccessKind;
use quick_junit::Report;
use quick_junit::TestCase;
use quick_junit::TestCaseStatus;
use quick_junit::TestSuite;

use crate::model::Outcome;
use crate::model::Severity;
use crate::report::Summary;
use crate::report::columns::Told;
use crate::report::rows::ReportError;

/// How many places a case names.
const PLACES: usize = 10;

#[derive(Debug, Default)]
struct Failed {
    findings: u64,
    children: BTreeMap<String, u64>,
}

/// Gathers what the cases say.
#[derive(Debug, Default)]
pub struct Junit(BTreeMap<String, Failed>);

impl Junit {
    /// Takes in a finding.
    pub fn see(&mut self, told: &Told<'_>) {
        if told.finding.severity < Severity::Warning {
            return;
        }
        let failed = self.0.entry(told.finding.rule.id.clone()).or_default();
        failed.findings += 1;
        let child = told.record.id.clone().unwrap_or_else(|| "without id".to_owned());
        if failed.children.len() < PLACES || failed.children.contains_key(&child) {
            *failed.children.entry(child).or_default() += 1;
        }
    }

    /// Writes the report.
    pub fn finish(self, summary: &Summary<'_>, to: impl Write) -> Result<(), ReportError> {
        let mut report = Report::new("casecheck");
        for standard in &summary.standards {
            let mut suite = TestSuite::new(standard.title);
            for rule in summary.rules.iter().filter(|rule| rule.standard == standard.id) {
                let applied = rule.counts.total() > rule.counts.get(Outcome::NotApplicable);
                suite.add_test_case(self.case(rule.id, rule.title, applied));
            }
            report.add_test_suite(suite);
        }
        let mut schema = TestSuite::new("Record schema");
        for id in self.0.keys().filter(|id| id.starts_with("SCHEMA.")) {
            schema.add_test_case(self.case(id, "", true));
        }
        report.add_test_suite(schema);
        report.serialize(to).map_err(|error| ReportError::Io(std::io::Error::other(error.to_string())))
    }

    fn case(&self, id: &str, title: &str, applied: bool) -> TestCase {
        let status = match self.0.get(id) {
            Some(failed) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                let children: Vec<String> =
                    failed.children.iter().map(|(child, count)| format!("{child}: {count}")).collect();
                status.set_message(format!("{} findings", failed.findings));
                status.set_type(id);
                status.set_description(format!(
                    "findings by child, the first {PLACES}\n{}",
                    children.join("\n")
                ));
                status
            }
            None if applied => TestCaseStatus::success(),
            None => TestCaseStatus::skipped(),
        };
        TestCase::new(format!("{id} {title}").trim_end(), status)
    }
}
