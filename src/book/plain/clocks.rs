//! Checks with a clock, and those of what lasts, in plain English.

use crate::book::plain::Check;
use crate::book::plain::Plain;
use crate::book::plain::conditions::reads_the_item;
use crate::book::plain::here::Here;
use crate::book::plain::said::Said;
use crate::calendar::Limit;
use crate::calendar::Unit;
use crate::form::Written;

impl<'a> Check<'_, 'a> {
    pub(super) fn deadline(&self) -> Vec<Said> {
        let (here, subject) = self.subject();
        let mut all = self.clock_start(&here, &subject, "the clock starts");
        let done = self.event_at(&here, "done_by");
        let look_back = self.figure("look_back").filter(|back| !is_nothing(back));
        let is_before = self.at("at_least_before").is_some();
        // The first day of a stretch has nothing of it before it.
        let counts_early =
            (self.is_yes("count_early") || is_before) && !(here.is_stretch() && self.at("starts").is_none());
        let due = match (self.figure("within"), self.figure("at_least_before")) {
            (_, Some(before)) if is_nothing(&before) => format!("{done} is due by that day"),
            (_, Some(before)) => format!("{done} is due at least {before} before it"),
            (Some(within), _) if is_nothing(&within) && (counts_early || look_back.is_some()) => {
                format!("{done} is due by that day")
            }
            (Some(within), _) if is_nothing(&within) => format!("{done} is due on that very day"),
            (Some(within), _) => {
                let day = if self.is_yes("beginning_with") { "one" } else { "zero" };
                let is_told = self.is_yes("beginning_with") || is_in_days(&within);
                let counted =
                    if is_told { format!(", the day of the start being day {day}") } else { String::new() };
                format!("{done} is due within {within} of it{counted}")
            }
            _ => format!("{done} is due"),
        };
        all.push(Said::of(due));
        all.extend(self.done_before(&here, counts_early, look_back));
        if let Some(early) = self.figure("not_before") {
            all.push(Said::of(format!("What was done earlier than {early} after the start does not count")));
        }
        let end = [
            ": where that is on or before the due day and it was not done, it falls away",
            "Where the stretch ends on or before the due day and it was not done, the duty falls away; what was done after the stretch does not count",
        ];
        self.clock_end(&here, all, end)
    }

    /// What is said of what was done before the clock started.
    fn done_before(&self, here: &Here<'a>, counts_early: bool, look_back: Option<String>) -> Vec<Said> {
        let mut all = Vec::new();
        match (counts_early, here.is_stretch()) {
            (true, true) => all.push(
                "What was done before the start counts too, back to the first day of the stretch".to_owned(),
            ),
            (true, false) if self.is_yes("count_early") => {
                all.push("What was done before the start counts too".to_owned());
            }
            (false, _) if look_back.is_none() && self.at("not_before").is_none() => {
                all.push("What was done before the start does not count".to_owned());
            }
            _ => {}
        }
        all.extend(look_back.map(|back| format!("What was done up to {back} before the start counts too")));
        all.into_iter().map(Said::of).collect()
    }

    pub(super) fn cadence(&self) -> Vec<Said> {
        let (here, subject) = self.subject();
        let mut all = self.clock_start(&here, &subject, "the first interval starts");
        let of = self.event_at(&here, "of");
        let every = self.figure("every").unwrap_or_default();
        let first = self.figure("first_within").map(|first| format!(", the first time within {first}"));
        all.push(Said::of(format!(
            "From then on {of} is due at least every {every}{}",
            first.unwrap_or_default()
        )));
        if self.is_yes("from_last_before") {
            let inside = if here.is_stretch() { " within the stretch" } else { "" };
            all.push(Said::of(format!(
                "The first interval runs from the last time that it was done by the start{inside}, if it was"
            )));
        }
        all.push(Said::of(if self.text("clock") == Some("from_schedule") {
            "The due days are fixed from the start, whenever it was last done"
        } else {
            "Each interval runs from the day on which it was last done"
        }));
        let end = [
            ": what would be due on that day or later falls away unless it was done by then",
            "The duty ends with the stretch: what would be due on its last day or later falls away unless it was done by then",
        ];
        self.clock_end(&here, all, end)
    }

    pub(super) fn gap(&self) -> Vec<Said> {
        let (here, subject) = self.subject();
        let most = self.figure("no_more_than").unwrap_or_default();
        let edges = self.is_yes("edges");
        let start_of = self.at("between").and_then(|written| written.entry("start_of")?.value.text());
        let words = if edges && start_of.is_some() && start_of == self.text("for_each") {
            format!(
                "{subject}, it may last no more than {most}, from its first day to its last or to the day of the check"
            )
        } else {
            let between = self.event_at(&here, "between");
            let ends = if edges {
                ", nor from the first day to the first of them, nor from the last of them to the end or to the day of the check"
            } else {
                ""
            };
            format!("{subject} no more than {most} may go by in it between one {between} and the next{ends}")
        };
        let mut all = vec![Said::of(words)];
        self.push_where(&here, &mut all);
        self.push_whom_of_stretch(&here, &mut all);
        all
    }

    pub(super) fn total(&self) -> Vec<Said> {
        let period = self.text("of").map(|name| self.plain.period(name)).unwrap_or_default();
        let most = self.figure("at_most").unwrap_or_default();
        let window = self.figure("in_any").map(|window| format!(" in any {window}"));
        vec![Said::of(format!(
            "All days of {period} together may come to no more than {most}{}",
            window.unwrap_or_default()
        ))]
    }

    pub(super) fn overlap(&self) -> Vec<Said> {
        let period = self.text("of").map(|name| self.plain.period(name)).unwrap_or_default();
        let must = if self.text("must") == Some("be_unbroken") {
            format!(
                "Each stretch of {period} must begin on the day on which the one before ends, or the next"
            )
        } else {
            format!(
                "No two stretches of {period} may share more than the day on which one ends and the other begins"
            )
        };
        vec![Said::of(must)]
    }

    /// What is judged, and how a sentence about each of them begins.
    pub(super) fn subject(&self) -> (Here<'a>, String) {
        let record = self.plain.record();
        let name = self.text("for_each").unwrap_or("record");
        if let Some(period) = self.plain.vocabulary.periods.get(name) {
            let list = period.entry("each").and_then(|entry| entry.value.text()).unwrap_or("record");
            let subject = format!("For each stretch of {}", self.plain.period(name));
            let join = period.entry("join").filter(|join| join.value.text() != Some("false"));
            return (record.list(list).judged_as_stretch(join.is_some()), subject);
        }
        let here = record.list(name).judged();
        let subject = if here.is_record() {
            "For the child".to_owned()
        } else if here.is_one_of_many() {
            format!("For each {}", here.noun())
        } else {
            format!("For what is recorded under {}", here.quoted())
        };
        (here, subject)
    }

    fn event_at(&self, here: &Here<'a>, key: &str) -> String {
        self.at(key).map(|written| self.plain.event(here, written)).unwrap_or_default()
    }

    fn clock_start(&self, here: &Here<'a>, subject: &str, verb: &str) -> Vec<Said> {
        let Some(written) = self.at("starts") else {
            return vec![Said::of(format!("{subject} {verb} on its first day"))];
        };
        let mut all = vec![Said::of(format!("{subject} {verb} with {}", self.plain.start(here, written)))];
        if here.is_stretch() {
            all.push(Said::of(
                "Only what took place from the first to the last day of the stretch starts it",
            ));
        }
        all
    }

    /// When it warns, when the duty ends (with what is said of an end of its own, and of that of a stretch), where it applies and where it
    /// does not.
    fn clock_end(
        &self,
        here: &Here<'a>,
        mut all: Vec<Said>,
        [of_its_own, of_stretch]: [&str; 2],
    ) -> Vec<Said> {
        if let Some(warn) = self.figure("warn_before") {
            all.push(Said::of(format!("It is shown as due soon from {warn} before the due day")));
        }
        if let Some(until) = self.at("until") {
            let end = match until.text() {
                Some(field) => here.field(field).words,
                None => self.plain.start(here, until),
            };
            all.push(Said::of(format!("The duty ends with {end}{of_its_own}")));
        }
        if here.is_stretch() {
            all.push(Said::of(of_stretch));
        }
        self.push_where(here, &mut all);
        let unless = self.conditions(here, "unless");
        if !unless.is_empty() {
            all.push(Said::with("It does not apply where", unless));
        }
        self.push_whom_of_stretch(here, &mut all);
        all
    }

    /// Of which item of a stretch the conditions are asked, where they read any.
    pub(super) fn push_whom_of_stretch(&self, here: &Here<'a>, all: &mut Vec<Said>) {
        let reads = ["where", "unless"].into_iter().filter_map(|key| self.at(key)).any(reads_the_item);
        if let Some(item) = here.first_of_stretch().filter(|_| reads) {
            all.push(Said::of(format!("Of a stretch of several, its first {item} is asked")));
        }
    }

    pub(super) fn push_where(&self, here: &Here<'a>, all: &mut Vec<Said>) {
        let only = self.conditions(here, "where");
        if !only.is_empty() {
            all.push(Said::with("It applies only where", only));
        }
    }
}

impl Plain<'_> {
    /// The duty that starts when the first is missed.
    pub(super) fn missed(&self, id: &str, first: &Written, written: &Written) -> Vec<Said> {
        let Some(clock) = written.entry("deadline") else { return Vec::new() };
        let check = Check { plain: self, written: &clock.value };
        let is_of_stretch = first
            .entry("deadline")
            .is_some_and(|entry| Check { plain: self, written: &entry.value }.subject().0.is_stretch());
        let here = self.record();
        let done = check.event_at(&here, "done_by");
        let within = check.figure("within").unwrap_or_default();
        let due = if is_nothing(&within) {
            "on that very day".to_owned()
        } else {
            format!("within {within} of it")
        };
        let due = if is_in_days(&within) && !is_nothing(&within) {
            format!("{due}, that day being day zero")
        } else {
            due
        };
        let mut all = vec![Said::of(format!(
            "If it is missed, a second duty ({id}) starts on the day on which the first was due: {done} is due {due}"
        ))];
        let ends = if is_of_stretch {
            ", or where the stretch ends by then and the second was not done; what was done after the stretch does not count"
        } else {
            ""
        };
        all.push(Said::of(format!(
            "That one falls away where the first is done late but by the day on which the second is due, unless the second was done in time{ends}"
        )));
        if let Some(warn) = check.figure("warn_before") {
            all.push(Said::of(format!("That one is shown as due soon from {warn} before its due day")));
        }
        all
    }
}

/// Whether a limit is counted in days of some sort, so that it must be said whether the first of them counts.
fn is_in_days(limit: &str) -> bool {
    let unit = Limit::parse(limit).map(|limit| limit.unit);
    unit.is_ok_and(|unit| matches!(unit, Unit::Days | Unit::WorkingDays | Unit::SchoolDays))
}

/// Whether a limit is no time at all.
fn is_nothing(limit: &str) -> bool {
    Limit::parse(limit).is_ok_and(|limit| limit.count == 0)
}
