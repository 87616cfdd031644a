//! The whole book: every rule by standard in one HTML file that needs no network, is searched where scripts run, and prints.

use std::fmt::Write as _;

use sha2::Digest as _;
use sha2::Sha256;

use crate::book::Book;
use crate::book::Place;
use crate::book::article::title;
use crate::book::html;
use crate::book::html::escape;
use crate::catalog::Catalog;
use crate::catalog::Registered;
use crate::model::RuleFacts;
use crate::rules::Rule;

/// The style sheet of the pages is that of the book.
const STYLE: &str = include_str!("../../templates/casecheck.css");
const SCRIPT: &str = include_str!("../../templates/book.js");

/// All rules of a catalog, and what is left to an auditor.
pub(super) fn whole(book: &Book, catalog: &Catalog) -> String {
    let pack = &catalog.pack;
    let mut all = head(catalog);
    for standard in &pack.standards {
        let rules: Vec<&Rule> = pack.rules.iter().filter(|rule| rule.facts.standard == standard.id).collect();
        let (id, name, about) = (escape(&standard.id), escape(&standard.title), escape(&standard.about));
        let _ = write!(
            all,
            "<section class=\"standard\" id=\"{id}\"><h2 class=\"heading-l\">{name}</h2><p>{about}</p>"
        );
        for rule in rules {
            let _ = writeln!(
                all,
                "<article class=\"rule\" id=\"{}\"><h3 class=\"heading-m\">{}</h3>{}</article>",
                anchor(catalog, rule),
                title(rule),
                book.article(catalog, rule, Place::Book)
            );
        }
        for (rule, missed) in second_duties(catalog, &standard.id) {
            let (id, title, first) = (escape(&missed.id), escape(&missed.title), escape(&rule.facts.id));
            let _ = writeln!(
                all,
                "<article class=\"rule\" id=\"{id}\"><h3 class=\"heading-m\">{id} {title}</h3><p class=\"lead\">This duty starts when \
                 <a href=\"#{first}\">{first}</a> is missed; it is shown there.</p></article>"
            );
        }
        for entry in catalog.register.iter().filter(|entry| entry.standard == standard.id) {
            let (id, title, body) = (escape(&entry.id), escape(&entry.title), registered(entry));
            let heading = format!("<h3 class=\"heading-m\">{id} {title}</h3>");
            let _ = writeln!(all, "<article class=\"rule\" id=\"{id}\">{heading}{body}</article>");
        }
        all.push_str("</section>\n");
    }
    let _ = writeln!(all, "</main><script>{SCRIPT}</script></body></html>");
    all
}

/// The duties of a standard that start when a rule is missed, each with its rule in its latest revision.
fn second_duties<'c>(catalog: &'c Catalog, standard: &str) -> Vec<(&'c Rule, &'c RuleFacts)> {
    let pack = &catalog.pack;
    let is_latest =
        |rule: &&Rule| pack.rule(&rule.facts.id).is_some_and(|latest| std::ptr::eq(latest, *rule));
    let with_missed = |rule: &'c Rule| Some((rule, &*rule.missed.as_ref()?.facts));
    let all = pack.rules.iter().filter(is_latest).filter_map(with_missed);
    all.filter(|(_, missed)| missed.standard == standard).collect()
}

/// The id of a rule in the book; that of an earlier revision says which.
fn anchor(catalog: &Catalog, rule: &Rule) -> String {
    let id = escape(&rule.facts.id);
    let is_latest = catalog.pack.rule(&rule.facts.id).is_some_and(|latest| std::ptr::eq(latest, rule));
    if is_latest { id } else { format!("{id}-revision-{}", rule.facts.revision) }
}

fn head(catalog: &Catalog) -> String {
    let pack = &catalog.pack;
    let (name, version) = (escape(&pack.name), escape(&pack.version));
    let overlay = pack.overlay.as_ref().map_or_else(String::new, |(name, version)| {
        format!(", overlay {} {}", escape(name), escape(version))
    });
    let digest = escape(pack.digest.get(..12).unwrap_or(""));
    let count = pack.rules.len();
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Rule book, {name} {version}</title><style>{STYLE}</style></head><body class=\"book\">\
         <a class=\"skip-link\" href=\"#main\">Skip to main content</a><main class=\"width main\" id=\"main\" tabindex=\"-1\">\
         <h1 class=\"heading-l\">Rule book</h1>\
         <p>{count} rules of the pack {name} {version}{overlay}; digest {digest}. Everything here is made of the rule files; the examples are the \
         rules' tests, judged by the engine when this was written.</p>\
         <form class=\"filters\" id=\"search\" role=\"search\" hidden><label class=\"label\" for=\"q\">Search the book</label>\
         <p class=\"hint\" id=\"q-hint\">A rule is shown if all of the words stand in it.</p>\
         <input class=\"input\" id=\"q\" type=\"search\" autocomplete=\"off\" aria-describedby=\"q-hint\">\
         <p id=\"found\" role=\"status\"></p></form><nav class=\"contents\" aria-label=\"Standards\"><ul class=\"list\">"
    );
    for standard in &pack.standards {
        let _ =
            write!(html, "<li><a href=\"#{}\">{}</a></li>", escape(&standard.id), escape(&standard.title));
    }
    html.push_str("</ul></nav>\n");
    html
}

/// A standard that no machine can judge: why, and what an auditor answers.
pub(super) fn registered(entry: &Registered) -> String {
    let pairs = html::pairs([
        ("Why no machine can judge it", escape(&entry.reason)),
        ("An auditor answers", escape(&entry.audit_question)),
    ]);
    format!("<p class=\"lead\">No rule judges this standard. It is left to an auditor.</p>{pairs}")
}

/// The digests of the book's style and script, as a Content-Security-Policy names them: of the style first.
pub fn inline_hashes() -> (String, String) {
    let digest = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())));
    (digest(STYLE), digest(SCRIPT))
}

/// Bytes in the sixty-four letters of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three
            .iter()
            .chain(&[0, 0])
            .take(3)
            .fold(0_usize, |number, byte| (number << 8) | usize::from(*byte));
        for place in 0..4 {
            let letter = LETTERS.get((number >> (18 - 6 * place)) & 63).copied().map_or('=', char::from);
            text.push(if place > three.len() { '=' } else { letter });
        }
    }
    text
}
