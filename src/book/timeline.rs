//! The clock of a rule as a small drawing: examples that the engine has just judged, with their dates. Drawn in black on white, so that it prints,
//! with the same in words beside it.

use std::fmt::Write as _;

use crate::book::examples::Example;
use crate::book::html::escape;
use crate::book::plain::capital;
use crate::calendar::Calendar;
use crate::calendar::Limit;
use crate::model::Day;
use crate::model::Outcome;
use crate::rules::Rule;
use crate::rules::plain_date;

/// Outcomes in the order in which examples of them are drawn, and how many at most.
const DRAWN: [Outcome; 5] =
    [Outcome::NotYetDue, Outcome::MetLate, Outcome::Overdue, Outcome::Met, Outcome::Breached];
const MOST: usize = 3;

/// The width of a drawing and its margins, in its own units.
const WIDTH: i64 = 360;
const MARGIN: i64 = 12;
/// How many times as long as what is drawn without it a drawing may become for the sake of one day.
const FAR: i32 = 4;
/// How high the bar lies, and how high each label stands.
const BAR: i64 = 34;

/// A clock that ran in an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    name: String,
    outcome: Outcome,
    started: Day,
    due: Day,
    warned: Option<Day>,
    done: Option<Day>,
    as_at: Day,
    limit: Option<String>,
    over: String,
}

impl Clock {
    /// The clocks to draw for a rule: of its examples one for each outcome, at most three.
    pub fn of(rule: &Rule, examples: &[Example], warn: Option<Limit>, calendar: &Calendar) -> Vec<Self> {
        let all: Vec<Self> =
            examples.iter().flat_map(|example| clocks(rule, example, warn, calendar)).collect();
        let first = |outcome: Outcome| {
            let mut same = all.iter().filter(|clock| clock.outcome == outcome);
            // One whose days lie apart says more than one whose days are all the same.
            let apart = same.clone().find(|clock| clock.started != clock.due && clock.as_at != clock.due);
            apart.or_else(|| same.next()).cloned()
        };
        DRAWN.into_iter().filter_map(first).take(MOST).collect()
    }

    /// What the drawing shows, in words.
    pub fn summary(&self) -> String {
        let days = plain_date;
        let limit = self.limit.as_ref().map_or_else(String::new, |limit| format!(", {limit}"));
        let mut words = if self.due < self.started {
            format!("Counted back from {}: due by {}{limit}.", days(self.started), days(self.due))
        } else {
            format!("Started on {}, due on {}{limit}.", days(self.started), days(self.due))
        };
        if let Some(warned) = self.warned {
            let _ = write!(words, " Due soon from {}.", days(warned));
        }
        match self.done {
            Some(done) => {
                let _ = write!(words, " Done on {}.", days(done));
            }
            None => words.push_str(" Not done."),
        }
        let _ = write!(words, " As at {}: {}{}.", days(self.as_at), self.outcome.spoken(), self.over);
        words
    }

    /// A figure with the drawing and its words. `id` is unique in the page.
    pub fn figure(&self, id: &str) -> String {
        let (id, summary, name) = (escape(id), escape(&self.summary()), escape(&self.name));
        let title = escape(&format!("A clock: {}", self.outcome.spoken()));
        format!(
            "<figure class=\"clock\"><svg viewBox=\"0 0 {WIDTH} 104\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" xmlns=\"http://www.w3.org/2000/svg\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{summary}</desc>{}</svg>\
             <figcaption><strong>{}</strong> – {name}. {summary}</figcaption></figure>",
            self.drawing(),
            escape(&capital(&self.outcome.spoken())),
        )
    }

    /// The first and the last day that the drawing reaches: of the clock itself, of what was done, of the warning, of the check. One far
    /// from all others would press the rest together; it stands at the edge instead, with an arrow.
    fn edges(&self) -> (Day, Day) {
        let mut edges = (self.started.min(self.due), self.started.max(self.due));
        for day in [self.warned, self.done, Some(self.as_at)].into_iter().flatten() {
            let (first, last) = edges;
            let span = last.days_since(first);
            let most = if span == 0 { i32::MAX } else { span.saturating_mul(FAR) };
            if day < first {
                edges.0 = last.plus_days(-most).map_or(day, |far| far.max(day));
            }
            if day > last {
                edges.1 = first.plus_days(most).map_or(day, |far| far.min(day));
            }
        }
        edges
    }

    fn x(&self, day: Day) -> i64 {
        let (first, last) = self.edges();
        let span = i64::from(last.days_since(first)).max(1);
        let at = i64::from(day.days_since(first)).clamp(0, span);
        MARGIN + at * (WIDTH - 2 * MARGIN) / span
    }

    /// A day in words, with an arrow where it lies beyond an edge.
    fn with_arrow(&self, words: &str, day: Day) -> String {
        let (first, last) = self.edges();
        let (before, after) = (if day < first { "← " } else { "" }, if day > last { " →" } else { "" });
        format!("{before}{words} {}{after}", plain_date(day))
    }

    fn drawing(&self) -> String {
        let (start, due, as_at) = (self.x(self.started), self.x(self.due), self.x(self.as_at));
        let (mut svg, mut labels) = (String::new(), String::new());
        let ink = "stroke=\"#0b0c0c\"";
        let (from, to) = (start.min(due), start.max(due));
        let _ = write!(
            svg,
            "<line x1=\"{MARGIN}\" y1=\"{BAR}\" x2=\"{}\" y2=\"{BAR}\" {ink} stroke-width=\"1\"/>",
            WIDTH - MARGIN
        );
        let _ = write!(
            svg,
            "<line x1=\"{from}\" y1=\"{BAR}\" x2=\"{to}\" y2=\"{BAR}\" {ink} stroke-width=\"8\"/>"
        );
        if let Some(warned) = self.warned.filter(|warned| *warned < self.due) {
            let x = self.x(warned);
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"{}\" width=\"{}\" height=\"8\" fill=\"#fff\" {ink} stroke-width=\"1.5\"/>",
                BAR - 4,
                (due - x).max(2)
            );
        }
        let end = self.done.map_or(as_at, |done| self.x(done));
        if end > due {
            let _ = write!(
                svg,
                "<line x1=\"{due}\" y1=\"{BAR}\" x2=\"{end}\" y2=\"{BAR}\" {ink} stroke-width=\"8\" stroke-dasharray=\"3 3\"/>"
            );
        }
        let limit = self.limit.as_ref().map_or_else(String::new, |limit| format!(" ({limit})"));
        let _ = write!(
            svg,
            "<line x1=\"{due}\" y1=\"17\" x2=\"{due}\" y2=\"{}\" {ink} stroke-width=\"2\"/>",
            BAR + 8
        );
        labels.push_str(&label(due, 12, &format!("due {}{limit}", plain_date(self.due))));
        let from = if self.due < self.started { "back from" } else { "started" };
        svg.push_str(&leader(start, 50));
        labels.push_str(&label(start, 60, &format!("{from} {}", plain_date(self.started))));
        if let Some(done) = self.done {
            let x = self.x(done);
            svg.push_str(&leader(x, 68));
            let _ = write!(
                svg,
                "<circle cx=\"{x}\" cy=\"{BAR}\" r=\"6\" fill=\"#0b0c0c\" stroke=\"#fff\" stroke-width=\"1\"/>"
            );
            labels.push_str(&label(x, 79, &self.with_arrow("done", done)));
        }
        svg.push_str(&leader(as_at, 87));
        let (top, low, left, right) = (BAR - 6, BAR + 6, as_at - 6, as_at + 6);
        let _ = write!(
            svg,
            "<path d=\"M{as_at} {top}L{right} {BAR}L{as_at} {low}L{left} {BAR}Z\" fill=\"#fff\" {ink} stroke-width=\"1.5\"/>"
        );
        labels.push_str(&label(as_at, 98, &self.with_arrow("as at", self.as_at)));
        svg + &labels
    }
}

/// The clocks of an example: the rule's own, where both ends are known.
fn clocks(rule: &Rule, example: &Example, warn: Option<Limit>, calendar: &Calendar) -> Vec<Clock> {
    let own = example.answers.iter().filter(|answer| answer.rule == rule.facts.id);
    own.filter_map(|answer| {
        let timing = answer.timing.as_ref()?;
        let due = timing.due_on?;
        let started = timing.started_on?;
        let warned = warn.and_then(|warn| calendar.latest_before(due, warn).ok()).map(|due| due.day);
        // Before the clock has started nothing is due soon.
        let warned = warned.map(|day| if due < started { day } else { day.max(started) });
        let (over, unit) = (timing.days_over, timing.unit);
        let unit = if over == 1 { unit.trim_end_matches('s') } else { unit };
        Some(Clock {
            name: example.name.clone(),
            outcome: answer.outcome,
            started,
            due,
            warned,
            done: timing.done_on,
            as_at: example.as_at,
            limit: answer.limit.clone().filter(|limit| !limit.starts_with("0 ")),
            over: if over > 0 { format!(", by {over} {unit}") } else { String::new() },
        })
    })
    .collect()
}

/// A thin line from the bar down to a label.
fn leader(x: i64, to: i64) -> String {
    format!("<line x1=\"{x}\" y1=\"{BAR}\" x2=\"{x}\" y2=\"{to}\" stroke=\"#0b0c0c\" stroke-width=\"0.75\"/>")
}

/// A label that stays inside the drawing; what lies under it does not show through.
fn label(x: i64, y: i64, text: &str) -> String {
    let (anchor, x) = match x {
        ..=90 => ("start", x - 4),
        270.. => ("end", x + 4),
        _ => ("middle", x),
    };
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-family=\"Arial, sans-serif\" font-size=\"11\" fill=\"#0b0c0c\" \
         stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
        escape(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// A clock that ran from 10 to 20 January.
    fn clock(done: Option<&str>, as_at: &str) -> Clock {
        Clock {
            name: "an example".to_owned(),
            outcome: Outcome::Met,
            started: day("2026-01-10"),
            due: day("2026-01-20"),
            warned: Some(day("2026-01-18")),
            done: done.map(day),
            as_at: day(as_at),
            limit: None,
            over: String::new(),
        }
    }

    #[test]
    fn a_day_before_the_bar_is_drawn_before_it() {
        let early = clock(Some("2026-01-05"), "2026-01-21");
        let (done, start) = (early.x(day("2026-01-05")), early.x(day("2026-01-10")));
        assert!(done < start && done == MARGIN, "{done} and {start}");
        assert!(early.drawing().contains(">done 5 Jan 2026<"), "{}", early.drawing());
        let ahead = clock(None, "2026-01-08");
        assert!(ahead.x(ahead.as_at) < ahead.x(ahead.started));
    }

    #[test]
    fn a_day_far_from_all_others_stands_at_the_edge_with_an_arrow() {
        let long_before = clock(Some("2020-01-05"), "2026-01-21");
        assert!(long_before.drawing().contains(">← done 5 Jan 2020<"), "{}", long_before.drawing());
        assert!(
            long_before.x(long_before.due) - long_before.x(long_before.started) >= (WIDTH - 2 * MARGIN) / 5
        );
        let long_after = clock(None, "2030-01-01");
        assert!(long_after.drawing().contains(">as at 1 Jan 2030 →<"), "{}", long_after.drawing());
        assert!(long_after.x(long_after.as_at) > long_after.x(long_after.due), "it is late, and drawn so");
    }
}
