//! A county of children who never lived: whole case records for `casecheck demo`, for tests and for benches.
//!
//! Each child is made from the county's seed and its own number alone, first with every duty kept and then spoiled: by the
//! table of planned faults among the first children, by the diligence of the child's team among the others. So a county of
//! twice as many children as there are planned faults holds every rule of the catalogue both kept and broken. What shows only across records
//! is wrong in three children near the beginning (`together`). Nothing here is about anybody; every name is invented.

mod adoption;
mod agreements;
mod audits;
mod chronology;
mod court;
mod dates;
mod education;
mod episode;
mod faults;
mod health;
mod homes;
mod leaver;
mod life;
mod notes;
mod pathway;
mod people;
mod permanence;
mod phrases;
mod placements;
mod protection;
mod random;
mod record;
mod reviews;
mod safeguarding;
mod scene;
mod supervision;
mod together;
mod turns;
mod visits;
mod words;

use serde_json::Value;

pub use self::people::Locality;

use self::dates::Dates;
use self::faults::FAULTS;
use self::faults::Spoil;
use self::life::STORIES;
use self::life::Story;
use self::random::Dice;
use crate::calendar::Calendar;
use crate::model::Day;

/// How often a planned fault tries another life before the child is left good.
const ATTEMPTS: u32 = 400;

/// What county to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many children.
    pub children: usize,
    /// What chance begins from: the same seed makes the same county.
    pub seed: u64,
    /// The day on which the county is looked at: nothing done is dated later.
    pub as_at: Day,
}

/// A child of the county: the record, and what was made wrong in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The case record.
    pub record: Value,
    /// The standards that were broken on purpose, by their ids, such as `PEP-001`.
    pub broken: Vec<&'static str>,
    /// Whether the record was also made to miss its schema, or to lack or blank a part.
    pub misshapen: bool,
}

/// A county of fictitious children.
#[derive(Clone, Debug)]
pub struct County<'c> {
    options: Options,
    calendar: &'c Calendar,
}

impl<'c> County<'c> {
    /// The county of these options; working days are the calendar's.
    pub const fn new(options: Options, calendar: &'c Calendar) -> Self {
        Self { options, calendar }
    }

    /// The records of the children in order, made one at a time.
    pub fn children(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.options.children).map(|number| self.child(number).record)
    }

    /// The localities of the county with their teams.
    pub const fn localities() -> &'static [Locality] {
        &people::LOCALITIES
    }

    /// The standards that children of the county are made to break, by their ids.
    pub fn planned() -> impl Iterator<Item = &'static str> {
        FAULTS.iter().flat_map(|area| area.iter()).map(|(standard, ..)| *standard)
    }

    /// The child of this number, counted from nought, whether or not the county has so many: the same in every county of
    /// this seed and day.
    pub fn child(&self, number: usize) -> Child {
        if let Some(child) = together::child(self, number) {
            return child;
        }
        let fault = FAULTS.iter().flat_map(|area| area.iter()).nth(number / 2);
        match (fault, number % 2, number % 8) {
            (Some((standard, story, spoil)), 0, _) => self.planned_child(number, standard, *story, *spoil),
            (Some(_), _, 1) => {
                let story =
                    STORIES.get(number / 8 % STORIES.len()).map_or(Story::LookedAfter, |(story, _)| *story);
                let record = record::good(self.dates(), self.dice(number, 0), number, story).0;
                Child { record, broken: Vec::new(), misshapen: false }
            }
            _ => self.ordinary_child(number),
        }
    }

    /// A child with one planned fault: lives are tried until one has something for the fault to spoil.
    fn planned_child(
        &self,
        number: usize,
        standard: &'static str,
        story: Story,
        spoil: faults::Spoiler,
    ) -> Child {
        let dates = self.dates();
        for attempt in 0..ATTEMPTS {
            let (mut record, ..) = record::good(dates, self.dice(number, attempt), number, story);
            if spoil(&mut Spoil { record: &mut record, dates }).is_some() {
                return Child { record, broken: vec![standard], misshapen: false };
            }
        }
        let record = record::good(dates, self.dice(number, 0), number, story).0;
        Child { record, broken: Vec::new(), misshapen: false }
    }

    /// A child whose team keeps its duties as well as it can.
    fn ordinary_child(&self, number: usize) -> Child {
        let dates = self.dates();
        let mut dice = self.dice(number, 0);
        let story = Story::draw(&mut dice);
        let (mut record, team, mut dice) = record::good(dates, dice, number, story);
        let slips = (100 - team.diligence()) * 2;
        let mut broken = Vec::new();
        for (standard, _, spoil) in FAULTS.iter().flat_map(|area| area.iter()) {
            if dice.chance(slips) && spoil(&mut Spoil { record: &mut record, dates }).is_some() {
                broken.push(*standard);
            }
        }
        faults::blemish(&mut record, &mut dice, slips);
        let misshapen = dice.chance(25) && faults::misshape(&mut record, &mut dice).is_some();
        Child { record, broken, misshapen }
    }

    /// The county's dates.
    const fn dates(&self) -> Dates<'c> {
        Dates { calendar: self.calendar, as_at: self.options.as_at }
    }

    /// The dice of a child.
    fn dice(&self, number: usize, attempt: u32) -> Dice {
        Dice::new(self.options.seed, number, attempt)
    }
}

#[cfg(test)]
mod tests;
