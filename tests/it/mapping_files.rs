//! Mapping files: every problem said at once, the shipped one faithful to the collection.

use std::collections::BTreeSet;

use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::extracts::Layout;
use casecheck::extracts::read_layout;
use casecheck::model::SourceFile;

use crate::lab;
use crate::layouts::SHIPPED;
use crate::shared;

fn layout() -> &'static Layout {
    SHIPPED.layouts.iter().find(|layout| layout.name == "ssda903").unwrap()
}

/// The text of the shipped mapping file.
pub(crate) fn shipped_text() -> String {
    Files::embedded().get("rules/mappings/ssda903.yaml").unwrap().text.clone()
}

/// A mapping file read against the shipped schema.
pub(crate) fn read(name: &str, text: &str) -> Result<Layout, Vec<String>> {
    let file = SourceFile::new(format!("rules/mappings/{name}.yaml"), text);
    read_layout(&file, SHIPPED.schema.shape()).map_err(|problems| lab::as_lines(&problems))
}

#[test]
fn every_problem_of_a_mapping_file_is_said_at_once_with_its_place() {
    let text = r#"title: Ours
source: nobody
child: ID
dates: [dd/mm/yy]
colour: blue
taken_as_not_recorded: ["cla_reviews[].canceled_flag"]
tables:
  One:
    parts:
      - each: cla_reviews
        columns: {}
      - each: "cla_reviews[]"
        sets: { participation: PN99 }
        columns:
          A: { to: review_dat, type: date }
          B: { to: participation, type: date }
          C: { to: cancelled_flag, type: flag, values: { "1": maybe } }
          D: { to: review_date, type: dates }
  Two:
    files: [one]
    parts: []
    unused: { X: }
"#;
    let problems = read("ours", text).err().unwrap();
    let expected = [
        "4:9: there is no `dates` `dd/mm/yy` (did you mean `dd/mm/yyyy`?)",
        "5:1: there is no key in a layout: `colour`",
        "6:25: there is no field of the record: `canceled_flag` (did you mean `cancelled_flag`?)",
        "10:15: `cla_reviews` is a list (write `cla_reviews[]`)",
        "13:32: there is no code of `cla_review_participation`: `PN99` (write one of: PN0, PN1",
        "15:20: there is no field of the record: `review_dat` (did you mean `review_date`?)",
        "16:41: `participation` holds a code of `cla_review_participation`",
        "17:63: the field holds true or false",
        "18:39: there is no `type` `dates` (did you mean `date`?)",
        "19:3: the tables `One` and `Two` both have files named `one`",
        "22:16: say in one sentence why it has no place",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    let all = problems.iter().zip(expected).all(|(problem, expected)| problem.contains(expected));
    assert!(all, "{problems:#?} are not {expected:#?}");
}

#[test]
fn a_catalog_with_a_bad_layout_is_not_loaded() {
    let bad = SourceFile::new("rules/mappings/bad.yaml", "title: Bad\n");
    let files = Files::embedded().all().iter().cloned().chain([bad]).collect();
    let problems = lab::as_lines(&Catalog::load(Files::of(files), None).err().unwrap());
    assert!(
        problems.iter().all(|problem| problem.starts_with("rules/mappings/bad.yaml:1:1")),
        "{problems:?}"
    );
    assert_eq!(problems.len(), 3);
}

#[test]
fn the_shipped_layout_has_every_column_of_the_collection() {
    let Some(text) = shared::text("fields/ssda903_columns.csv") else { return };
    let mut seen = BTreeSet::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let at = layout().table(cells[0]).unwrap_or_else(|| panic!("no table {}", cells[0]));
        let column = layout().tables[at].columns.iter().find(|column| column.name == cells[2]);
        // The date of birth stands in the header too; every table has it.
        let column = column.unwrap_or_else(|| panic!("no column {}.{}", cells[0], cells[2]));
        assert_eq!(column.unused.is_some(), cells[3] == "derived", "{}.{}", cells[0], cells[2]);
        seen.insert((cells[0].to_owned(), cells[2].to_owned()));
    }
    let ours = layout().tables.iter().map(|table| table.columns.len()).sum::<usize>();
    assert_eq!(ours, seen.len());
}
