//! Days that conditions compare with: written ones, fields, and days worked out of these.
//!
//! `write_condition` makes them of what was written; conditions ask for the day that they stand for in a record.

use crate::calendar::Limit;
use crate::calendar::Moment;
use crate::model::Day;
use crate::rules::condition::Asking;
use crate::rules::facts::Env;
use crate::rules::plan::Path;

/// What a value is compared with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A day written in the rule.
    Day(Day),
    /// The day as at which the record is judged.
    AsAt,
    /// Another field.
    Field(Path),
    /// The day on which what is judged began.
    Start,
    /// So long after another day, or before it.
    Moved(Box<Operand>, Limit, Direction),
    /// The later of several days, once all are known.
    LaterOf(Vec<Operand>),
    /// The earlier of several days, once all are known.
    EarlierOf(Vec<Operand>),
}

/// Which way a day is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To a later day.
    After,
    /// To an earlier day.
    Before,
}

impl<'p> Asking<'_, 'p, '_> {
    /// The day that an operand stands for; when there is none, its spot is noted.
    pub fn operand(&mut self, operand: &'p Operand, env: Env) -> Option<Day> {
        match operand {
            Operand::Day(day) => Some(*day),
            Operand::AsAt => Some(self.facts.as_at),
            Operand::Start => self.start,
            Operand::Field(path) => match self.facts.moment(env, path) {
                Ok(Some(moment)) => Some(moment.day),
                _ => {
                    self.lacks(path, env);
                    None
                }
            },
            Operand::Moved(from, limit, direction) => {
                let from = self.operand(from, env)?;
                let calendar = self.facts.calendar;
                let moved = match direction {
                    Direction::After => calendar.due(Moment::of_day(from), *limit, false),
                    Direction::Before => calendar.latest_before(from, *limit),
                };
                moved.ok().map(|due| due.day)
            }
            Operand::LaterOf(parts) => self.operands(parts, env)?.into_iter().max(),
            Operand::EarlierOf(parts) => self.operands(parts, env)?.into_iter().min(),
        }
    }

    /// The days of several operands, if all are known.
    fn operands(&mut self, operands: &'p [Operand], env: Env) -> Option<Vec<Day>> {
        let days: Vec<Option<Day>> = operands.iter().map(|operand| self.operand(operand, env)).collect();
        days.into_iter().collect()
    }
}
