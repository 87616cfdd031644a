//! Mutation of rules: what survives is found and located, no limit of the shipped rules survives, and the documentation has the score.

use assert_cmd::Command;
use casecheck::report::MutationScore;
use casecheck::rules::mutation::Fate;
use casecheck::rules::mutation::Operator;

use crate::lab;
use crate::shipped;

/// Between these two the documentation has the tables.
const MARKS: [&str; 2] = ["<!-- score -->\n", "<!-- end of score -->"];

#[test]
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn no_limit_survives_and_the_documentation_has_the_score() {
    let catalog = shipped::catalog(None);
    let tried = catalog
        .mutate(|_| true, 4)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")));
    let escaped: Vec<String> = tried
        .iter()
        .filter(|one| matches!(one.mutant.operator, Operator::Limit | Operator::Warning))
        .filter(|one| one.fate == Fate::Survived)
        .map(|one| {
            let id = &catalog.pack.rules[one.rule].facts.id;
            format!("{id}: {}: {}", one.mutant.place, one.mutant.change)
        })
        .collect();
    assert!(escaped.is_empty(), "no test of the rule catches these limits:\n{}", escaped.join("\n"));
    let score = MutationScore::of(&catalog.pack, &tried);
    assert_eq!(score.operators[&Operator::Limit].score(), Some(100));
    assert!(score.operators[&Operator::Limit].killed > 500, "{:?}", score.operators[&Operator::Limit]);
    let path = lab::project("docs/RULES.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKS[0]).unwrap();
    let (written, after) = rest.split_once(MARKS[1]).unwrap();
    let fresh = score.as_markdown();
    if std::env::var_os("UPDATE").is_some() {
        let [start, end] = MARKS;
        std::fs::write(&path, format!("{before}{start}{fresh}{end}{after}")).unwrap();
    } else {
        assert_eq!(written, fresh, "the score has changed: write docs/RULES.md anew with UPDATE=1");
    }
}

#[test]
fn a_mutant_is_killed_by_the_test_that_holds_its_figure() {
    let catalog = shipped::catalog(None);
    let tried = catalog.mutate(|rule| rule.facts.id == "PEP-001", 1).unwrap();
    let by = |place: &str, change: &str| {
        let one = tried.iter().find(|one| one.mutant.place == place && one.mutant.change == change);
        one.map(|one| (one.mutant.operator, one.fate.clone()))
    };
    let killed = |name: &str| Fate::Killed(name.to_owned());
    assert_eq!(
        by("params.limit.default", "10 working days → 9 working days"),
        Some((Operator::Limit, killed("the tenth working day, across Easter")))
    );
    assert_eq!(
        by("params.early.default", "6 weeks → 7 weeks"),
        Some((Operator::Limit, killed("begun a day before that")))
    );
    assert_eq!(
        by("check.deadline.where.short_break_flag", "{ not: true } → nothing"),
        Some((Operator::Dropped, killed("short breaks known by their flag")))
    );
    assert_eq!(
        by("check.deadline.done_by", "pep_started → nothing"),
        None,
        "what a rule cannot be without is not dropped"
    );
}

#[test]
fn a_figure_that_no_test_holds_survives_and_is_located() {
    let folder = tempfile::tempdir().unwrap();
    shipped::write_rules(folder.path());
    let path = folder.path().join("rules/pep/pep-001-started-late.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (kept, _) = text.split_once("  - name: begun six weeks before the placement to the day\n").unwrap();
    std::fs::write(&path, kept).unwrap();
    let output = Command::cargo_bin("casecheck")
        .unwrap()
        .args(["rules", "mutate", "--rule", "PEP-001", "--list", "survivors", "--catalog"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let line = 1 + kept.lines().position(|line| line.starts_with("  early:")).unwrap();
    for change in ["6 weeks → 5 weeks", "6 weeks → 7 weeks"] {
        let wanted = format!(
            "PEP-001 survived limit: params.early.default: {change}\n  rules/pep/pep-001-started-late.yaml:{line}\n"
        );
        assert!(said.contains(&wanted), "{said}");
    }
    assert!(output.status.success());
}

#[test]
fn an_entry_of_the_register_that_fits_no_survivor_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    shipped::write_rules(folder.path());
    let path = folder.path().join("rules/mutation/equivalent.yaml");
    let entry = "  - { rule: PEP-001, place: params.limit.default, change: 10 working days → 9 working days, why: It is not. }\n";
    std::fs::write(&path, format!("equivalent:\n{entry}")).unwrap();
    let output = Command::cargo_bin("casecheck")
        .unwrap()
        .args(["rules", "mutate", "--rule", "PEP-001", "--catalog"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("no mutant of PEP-001 survives here"), "{said}");
    assert!(said.contains("rules/mutation/equivalent.yaml:2:29"), "{said}");
}
