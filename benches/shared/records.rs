//! The records that every bench judges.

use casecheck::catalog::Catalog;
use casecheck::county::County;
use casecheck::county::Options;
use casecheck::model::Day;

/// The day as at which every bench judges.
pub fn as_at() -> Day {
    Day::parse("2026-11-22").expect("a day")
}

/// Forty records of the county, as they would be sent at a save: of those with 6 KB or more, the nearest to 8 KB.
pub fn records(catalog: &Catalog) -> Vec<Vec<u8>> {
    let options = Options { children: 1_500, seed: 1, as_at: as_at() };
    let county = County::new(options, &catalog.pack.calendar);
    let mut texts: Vec<Vec<u8>> = county
        .children()
        .map(|child| serde_json::to_vec(&child).expect("the county is JSON"))
        .filter(|text| text.len() >= 6 * 1024)
        .collect();
    texts.sort_by_key(|text| text.len().abs_diff(8 * 1024));
    texts.truncate(40);
    texts
}
