//! The turns that a life takes beside its main one: orders made in haste, stays elsewhere, a return from adopters; and the days of reviews.
//!
//! `life.rs` asks for them while it places the child.

use super::dates::Dates;
use super::dates::after;
use super::dates::months;
use super::life::Life;
use super::life::Stay;
use super::life::Story;
use super::random::Dice;
use crate::model::Day;

impl Life {
    /// Ends a protection plan that has run its course, with a plan for the child in need after it, or with the child's death;
    /// gives the day on which the case closed.
    pub(super) fn end_protection(&mut self, dice: &mut Dice, dates: Dates<'_>) -> Option<Day> {
        let end = dates.workday(after(self.turn, dice.between(180, 200)));
        if !self.fork || !dates.past(after(end, 200)) {
            return None;
        }
        self.protected_until = Some(end);
        if dice.chance(150) {
            self.died = Some(end);
            return Some(dates.working(end, 4));
        }
        Some(dates.working(self.in_need_after(dates)?.1, 3))
    }

    /// The first and the last day of the plan for a child in need that follows a protection plan.
    pub(super) fn in_need_after(&self, dates: Dates<'_>) -> Option<(Day, Day)> {
        let end = self.protected_until.filter(|_| self.died.is_none())?;
        let start = dates.working(end, 2);
        Some((start, dates.workday(after(start, 112))))
    }

    /// Puts police protection and an emergency protection order, or a child assessment order, before the interim care order.
    pub(super) fn act_in_haste(&mut self, dice: &mut Dice, kind: &'static str, with: &'static str) {
        let assessed = dice.chance(150);
        if let Some(stay) = self.stays.last_mut() {
            stay.legal = if assessed { "L3" } else { "L1" };
        }
        let mut day = after(self.turn, if assessed { 5 } else { 2 });
        if !assessed {
            self.start_stay(day, "L", "L2", kind, with);
            let eighth_is_sunday = after(day, 8).weekday() == 6;
            day = after(
                day,
                match dice.below(4) {
                    0 => 5,
                    _ if eighth_is_sunday => 9,
                    1 => 13,
                    _ => 7,
                },
            );
        }
        self.start_stay(day, "L", "C1", kind, with);
    }

    /// Has a few fostered children in hospital or with other carers for some days, now.
    pub(super) fn stay_elsewhere(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        let (kind, days) = match dice.below(24) {
            0 => ("T1", 20),
            1 => ("T3", 12),
            2 => ("T4", 3),
            _ => return,
        };
        let day = dates.workday(after(dates.as_at, -days));
        let legal = match self.stays.last() {
            Some(stay) if stay.with == "foster_carer" && after(stay.start, 60) < day => stay.legal,
            _ => return,
        };
        if self.left.is_none() && self.story == Story::LookedAfter && self.age(day) < 14 {
            self.start_stay(day, "P", legal, kind, "foster_carer");
        }
    }

    /// Adopters give the child back after some months.
    pub(super) fn come_back(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        let Some(placed) = self.stays.last().map(|stay| stay.start) else { return };
        let back = dates.workday(after(placed, dice.between(62, 90)));
        if dates.past(back) {
            self.start_stay(back, "P", "E1", "U6", "foster_carer");
        }
    }

    /// The stay with adopters, if it has come to that.
    pub(super) fn with_adopters(&self) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.with == "adopters")
    }

    /// Ends the placement before, if any, and starts the next on the same day.
    pub(super) fn start_stay(
        &mut self,
        start: Day,
        reason: &'static str,
        legal: &'static str,
        kind: &'static str,
        with: &'static str,
    ) {
        if let Some(before) = self.stays.last_mut() {
            (before.end, before.end_reason) = (Some(start), Some("X1"));
        }
        self.stays.push(Stay { start, end: None, reason, legal, kind, with, end_reason: None });
    }

    /// Settles the days of the looked-after reviews: within 20 working days, then 3 months, then every 6.
    pub(super) fn hold_reviews(&mut self, dice: &mut Dice, dates: Dates<'_>) {
        let until = self.care_until(dates);
        let mut next = match self.story {
            Story::ShortBreaks => dates.workday(after(months(self.turn, 3), -9)),
            story if story.in_care() => {
                dates.working(self.turn, u32::try_from(dice.between(13, 19)).unwrap_or(15))
            }
            _ => return,
        };
        let mut sooner = self.adoption_reviews(dice, dates);
        while next <= until && self.reviews.len() < 12 {
            self.reviews.push(next);
            let gap = if self.reviews.len() == 1 && self.story != Story::ShortBreaks { 3 } else { 6 };
            let planned = dates.workday(after(months(next, gap), -dice.between(2, 9)));
            sooner.retain(|day| *day > next);
            next = sooner.first().map_or(planned, |day| planned.min(*day));
        }
    }

    /// The reviews that adoption asks for: while the child waits, after the move, and after a return.
    fn adoption_reviews(&self, dice: &mut Dice, dates: Dates<'_>) -> Vec<Day> {
        let mut days = Vec::new();
        if self.story != Story::ForAdoption {
            return days;
        }
        let ordered = self.stays.iter().find(|stay| stay.legal == "E1").map(|stay| stay.start);
        let placed = self.with_adopters();
        if let Some(ordered) = ordered {
            let waiting = dates.workday(after(ordered, dice.between(70, 80)));
            days.extend(Some(waiting).filter(|day| placed.is_none_or(|stay| after(*day, 5) < stay.start)));
        }
        if let Some(stay) = placed {
            let first = dates.workday(after(stay.start, dice.between(19, 26)));
            days.push(first);
            let second = dates.workday(after(months(first, 3), -dice.between(2, 9)));
            days.extend(Some(second).filter(|day| stay.end.is_none_or(|end| *day < end)));
            if let Some(back) = stay.end.filter(|_| self.fork) {
                days.push(dates.workday(after(back, dice.between(35, 41))));
            }
        }
        days
    }
}
