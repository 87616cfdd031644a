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

fn layout(name: &str) -> &'static Layout {
    SHIPPED.layouts.iter().find(|layout| layout.name == name).unwrap()
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
fn parents_are_checked_when_a_layout_is_loaded() {
    let text = r#"title: Ours
source: nobody
dates: [yyyy-mm-dd]
tables:
  Referrals:
    child: PERSON
    parts:
      - each: "social_care_episodes[]"
        columns:
          REFERRAL: { to: social_care_episode_id, type: id }
  Plans:
    parent: { table: Referals, column: REFERRAL, is: REFERRAL }
    parts:
      - each: "social_care_episodes[].child_in_need_plans[]"
        columns:
          STARTED: { to: start_date, type: date }
  Visits:
    parent: { table: Referrals, column: REFERRAL, is: REFERAL, colum: X }
    parts:
      - each: child_details
        columns:
          CODES: { to: disabilities, type: code }
  Statuses:
    parent: { table: Referrals, from: FIRST, is: REFERRAL }
  Lost:
    parts:
      - each: "cla_reviews[]"
        columns:
          HELD: { to: review_date, type: date }
    unused:
      - { columns: [HELD], why: used above }
      - { columns: [OTHER] }
"#;
    let problems = read("ours", text).err().unwrap();
    let expected = [
        "12:22: there is no table above this one: `Referals` (did you mean `Referrals`?)",
        "18:55: there is no column of `Referrals`: `REFERAL` (did you mean `REFERRAL`?)",
        "18:64: there is no key in a parent: `colum` (did you mean `column`?)",
        "22:24: `disabilities` is a list (write `disabilities[]` to add to it)",
        "24:13: a parent needs `column` and `is`, or `from` and `on`",
        "25:3: the rows of `Lost` belong to no child",
        "31:21: the column `HELD` has a place in the record",
        "32:11: a group of unused columns needs `why`",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    let all = problems.iter().zip(expected).all(|(problem, expected)| problem.contains(expected));
    assert!(all, "{problems:#?} are not {expected:#?}");
}

#[test]
fn in_xml_a_parent_is_what_stands_around() {
    let text = r#"title: Ours
source: nobody
xml: { roots: [Message], each: Child }
dates: [yyyy-mm-dd]
tables:
  Referral:
    parts:
      - each: "social_care_episodes[]"
        columns: { Began: { to: referral_date, type: date } }
  Plan:
    parent: { table: Referral, column: Began, is: Began }
    parts:
      - each: "social_care_episodes[].child_in_need_plans[]"
        columns: { Started: { to: start_date, type: date } }
"#;
    let problems = read("ours", text).err().unwrap();
    let expected = [
        "3:8: an XML document needs `id`",
        "11:40: in XML a row belongs to the one inside which it stands (leave out `column`)",
        "11:51: in XML a row belongs to the one inside which it stands (leave out `is`)",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    let all = problems.iter().zip(expected).all(|(problem, expected)| problem.contains(expected));
    assert!(all, "{problems:#?} are not {expected:#?}");
}

#[test]
fn what_a_layout_says_of_all_its_tables_is_checked_once() {
    let text = r#"title: Ours
source: nobody
child: ID
dates: [dd/mm/yyyy]
flags: { "Yes": true, "No": never, Unknown: }
every_table:
  - each: child_details
    columns:
      BORN: { to: date_of_brith, type: date }
tables:
  One:
    parts:
      - each: child_details
        partial: true
        columns: { UASC: { to: uasc_flag, type: flag } }
      - each: "contacts[]"
        columns: { SOURCE: { to: source, type: code, values: { Police: 66, Nobody: } } }
  Two:
    not_of_children: its rows are buildings
    parts: [{ each: child_details, columns: {} }]
"#;
    let problems = read("ours", text).err().unwrap();
    let expected = [
        "5:29: a flag is `true`, `false` or nothing where it is not known",
        "9:19: there is no field of the record: `date_of_brith` (did you mean `date_of_birth`?)",
        "14:18: only a list can be there in part",
        "17:72: the field holds text",
        "20:13: a table that is about no child fills no part of a record",
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
    let (mut seen, layout) = (BTreeSet::new(), layout("ssda903"));
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let at = layout.table(cells[0]).unwrap_or_else(|| panic!("no table {}", cells[0]));
        let column = layout.tables[at].columns.iter().find(|column| column.name == cells[2]);
        // The date of birth stands in the header too; every table has it.
        let column = column.unwrap_or_else(|| panic!("no column {}.{}", cells[0], cells[2]));
        assert_eq!(column.unused.is_some(), cells[3] == "derived", "{}.{}", cells[0], cells[2]);
        seen.insert((cells[0].to_owned(), cells[2].to_owned()));
    }
    let ours = layout.tables.iter().map(|table| table.columns.len()).sum::<usize>();
    assert_eq!(ours, seen.len());
}
