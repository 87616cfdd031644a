//! A table that counts some of the days of a span: any question about it is one or two look-ups, never a loop.
//!
//! `working.rs` keeps one for working days and `terms.rs` one for school days.

use crate::model::Day;

/// The days of an unbroken span, of which some count.
#[derive(Clone, Debug)]
pub(super) struct DayTable {
    first: Day,
    /// At each place, how many days before that place count; one place more than there are days.
    before: Vec<u32>,
    /// The days that count, in order.
    counted: Vec<Day>,
}

impl DayTable {
    /// Makes the table of the days from `first` to `last`, both in, counting those that `counts` says.
    pub(super) fn new(first: Day, last: Day, counts: impl Fn(Day) -> bool) -> Self {
        let mut before = vec![0];
        let mut counted = Vec::new();
        let mut total = 0;
        for day in (first.number()..=last.number()).filter_map(Day::from_number) {
            if counts(day) {
                total += 1;
                counted.push(day);
            }
            before.push(total);
        }
        Self { first, before, counted }
    }

    /// How many counted days come before this day, and how many up to and including it; nothing outside the span.
    fn around(&self, day: Day) -> Option<(u32, u32)> {
        let place = usize::try_from(day.days_since(self.first)).ok()?;
        Some((*self.before.get(place)?, *self.before.get(place + 1)?))
    }

    /// Whether a day counts; nothing outside the span.
    pub(super) fn is_counted(&self, day: Day) -> Option<bool> {
        self.around(day).map(|(before, through)| before < through)
    }

    /// Counted days after `from` up to and including `to`; negative when `to` is earlier.
    pub(super) fn between(&self, from: Day, to: Day) -> Option<i64> {
        let ((_, from), (_, to)) = (self.around(from)?, self.around(to)?);
        Some(i64::from(to) - i64::from(from))
    }

    /// The counted day with this number, where the first counted day after `day` (or on it, if `inclusive`) is 1.
    pub(super) fn nth_after(&self, day: Day, number: u32, inclusive: bool) -> Option<Day> {
        let (before, through) = self.around(day)?;
        let passed = if inclusive { before } else { through };
        self.at(passed.checked_add(number)?)
    }

    /// The counted day with this number going back, where the last counted day before `day` is 1.
    pub(super) fn nth_before(&self, day: Day, number: u32) -> Option<Day> {
        let (before, _) = self.around(day)?;
        self.at((before + 1).checked_sub(number)?)
    }

    /// The counted day with this number from the start of the span, beginning with 1.
    fn at(&self, number: u32) -> Option<Day> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        self.counted.get(place).copied()
    }
}
