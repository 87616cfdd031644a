//! The rule book: every rule in plain words, one HTML file that works offline and prints.

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::cli::explain::check_as_written;
use crate::cli::explain::source_line;
use crate::rules::Rule;

const STYLE: &str = "body{font-family:Arial,sans-serif;line-height:1.5;max-width:60rem;margin:0 auto;padding:1rem;color:#0b0c0c}\
h1{font-size:2rem}h2{border-bottom:2px solid #1d70b8;padding-top:1.5rem}h3{margin-bottom:.25rem}\
dl{display:grid;grid-template-columns:8rem 1fr;gap:.25rem 1rem}dt{font-weight:700}dd{margin:0}\
pre{background:#f3f2f1;padding:.75rem;overflow-x:auto;white-space:pre-wrap}table{border-collapse:collapse;width:100%}\
td,th{text-align:left;border-bottom:1px solid #b1b4b6;padding:.3rem;vertical-align:top}a{color:#1d70b8}\
article{page-break-inside:avoid}@media(max-width:40rem){dl{grid-template-columns:1fr}}";

/// The whole book.
pub(super) fn book(catalog: &Catalog) -> String {
    let pack = &catalog.pack;
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Rule book, {name} {version}</title><style>{STYLE}</style></head><body><h1>Rule book</h1>\
         <p>{rules} rules of the pack {name} {version}{overlay}; digest {digest}.</p><nav aria-label=\"Standards\"><ul>",
        name = escape(&pack.name),
        version = escape(&pack.version),
        rules = pack.ranks.len(),
        overlay = pack.overlay.as_ref().map_or_else(String::new, |(name, version)| format!(
            ", overlay {} {}",
            escape(name),
            escape(version)
        )),
        digest = escape(pack.digest.get(..12).unwrap_or("")),
    );
    for standard in &pack.standards {
        let _ =
            write!(html, "<li><a href=\"#{}\">{}</a></li>", escape(&standard.id), escape(&standard.title));
    }
    html.push_str("</ul></nav><main>");
    for standard in &pack.standards {
        let (id, title, about) = (escape(&standard.id), escape(&standard.title), escape(&standard.about));
        let _ = write!(html, "<section id=\"{id}\"><h2>{title}</h2><p>{about}</p>");
        for rule in pack.rules.iter().filter(|rule| rule.facts.standard == standard.id) {
            html.push_str(&article(rule));
        }
        registered(catalog, &standard.id, &mut html);
        html.push_str("</section>");
    }
    html.push_str("</main></body></html>\n");
    html
}

fn article(rule: &Rule) -> String {
    let facts = &rule.facts;
    let id = escape(&facts.id);
    let mut html = format!(
        "<article id=\"{id}\"><h3>{id} {}</h3><p>{}</p><dl>",
        escape(&facts.title),
        escape(&rule.why)
    );
    let mut pair = |name: &str, value: &str| {
        let _ = write!(html, "<dt>{name}</dt><dd>{}</dd>", escape(value));
    };
    pair("Source", &source_line(facts.source.get()));
    pair("Weight", &format!("{}, {}, {}", facts.force, facts.severity, facts.dimension));
    if let Some(from) = rule.from {
        pair("Since", &from.to_string());
    }
    for param in &rule.params {
        let allowed =
            param.allowed.as_ref().map_or_else(String::new, |allowed| format!(", may be {allowed}"));
        pair("Figure", &format!("{}: {} (set by {}{allowed})", param.name, param.value, param.set_by));
    }
    if rule.check.is_across() {
        pair("Asked", "Of all records of a run together, at its end; never of one record");
    }
    if let Some(reason) = &rule.off {
        pair("Switched off", reason);
    }
    if let Some(missed) = &rule.missed {
        pair("If missed", &format!("{} {}", missed.facts.id, missed.facts.title));
    }
    pair("Fix", &facts.fix);
    let _ =
        write!(html, "</dl><pre>{}:\n{}</pre>", rule.check.key(), escape(&check_as_written(rule).join("\n")));
    html.push_str("<table><thead><tr><th scope=\"col\">Example</th><th scope=\"col\">As at</th><th scope=\"col\">Outcome</th></tr></thead><tbody>");
    for trial in rule.trials() {
        let outcomes: Vec<&str> = trial.expect.iter().map(|expect| expect.outcome.word()).collect();
        let _ = write!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&trial.name),
            trial.as_at,
            outcomes.join(", ")
        );
    }
    html.push_str("</tbody></table></article>");
    html
}

fn registered(catalog: &Catalog, standard: &str, html: &mut String) {
    let entries: Vec<_> = catalog.register.iter().filter(|entry| entry.standard == standard).collect();
    if entries.is_empty() {
        return;
    }
    html.push_str("<h3>For an auditor: no machine can judge these</h3><table><thead><tr><th scope=\"col\">Standard</th><th scope=\"col\">Why</th><th scope=\"col\">Question</th></tr></thead><tbody>");
    for entry in entries {
        let _ = write!(
            html,
            "<tr id=\"{id}\"><td>{id} {}</td><td>{}</td><td>{}</td></tr>",
            escape(&entry.title),
            escape(&entry.reason),
            escape(&entry.audit_question),
            id = escape(&entry.id),
        );
    }
    html.push_str("</tbody></table>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
