//! What every part of a record is written with: the dates, the dice, the life, the team, and what the parts tell each other.
//!
//! The parts push events and chronology reviews here; `chronology.rs` comes last and gathers them.

use serde_json::Value;
use serde_json::json;

use super::dates::Dates;
use super::dates::after;
use super::dates::written;
use super::life::Life;
use super::life::Story;
use super::people::Team;
use super::phrases;
use super::phrases::Kind;
use super::random::Dice;
use super::words;
use crate::model::Day;

/// One child's record in the making.
pub(super) struct Scene<'c> {
    pub(super) dates: Dates<'c>,
    pub(super) dice: Dice,
    pub(super) life: Life,
    pub(super) team: Team,
    /// What happened, for the chronology: the day, the type of event and its significance.
    pub(super) events: Vec<(Day, &'static str, &'static str)>,
    /// When the chronology was looked at, and why.
    pub(super) looked_at: Vec<(Day, &'static str)>,
    made: usize,
    /// How many texts of each kind were composed, from where this child began.
    composed: [usize; phrases::KINDS],
}

impl<'c> Scene<'c> {
    /// Begins a record.
    pub(super) fn new(dates: Dates<'c>, mut dice: Dice, life: Life, team: Team) -> Self {
        let composed = [(); phrases::KINDS].map(|()| dice.below(1000));
        Self { dates, dice, life, team, events: Vec::new(), looked_at: Vec::new(), made: 0, composed }
    }

    /// Tells the chronology of an event that has come.
    pub(super) fn happen(&mut self, day: Day, kind: &'static str, significance: &'static str) {
        if self.dates.past(day) {
            self.events.push((day, kind, significance));
        }
    }

    /// Has the chronology looked at shortly before something, once that has come.
    pub(super) fn look(&mut self, day: Day, trigger: &'static str) {
        if self.dates.past(day) {
            let earlier = self.dates.workday(after(day, -i32::from(trigger != "supervision") * 2));
            self.looked_at.push((earlier, trigger));
        }
    }

    /// A new identifier within the record.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:03}", self.made)
    }

    /// A sentence about this child.
    pub(super) fn say(&self, text: &str) -> String {
        text.replace("{name}", self.life.first_name)
    }

    /// A sentence of a list, about this child.
    pub(super) fn told(&mut self, list: &[&str]) -> String {
        let text = self.dice.pick(list);
        self.say(text)
    }

    /// The next text of a kind about this child: one phrase of each list, unlike those before it.
    pub(super) fn compose(&mut self, kind: &Kind) -> String {
        let Some(count) = self.composed.get_mut(kind.number) else { return String::new() };
        *count += 1;
        let turn = *count;
        let next = |list: &&[&'static str]| list.get(turn % list.len().max(1)).copied();
        let phrases: Vec<&str> = kind.lists.iter().filter_map(next).collect();
        let text = self.say(&phrases.join(" "));
        if !text.contains("{time}") {
            return text;
        }
        let born = usize::try_from(self.life.born.number()).unwrap_or(0);
        let clock = self.composed.iter().fold(born, |sum, count| sum * 31 + count) + turn * 211;
        let time = format!("{:02}:{:02}", 9 + clock % 9, clock / 9 % 60);
        text.replace("{time}", &time).replace("{minutes}", &(20 + clock / 540 % 41).to_string())
    }

    /// The child's views on a day, told by the child or seen in a very young one; null while the day has not come.
    pub(super) fn views(&mut self, day: Day) -> Value {
        if !self.dates.past(day) {
            return Value::Null;
        }
        if day < self.life.born {
            let seen = "Not yet born; the midwife hears a steady heart and sees a mother who rests and eats.";
            return json!({ "how_gathered": "Talk with the midwife", "observation": seen, "date": written(day) });
        }
        if self.life.age(day) < 3 {
            let seen = self.compose(&phrases::SEEN);
            return json!({ "how_gathered": "Observation at play", "observation": seen, "date": written(day) });
        }
        json!({ "text": self.compose(&phrases::VIEWS), "how_gathered": self.told(&words::GATHERED), "date": written(day) })
    }

    /// Something to be done, agreed on one day and due on another.
    pub(super) fn action(&mut self, agreed: Day, due: Day) -> Value {
        let number = self.dice.below(words::ACTIONS.len());
        let (text, outcome, measure) = words::ACTIONS.get(number).copied().unwrap_or_default();
        let owner = self.team.worker("social_worker").1;
        let done = self.dates.workday(after(due, -5)).max(agreed);
        let status = if self.dates.past(done) { "completed" } else { "open" };
        json!({
            "action_id": self.id("A"), "text": text, "owner": owner, "due_date": written(due), "outcome": outcome,
            "measure": measure, "status": status, "completed_date": self.dates.done(done),
        })
    }

    /// Who approved something and when.
    pub(super) fn approval(&self, role: &str, day: Day) -> Value {
        if self.dates.past(day) {
            json!({ "by": self.team.person(role), "date": written(day) })
        } else {
            Value::Null
        }
    }

    /// A visit to the child.
    pub(super) fn visit(&mut self, day: Day) -> Value {
        let young = self.life.age(day) < 4;
        let risk = self.dice.pick(&[
            "Parental conflict",
            "Missed health checks",
            "Unsettled sleep",
            "Going out late",
        ]);
        json!({
            "visit_id": self.id("V"), "visit_date": written(day), "recorded_at": self.dates.stamp(day, 960 + self.dice.between(0, 50)),
            "by": self.team.person("social_worker"), "child_seen_flag": true, "child_seen_alone_flag": !young,
            "not_seen_alone_reason": young.then_some("Too young to be apart from the carer; watched at play instead."),
            "bedroom_seen_flag": true, "views": self.views(day),
            "risks": [{ "name": risk, "direction": self.dice.pick(&["reduced", "unchanged"]) }],
            "note": self.compose(&phrases::NOTE),
            "language": (self.life.story == Story::Unaccompanied).then_some("Tigrinya"),
            "interpreter_used_flag": (self.life.story == Story::Unaccompanied).then_some(true),
        })
    }

    /// Visits on working days from `first`, no more than `gap` days apart, until `last` or the day it is.
    pub(super) fn visits(&mut self, first: Day, gap: i32, last: Day) -> Vec<Value> {
        let mut visits = Vec::new();
        let mut day = self.dates.workday(first);
        while day <= last.min(self.dates.as_at) && visits.len() < 60 {
            visits.push(self.visit(day));
            day = self.dates.workday(after(day, gap - self.dice.between(0, 3)));
        }
        visits
    }
}

/// Takes every null out of a value, since null and absent both mean "not recorded" and absent is shorter.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name, without_nulls(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect(),
        other => other,
    }
}
