//! What happens to one child: the kind of story, the days on which it turns, and the chain of placements.
//!
//! `record.rs` draws a [`Life`] first, and every other part of the record is written to agree with it.

use super::dates::Dates;
use super::dates::after;
use super::dates::months;
use super::people::first_name;
use super::people::surname;
use super::random::Dice;
use crate::model::Day;

/// The kinds of story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    Referral,
    Assessed,
    InNeed,
    Protected,
    Infant,
    LookedAfter,
    LongTermFostered,
    WithParents,
    ForAdoption,
    Unaccompanied,
    Eligible,
    Relevant,
    LeftCare,
    CareLeaver,
    ShortBreaks,
}

/// Every story with how many of a hundred children have it.
pub(super) const STORIES: [(Story, u32); 15] = [
    (Story::Referral, 19),
    (Story::Assessed, 3),
    (Story::InNeed, 16),
    (Story::Protected, 12),
    (Story::Infant, 5),
    (Story::LookedAfter, 14),
    (Story::LongTermFostered, 5),
    (Story::WithParents, 3),
    (Story::ForAdoption, 2),
    (Story::Unaccompanied, 3),
    (Story::Eligible, 5),
    (Story::Relevant, 1),
    (Story::LeftCare, 3),
    (Story::CareLeaver, 6),
    (Story::ShortBreaks, 3),
];

impl Story {
    /// A story, drawn by how common it is.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let mut left = u32::try_from(dice.below(100)).unwrap_or(0);
        for (story, share) in STORIES {
            if left < share {
                return story;
            }
            left -= share;
        }
        Self::LookedAfter
    }

    /// Whether the child is or was looked after, other than for short breaks.
    pub(super) fn in_care(self) -> bool {
        !matches!(self, Self::Referral | Self::Assessed | Self::InNeed | Self::Protected | Self::ShortBreaks)
    }

    /// Whether the young person has a pathway plan.
    pub(super) fn has_pathway(self) -> bool {
        matches!(self, Self::Unaccompanied | Self::Eligible | Self::Relevant | Self::CareLeaver)
    }

    /// The kind of team that holds such a case, as `people.rs` numbers them.
    pub(super) fn team(self) -> usize {
        match self {
            Self::Referral | Self::Assessed => 0,
            Self::InNeed | Self::Protected | Self::ShortBreaks | Self::LeftCare => 1,
            Self::CareLeaver | Self::Relevant => 3,
            _ => 2,
        }
    }

    /// Youngest and oldest age in months on the day the county is looked at.
    fn age(self) -> (i32, i32) {
        match self {
            Self::Infant => (14, 68),
            Self::ForAdoption => (14, 58),
            Self::Unaccompanied | Self::Relevant => (16 * 12 + 8, 17 * 12 + 10),
            Self::Eligible => (16 * 12 + 4, 17 * 12 + 11),
            Self::CareLeaver => (18 * 12 + 2, 23 * 12 - 1),
            Self::LookedAfter => (7 * 12, 15 * 12 + 11),
            Self::LongTermFostered => (6 * 12, 15 * 12 + 11),
            Self::LeftCare => (7 * 12, 14 * 12),
            _ => (3 * 12, 15 * 12),
        }
    }

    /// Fewest and most days since the story's main turn: entry to care, start of the plan, or the referral.
    fn length(self) -> (i32, i32) {
        match self {
            Self::Referral => (3, 120),
            Self::Assessed => (70, 260),
            Self::InNeed => (20, 300),
            Self::Protected => (30, 250),
            Self::LongTermFostered => (420, 900),
            Self::WithParents | Self::ForAdoption => (380, 640),
            Self::Unaccompanied => (20, 420),
            Self::Relevant | Self::LeftCare => (330, 480),
            Self::ShortBreaks => (40, 330),
            _ => (25, 620),
        }
    }
}

/// One placement under one legal status, as the record lists them.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) start: Day,
    pub(super) end: Option<Day>,
    pub(super) reason: &'static str,
    pub(super) legal: &'static str,
    pub(super) kind: &'static str,
    pub(super) with: &'static str,
    pub(super) end_reason: Option<&'static str>,
}

/// The days on which a child's story turns.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) story: Story,
    /// Which of two ways the story takes, where it has two.
    pub(super) fork: bool,
    pub(super) born: Day,
    pub(super) sex: &'static str,
    pub(super) first_name: &'static str,
    pub(super) surname: &'static str,
    pub(super) referral: Day,
    /// Entry to care, start of the protection or in-need plan, or the referral again.
    pub(super) turn: Day,
    /// Whether care began on a day that was planned ahead.
    pub(super) planned: bool,
    /// The day on which the protection plan ended.
    pub(super) protected_until: Option<Day>,
    /// The day on which the child died.
    pub(super) died: Option<Day>,
    /// The day on which care ended.
    pub(super) left: Option<Day>,
    /// The day on which the case closed.
    pub(super) closed: Option<Day>,
    pub(super) stays: Vec<Stay>,
    pub(super) reviews: Vec<Day>,
    pub(super) school_move: Option<Day>,
}

impl Life {
    /// Draws a life of this story.
    pub(super) fn draw(dice: &mut Dice, dates: Dates<'_>, story: Story) -> Self {
        let (youngest, oldest) = story.age();
        let born = after(months(dates.as_at, -dice.between(youngest, oldest)), -dice.between(0, 27));
        let (least, most) = story.length();
        let most = if most > 600 && dice.chance(600) { 260.max(least) } else { most };
        let mut ago = dice.between(least, most);
        let long = story == Story::Protected && dice.chance(250);
        if long {
            ago = dice.between(480, 570);
        }
        let mut turn = dates.workday(after(dates.as_at, -ago));
        if story == Story::CareLeaver {
            turn = dates.workday(after(months(born, 16 * 12 + 9), dice.between(0, 250)));
        }
        // Some are given up for adoption soon after birth.
        let newborn = story == Story::ForAdoption && dice.chance(250);
        let born = if newborn { after(turn, -45) } else { born };
        let unborn = story == Story::Protected && !long && dice.chance(80);
        let born = if unborn { after(dates.as_at, -dice.between(70, 200)) } else { born };
        let ahead = dates.workday(after(born, -dice.between(25, 55)));
        let turn = if unborn { ahead } else { turn.max(after(born, 40)) };
        let lead = match story {
            Story::Referral | Story::Assessed | Story::Unaccompanied => 0,
            Story::InNeed => dice.between(50, 62),
            Story::Protected => dice.between(26, 32),
            _ => dice.between(75, 200),
        };
        let referral = dates.workday(after(turn, -lead));
        let referral = if unborn { referral } else { referral.max(born) };
        let sex = if dice.chance(520) { "M" } else { "F" };
        let fork = matches!(story, Story::ForAdoption | Story::WithParents | Story::LeftCare)
            && dice.chance(300)
            || long && dice.chance(500);
        let mut life = Self {
            story,
            fork,
            born,
            sex,
            first_name: first_name(dice, sex),
            surname: surname(dice),
            referral,
            turn,
            planned: matches!(story, Story::LookedAfter | Story::LeftCare) && dice.chance(200),
            protected_until: None,
            died: None,
            left: None,
            closed: None,
            stays: Vec::new(),
            reviews: Vec::new(),
            school_move: None,
        };
        life.end(dice, dates);
        life.place(dice, dates);
        life.hold_reviews(dice, dates);
        life.change_school(dice, dates);
        life
    }

    /// Age in whole years on a day.
    pub(super) fn age(&self, day: Day) -> i32 {
        day.age_since(self.born)
    }

    /// Settles when care ended and the case closed.
    fn end(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        self.left = match self.story {
            Story::CareLeaver => Some(months(self.born, 18 * 12)),
            Story::Relevant => {
                Some(dates.workday(after(self.turn, 210)).max(after(months(self.born, 16 * 12), 30)))
            }
            Story::LeftCare => Some(dates.workday(after(self.turn, dice.between(150, 260)))),
            Story::ForAdoption if !self.fork => Some(dates.workday(after(self.turn, dice.between(500, 560)))),
            _ => None,
        }
        .filter(|day| dates.past(*day));
        self.closed = match self.story {
            Story::Referral => Some(dates.working(self.referral, 6)),
            Story::Assessed => Some(dates.working(self.referral, 36)),
            Story::Protected => self.end_protection(dice, dates),
            Story::LeftCare | Story::ForAdoption => self.left.map(|left| dates.working(left, 25)),
            _ => None,
        }
        .filter(|day| dates.past(*day));
    }

    /// The last day on which the child was looked after, or the day it is.
    pub(super) fn care_until(&self, dates: Dates<'_>) -> Day {
        self.left.unwrap_or(dates.as_at)
    }

    /// Fills the chain of placements.
    fn place(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        if !self.story.in_care() {
            return;
        }
        let (legal, kind, with) = self.first_place(dice);
        self.start_stay(self.turn, "S", legal, kind, with);
        if legal == "C1" && dice.chance(300) {
            self.act_in_haste(dice, kind, with);
        }
        let turn = self.turn;
        let later = |days: i32| dates.workday(after(turn, days));
        let (second, third) = (later(dice.between(150, 205)), later(dice.between(250, 320)));
        let until = self.care_until(dates);
        if legal == "C1" && second < until {
            match (self.story, self.fork) {
                (Story::ForAdoption, _) => self.start_stay(second, "L", "E1", kind, with),
                (Story::WithParents, true) => {
                    // Some go home before the court has decided.
                    let legal = if dice.chance(400) { "C1" } else { "C2" };
                    self.start_stay(second, "B", legal, "P1", "parent");
                }
                _ => self.start_stay(second, "L", "C2", kind, with),
            }
        }
        let last = match self.story {
            Story::LongTermFostered => Some((third, "P", "C2", "U4", "foster_carer")),
            Story::WithParents if self.fork => None,
            Story::WithParents => Some((third, "P", "C2", "P1", "parent")),
            Story::ForAdoption => {
                // A few wait longer for their adopters, and are with them for days only.
                let long = dice.chance(150);
                let moved = if long { later(dice.between(360, 374)) } else { third };
                Some((moved, "P", "E1", "A6", "adopters"))
            }
            Story::LookedAfter | Story::Eligible | Story::Infant if dice.chance(450) => {
                let legal = if legal == "C1" { "C2" } else { legal };
                let (kind, with) = if dice.chance(300) && self.story != Story::Infant {
                    ("K2", "residential")
                } else {
                    ("U6", "foster_carer")
                };
                Some((third, "P", legal, kind, with))
            }
            _ => None,
        };
        if let Some((day, reason, legal, kind, with)) = last.filter(|(day, ..)| *day < until) {
            self.start_stay(day, reason, legal, kind, with);
        }
        self.stay_elsewhere(dice, dates);
        if self.story == Story::ForAdoption && self.fork {
            self.come_back(dice, dates);
        }
        let end_reason = match self.story {
            Story::CareLeaver | Story::Relevant => "E5",
            Story::ForAdoption => "E11",
            Story::LeftCare if self.fork => "E45",
            _ => "E4A",
        };
        if let (Some(left), Some(stay)) = (self.left, self.stays.last_mut()) {
            (stay.end, stay.end_reason) = (Some(left), Some(end_reason));
        }
    }

    /// Legal status, placement type and carer at the start of care.
    fn first_place(&self, dice: &mut Dice) -> (&'static str, &'static str, &'static str) {
        let legal = match self.story {
            Story::LongTermFostered | Story::WithParents | Story::ForAdoption => "C1",
            Story::LookedAfter if self.planned => "V2",
            Story::Unaccompanied | Story::LeftCare | Story::CareLeaver | Story::Relevant => "V2",
            _ if dice.chance(500) => "C1",
            _ => "V2",
        };
        match self.story {
            Story::Eligible | Story::Relevant | Story::CareLeaver if dice.chance(400) => {
                (legal, "H5", "semi_independent")
            }
            Story::Infant | Story::LookedAfter if dice.chance(250) => (legal, "U3", "connected_person"),
            _ => (legal, "U6", "foster_carer"),
        }
    }

    /// Perhaps moves the child to another school, long enough ago for a plan to have followed.
    fn change_school(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        let day = dates.workday(after(self.turn, dice.between(60, 130)));
        let wanted = matches!(self.story, Story::LookedAfter | Story::LongTermFostered) && dice.chance(300);
        self.school_move = Some(day).filter(|day| wanted && after(*day, 45) < dates.as_at);
    }
}
