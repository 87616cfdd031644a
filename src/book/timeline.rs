//! The clock of a rule as a small drawing: examples that the engine has just judged, with their dates. Drawn in black on white, so that it prints,
//! with the same in words beside it.

use std::fmt::Write as _;

use crate::book::examples::Example;
use crate::book::html::escape;
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
        let _ = write!(words, " As at {}: {}{}.", days(self.as_at), said(self.outcome), self.over);
        words
    }

    /// A figure with the drawing and its words. `id` is unique in the page.
    pub fn figure(&self, id: &str) -> String {
        let (id, summary, name) = (escape(id), escape(&self.summary()), escape(&self.name));
        let title = escape(&format!("A clock: {}", said(self.outcome)));
        format!(
            "<figure class=\"clock\"><svg viewBox=\"0 0 {WIDTH} 104\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" xmlns=\"http://www.w3.org/2000/svg\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{summary}</desc>{}</svg>\
             <figcaption><strong>{}</strong> – {name}. {summary}</figcaption></figure>",
            self.drawing(),
            escape(&capital(&said(self.outcome))),
        )
    }

    /// The last day that the drawing reaches.
    fn last(&self) -> Day {
        let known = self.done.unwrap_or(self.as_at).max(self.due).max(self.started);
        let (reach, to_as_at) = (known.days_since(self.first()), self.as_at.days_since(self.first()));
        // A day long after everything else would press the rest together; it stands at the edge instead.
        if to_as_at <= reach.saturating_mul(2) { known.max(self.as_at) } else { known }
    }

    fn first(&self) -> Day {
        self.started.min(self.due)
    }

    fn x(&self, day: Day) -> i64 {
        let span = i64::from(self.last().days_since(self.first())).max(1);
        let at = i64::from(day.days_since(self.first())).clamp(0, span);
        MARGIN + at * (WIDTH - 2 * MARGIN) / span
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
            labels.push_str(&label(x, 79, &format!("done {}", plain_date(done))));
        }
        svg.push_str(&leader(as_at, 87));
        let (top, low, left, right) = (BAR - 6, BAR + 6, as_at - 6, as_at + 6);
        let _ = write!(
            svg,
            "<path d=\"M{as_at} {top}L{right} {BAR}L{as_at} {low}L{left} {BAR}Z\" fill=\"#fff\" {ink} stroke-width=\"1.5\"/>"
        );
        let beyond = if self.as_at > self.last() { " →" } else { "" };
        labels.push_str(&label(as_at, 98, &format!("as at {}{beyond}", plain_date(self.as_at))));
        svg + &labels
    }
}

/// The clocks of an example: the rule's own, where both ends are known.
fn clocks(rule: &Rule, example: &Example, warn: Option<Limit>, calendar: &Calendar) -> Vec<Clock> {
    let own = example.answers.iter().filter(|answer| answer.rule == rule.facts.id);
    own.filter_map(|answer| {
        let timing = answer.timing.as_ref()?;
        let due = timing.due_on?;
        let warned = warn.and_then(|warn| calendar.latest_before(due, warn).ok()).map(|due| due.day);
        let (over, unit) = (timing.days_over, timing.unit);
        let unit = if over == 1 { unit.trim_end_matches('s') } else { unit };
        Some(Clock {
            name: example.name.clone(),
            outcome: answer.outcome,
            started: timing.started_on?,
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

fn said(outcome: Outcome) -> String {
    outcome.word().replace('_', " ")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
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
