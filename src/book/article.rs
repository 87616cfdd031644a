//! A rule as it is shown to people: what it asks in plain English, its clock, its source, its figures, its examples as the engine judges them now.
//! The page of a rule and the book show the same; a page has the records of the examples too.

use crate::book::InWords;
use crate::book::Vocabulary;
use crate::book::examples::Example;
use crate::book::html;
use crate::book::html::element;
use crate::book::html::escape;
use crate::book::source::Source;
use crate::book::timeline::Clock;
use crate::book::written::check_as_written;
use crate::calendar::Limit;
use crate::catalog::Catalog;
use crate::form;
use crate::model::Rendered;
use crate::model::RuleFacts;
use crate::rules::MissedRule;
use crate::rules::Param;
use crate::rules::Rule;
use crate::rules::plain_date;

/// Where a rule is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A page of its own, in the service.
    Page,
    /// Among all others, in one file that stands alone.
    Book,
}

/// A rule and what is needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct Article<'c> {
    /// What it belongs to.
    pub catalog: &'c Catalog,
    /// The words of its pack.
    pub vocabulary: &'c Vocabulary,
    /// The rule.
    pub rule: &'c Rule,
    /// Where it is shown.
    pub place: Place,
}

impl Article<'_> {
    /// All of it, without its title.
    pub fn html(&self) -> String {
        let examples = Example::all(self.catalog, self.rule);
        let parts = [
            self.short(),
            self.clocks(&examples),
            self.heading("Where it is written"),
            source(&self.rule.facts.source),
            self.in_force(),
            self.says(),
            self.examples(&examples),
            self.as_written(),
        ];
        parts.concat()
    }

    /// What it asks and why, what to do, its figures.
    pub fn short(&self) -> String {
        let (rule, facts) = (self.rule, &self.rule.facts);
        let words = InWords::of(rule, self.vocabulary, self.catalog.schema.shape());
        let mut all = format!("<p class=\"lead\">{}</p>", escape(&rule.why));
        if let Some(reason) = &rule.off {
            all.push_str(&format!(
                "<p class=\"inset\"><strong>Switched off.</strong> {}</p>",
                escape(reason)
            ));
        }
        all.push_str(&self.heading("What it asks"));
        all.push_str(&html::statements(&words.check));
        if !words.terms.is_empty() {
            let meanings = words
                .terms
                .iter()
                .map(|(term, said)| (term.as_str(), format!("{}{}", escape(&said.words), html::under(said))));
            all.push_str(&format!("<div class=\"terms\">{}</div>", html::pairs(meanings)));
        }
        let trust = match facts.reliability.word() {
            "may_over_report" => "It may find fault where there is none",
            "may_under_report" => "It may miss a fault",
            _ => "What it says can be relied on",
        };
        all.push_str(&html::pairs([
            ("What to do", escape(&facts.fix)),
            ("Weight", escape(&weight(facts))),
            ("How far to trust it", trust.to_owned()),
        ]));
        all.push_str(&self.figures());
        all
    }

    /// The rule's id, with its revision where there are several.
    fn named(&self) -> String {
        let (id, revision) = (&self.rule.facts.id, self.rule.facts.revision);
        let several = self.catalog.pack.rules.iter().filter(|other| other.facts.id == *id).count() > 1;
        if several { format!("{id}, revision {revision}") } else { id.clone() }
    }

    fn heading(&self, words: &str) -> String {
        match self.place {
            Place::Page => format!("<h2 class=\"heading-m\">{}</h2>", escape(words)),
            Place::Book => format!("<h4 class=\"heading-s\">{}</h4>", escape(words)),
        }
    }

    fn figures(&self) -> String {
        if self.rule.params.is_empty() {
            return String::new();
        }
        let row = |param: &Param| {
            let set_by = if param.set_by == "pack" {
                "the rule itself".to_owned()
            } else {
                format!("the overlay {}, in place of {}", param.set_by, param.default)
            };
            vec![
                escape(param.about.as_deref().unwrap_or(&param.name)),
                escape(&param.value.to_string()),
                escape(param.allowed.as_deref().unwrap_or("not to be changed")),
                escape(&set_by),
            ]
        };
        let rows: Vec<Vec<String>> = self.rule.params.iter().map(row).collect();
        let heads = ["Figure", "In force", "May be", "Set by"];
        format!(
            "{}{}",
            self.heading("Figures that an authority may set"),
            html::table(&format!("Figures of {}", self.named()), &heads, &rows)
        )
    }

    fn clocks(&self, examples: &[Example]) -> String {
        let warn = self.warning();
        let clocks = Clock::of(self.rule, examples, warn, &self.catalog.pack.calendar);
        if clocks.is_empty() {
            return String::new();
        }
        let (id, revision) = (&self.rule.facts.id, self.rule.facts.revision);
        let figures: String = clocks
            .iter()
            .enumerate()
            .map(|(at, clock)| clock.figure(&format!("{id}-{revision}-clock-{at}")))
            .collect();
        let key = "Black bar: the time there is; its hollow end: due soon; dashed: late. Dot: done. Diamond: the day of the check.";
        let heading = self.heading("Its clock, in examples");
        format!("{heading}<p class=\"hint\">{key}</p><div class=\"clocks\">{figures}</div>")
    }

    /// How long before a due day the rule warns.
    fn warning(&self) -> Option<Limit> {
        let written = form::read(&self.rule.file).ok()?;
        let check = &written.entry("check")?.value;
        let form::What::Map(kinds) = &check.what else { return None };
        let text = kinds.first()?.value.entry("warn_before")?.value.text()?;
        let param =
            text.strip_prefix('$').and_then(|name| self.rule.params.iter().find(|param| param.name == name));
        Limit::parse(&param.map_or_else(|| text.to_owned(), |param| param.value.to_string())).ok()
    }

    fn in_force(&self) -> String {
        let rule = self.rule;
        let mut pairs =
            vec![("In force", escape(&dates(rule))), ("Taken into use", format!("to {}", rule.stage.word()))];
        for window in &rule.relaxed {
            let (from, to) = (plain_date(window.from), plain_date(window.to));
            pairs.push(("Eased", format!("{from} to {to}, by {}", escape(&window.by))));
        }
        if !rule.answers.is_empty() {
            pairs.push(("Answers", escape(&rule.answers.join(", "))));
        }
        let mut all = html::pairs(pairs);
        let same: Vec<&Rule> =
            self.catalog.pack.rules.iter().filter(|other| other.facts.id == rule.facts.id).collect();
        if same.len() > 1 {
            let rows: Vec<Vec<String>> = same.iter().map(|other| self.revision(other)).collect();
            all.push_str(&self.heading("Revisions side by side"));
            all.push_str("<p>The revision in force on the day on which a clock started governs.</p>");
            all.push_str(&html::table(
                &format!("Revisions beside {}", self.named()),
                &["Revision", "In force", "Title", "What it asks"],
                &rows,
            ));
        }
        all
    }

    fn revision(&self, other: &Rule) -> Vec<String> {
        let words = InWords::of(other, self.vocabulary, self.catalog.schema.shape());
        let number = other.facts.revision;
        let name = match self.place {
            _ if std::ptr::eq(other, self.rule) => format!("{number} (this one)"),
            Place::Page => {
                format!("<a href=\"/rules/{}?revision={number}\">{number}</a>", escape(&other.facts.id))
            }
            Place::Book => number.to_string(),
        };
        vec![name, escape(&dates(other)), escape(&other.facts.title), html::statements(&words.check)]
    }

    fn says(&self) -> String {
        let says = |say: &crate::rules::Say| {
            let lines: Vec<(String, String)> =
                say.written().map(|(outcome, line)| (outcome.spoken(), escape(&line))).collect();
            html::pairs(lines.iter().map(|(outcome, line)| (outcome.as_str(), line.clone())))
        };
        let mut all = format!("{}{}", self.heading("What it says"), says(&self.rule.say));
        if let Some(MissedRule { facts, say, .. }) = &self.rule.missed {
            all.push_str(&self.heading(&format!("If it is missed: {} {}", facts.id, facts.title)));
            all.push_str(&says(say));
            all.push_str(&html::pairs([
                ("What to do", escape(&facts.fix)),
                ("Weight", escape(&weight(facts))),
            ]));
            all.push_str(&source(&facts.source));
        }
        all
    }

    fn examples(&self, examples: &[Example]) -> String {
        let overlaid = self.rule.params.iter().find(|param| param.set_by != "pack");
        let row = |(at, example): (usize, &Example)| {
            let mut said: String =
                example.lines(self.rule).iter().map(|line| format!("<div>{}</div>", escape(line))).collect();
            if let Some(differs) = &example.differs {
                let why = overlaid.map_or_else(
                    || "This is not what the test expects".to_owned(),
                    |param| format!("The test is for the rule's own figures, not those of {}", param.set_by),
                );
                said.push_str(&format!(
                    "<div><strong class=\"tag tag-bad\">differs</strong> {}: {}</div>",
                    escape(&why),
                    escape(differs)
                ));
            }
            if self.place == Place::Page {
                said.push_str(&self.record(at, example));
            }
            vec![escape(&example.name), plain_date(example.as_at), said]
        };
        let rows: Vec<Vec<String>> = examples.iter().enumerate().map(row).collect();
        let wrong = examples.iter().filter(|example| example.differs.is_some()).count();
        // A book is kept: what it says now was said when it was written.
        let (when, says) = match self.place {
            Place::Page => ("just now", "What the rule says now"),
            Place::Book => ("when this was written", "What the rule said then"),
        };
        let held = match wrong {
            0 => format!("All {} were judged {when}, and all hold.", examples.len()),
            _ => format!("All {} were judged {when}; {wrong} of them differ.", examples.len()),
        };
        let label = format!("Examples of {}", self.named());
        let table = html::table(&label, &["Example", "As at", says], &rows);
        format!("{}<p>Its tests are its examples. {held}</p>{table}", self.heading("Examples"))
    }

    /// The record of an example, and the way to change it.
    fn record(&self, at: usize, example: &Example) -> String {
        let text: Vec<String> =
            example.records.iter().filter_map(|record| serde_json::to_string_pretty(record).ok()).collect();
        let (id, name) = (escape(&self.rule.facts.id), escape(&example.name));
        let link = format!(
            "<a href=\"/playground?rule={id}&amp;test={at}\">Try it in the playground<span class=\"hidden\">: {name}</span></a>"
        );
        let link = if self.rule.check.is_across() {
            String::new()
        } else {
            format!("<p class=\"screen\">{link}</p>")
        };
        let summary = if text.len() == 1 { "The record" } else { "The records" };
        format!(
            "<details><summary>{summary}<span class=\"hidden\"> of: {name}</span></summary><pre tabindex=\"0\" role=\"group\" aria-label=\"{summary} of: {name}\">{}</pre>{link}</details>",
            escape(&text.join("\n"))
        )
    }

    fn as_written(&self) -> String {
        let check = check_as_written(&self.rule.file.text);
        let mut all = format!(
            "<details><summary>The check as written</summary><pre tabindex=\"0\" role=\"group\" aria-label=\"The check of {} as written\">{}</pre></details>",
            escape(&self.named()),
            escape(&check)
        );
        if self.place == Place::Page {
            let text = escape(&self.rule.file.text);
            all.push_str(&format!("<details><summary>The whole file</summary><pre tabindex=\"0\" role=\"group\" aria-label=\"The rule file\">{text}</pre></details>"));
        }
        all
    }
}

/// How heavy a fault is, whether the standard binds, and what it counts towards.
fn weight(facts: &RuleFacts) -> String {
    let force = facts.force.word();
    let binds = if force == "must" { "it binds" } else { "it advises" };
    format!("{}, {force} ({binds}); counts towards {}", facts.severity, facts.dimension)
}

fn dates(rule: &Rule) -> String {
    match (rule.from, rule.to) {
        (Some(from), Some(to)) => format!("{} to {}", plain_date(from), plain_date(to)),
        (Some(from), None) => format!("since {}", plain_date(from)),
        (None, Some(to)) => format!("until {}", plain_date(to)),
        (None, None) => "no first or last day is given".to_owned(),
    }
}

/// Where a standard is written, and how far that was verified.
fn source(written: &Rendered) -> String {
    let source = Source::of(written);
    let mut pairs = vec![("Instrument", escape(&source.instrument))];
    pairs.extend(source.paragraph.as_ref().map(|paragraph| ("Where in it", escape(paragraph))));
    pairs.extend(source.url.as_ref().filter(|url| url.starts_with("http")).map(|url| {
        let url = escape(url);
        ("To read", format!("<a href=\"{url}\" rel=\"noreferrer\">{url}</a>"))
    }));
    pairs.push(("Basis", source.basis_in_words().to_owned()));
    pairs.push(("Verified", source.verified_in_words().to_owned()));
    pairs.push(("Its figure", source.figure_in_words().to_owned()));
    pairs.extend(source.confidence.as_ref().map(|confidence| ("Confidence", escape(confidence))));
    pairs.extend(source.checked_on.as_ref().map(|day| ("Checked on", escape(day))));
    format!("<div class=\"source\">{}</div>", html::pairs(pairs))
}

/// The title of a rule.
pub fn title(rule: &Rule) -> String {
    let off = if rule.off.is_some() { " <span class=\"tag tag-soon\">off</span>" } else { "" };
    format!("{}{off}", element("span", &format!("{} {}", rule.facts.id, rule.facts.title)))
}
