//! What only the room can see: that every planned fault finds something to spoil.

use super::County;
use super::Options;
use super::faults::FAULTS;
use crate::calendar::Calendar;
use crate::model::Day;

#[test]
fn every_planned_fault_finds_something_to_spoil() {
    let calendar = Calendar::new("none", "1", 2000, 2040, Vec::new(), None).unwrap();
    for (year, month) in [(2026, 9), (2025, 3), (2026, 6)] {
        let as_at = Day::from_ymd(year, month, 23).unwrap();
        let county = County::new(Options { children: 400, seed: 7, as_at }, &calendar);
        let missing: Vec<&str> = FAULTS
            .iter()
            .flat_map(|area| area.iter())
            .enumerate()
            .filter(|(number, (standard, ..))| county.child(number * 2).broken != [*standard])
            .map(|(_, (standard, ..))| *standard)
            .collect();
        assert_eq!(missing, Vec::<&str>::new(), "as at {as_at}");
    }
}
