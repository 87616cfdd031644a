//! The rule book: every rule in plain English, its clock drawn from what the engine says now, the same on the page and in the one file.

use casecheck::book::Book;
use casecheck::book::Place;
use casecheck::book::Said;
use casecheck::catalog::Catalog;
use casecheck::catalog::Files;
use casecheck::model::SourceFile;

use crate::lab;
use crate::shipped;

/// Every statement of a check, whatever it stands under.
fn all_words(all: &[Said], into: &mut Vec<String>) {
    for said in all {
        into.push(said.words.clone());
        all_words(&said.under, into);
    }
}

/// The check of a rule as lines of text.
pub(crate) fn asked(catalog: &Catalog, id: &str) -> String {
    let words = Book::of(catalog).words(catalog, catalog.pack.rule(id).unwrap());
    let mut lines = Vec::new();
    for said in &words.check {
        said.lines(0, &mut lines);
    }
    lines.join("\n")
}

#[test]
fn every_rule_says_what_it_asks_in_plain_english() {
    for catalog in [&shipped::catalog(None), &*lab::SMALL] {
        let book = Book::of(catalog);
        let mut wrong = Vec::new();
        for rule in &catalog.pack.rules {
            let asked = book.words(catalog, rule);
            let mut words = Vec::new();
            all_words(&asked.check, &mut words);
            for (term, said) in &asked.terms {
                words.push(term.clone());
                all_words(std::slice::from_ref(said), &mut words);
            }
            let odd = |words: &&String| {
                words.trim().is_empty()
                    || words.contains(['_', '$', '^', '@', '['])
                    || words.contains("  ")
                    || words.contains("“”")
                    || words.contains(" ,")
            };
            wrong.extend(words.iter().filter(odd).map(|words| format!("{}: {words}", rule.facts.id)));
            let first = asked.check.first().map(|said| said.words.as_str()).unwrap_or_default();
            if !first.starts_with(char::is_uppercase) || first.split(' ').count() < 5 {
                wrong.push(format!("{}: {first:?} is no sentence", rule.facts.id));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn a_deadline_says_when_its_clock_starts_how_long_there_is_and_whom_it_touches() {
    let shipped = shipped::catalog(None);
    let said = asked(&shipped, "PEP-001");
    for words in [
        "For each stretch of “looked after” the clock starts on its first day.",
        "“PEP started” is due within 10 working days of it, the day of the start being day zero.",
        "What was done up to 6 weeks before the start counts too.",
        "It is shown as due soon from 3 working days before the due day.",
        "the child is 3 or over and under 18 at the start",
        "“Short break” is not recorded as yes",
        "It does not apply where “Care plan due at court” in “Care proceedings” of its social care episode",
    ] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    let second = asked(&shipped, "PERM-001");
    assert!(second.contains("the earlier of the second “looked-after review” and"), "{second}");
    assert!(second.contains("If it is missed, a second duty (IRO-005) starts on the day"), "{second}");
    let under = shipped::catalog(Some(&shipped.overlays[0]));
    // Only the overlay has looked-after children educated from two.
    assert!(asked(&under, "PEP-001").contains("the child is 2 or over and under 18 at the start"));
}

#[test]
fn clocks_are_drawn_from_what_the_engine_says_now_of_a_test() {
    let catalog = &*lab::SMALL;
    let rule = catalog.pack.rule("CARE-001").unwrap();
    let page = Book::of(catalog).article(catalog, rule, Place::Page);
    assert!(page.contains("<svg") && page.contains("role=\"img\"") && page.contains("<desc id="), "{page}");
    let figure = page.split("<figure").find(|figure| figure.contains("<strong>Overdue</strong>")).unwrap();
    for words in ["started ", "due ", "as at ", "(10 working days)", "Not done.", "overdue, by "] {
        assert!(figure.contains(words), "{words} in\n{figure}");
    }
    assert!(page.contains("all hold") && !page.contains("tag-bad"), "{page}");
    assert!(page.contains("/playground?rule=CARE-001&amp;test=0") && page.contains("The record"));
}

#[test]
fn the_book_has_every_rule_with_its_examples_and_every_id_once() {
    let catalog = shipped::catalog(None);
    let html = Book::of(&catalog).whole(&catalog);
    assert!(!html.contains(">differs<"), "an example is not what its test expects");
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let before = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), before, "an id stands twice");
    for rule in &catalog.pack.rules {
        let start = format!("<article class=\"rule\" id=\"{}\"", rule.facts.id);
        let article = html.split(&start).nth(1).unwrap().split("</article>").next().unwrap();
        assert!(article.contains("What it asks") && article.contains("Verified"), "{}", rule.facts.id);
        let is_clock = ["deadline", "cadence"].contains(&rule.check.key());
        assert!(!is_clock || article.contains("<svg"), "{} has a clock", rule.facts.id);
    }
    for rule in catalog.pack.rules.iter().filter(|rule| rule.missed.is_some()) {
        let missed = &rule.missed.as_ref().unwrap().facts;
        let start = format!("<article class=\"rule\" id=\"{}\"", missed.id);
        let second = html.split(&start).nth(1).unwrap().split("</article>").next().unwrap();
        assert!(second.contains(&format!("href=\"#{}\"", rule.facts.id)), "{}", missed.id);
        let start = format!("<article class=\"rule\" id=\"{}\"", rule.facts.id);
        let first = html.split(&start).nth(1).unwrap().split("</article>").next().unwrap();
        let second = first.split("If it is missed: ").nth(1).unwrap();
        assert!(second.contains(&format!("<dd>{}, ", missed.severity)), "{}: its severity", missed.id);
    }
    assert!(html.contains("were judged when this was written") && !html.contains("just now"), "it is kept");
    let mut labels: Vec<&str> =
        html.split(" aria-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let before = labels.len();
    labels.sort_unstable();
    labels.dedup();
    assert!(labels.len() == before && before > 1_000, "a landmark's name stands twice");
    assert!(!html.contains("<pre tabindex=\"0\" aria-label"), "what has a name has a role");
    for entry in &catalog.register {
        assert!(html.contains(&format!("id=\"{}\"", entry.id)), "{}", entry.id);
    }
    assert!(
        !html.contains("http-equiv") && !html.contains("src=") && !html.contains("<link"),
        "it stands alone"
    );
}

#[test]
fn revisions_stand_side_by_side() {
    let mut files: Vec<_> = lab::small_files().all().to_vec();
    let name = "rules/care/care-001-plan-late.yaml";
    let at = files.iter().position(|file| file.name == name).unwrap();
    let text = files[at].text.clone();
    let before = format!("{}\neffective: {{ to: 2019-12-31 }}\n", without_effective(&text));
    let after = format!("{}\nrevision: 2\neffective: {{ from: 2020-01-01 }}\n", without_effective(&text));
    files[at] = SourceFile::new("rules/care/care-001-plan-late-before.yaml", before);
    files.push(SourceFile::new(name, after));
    let catalog = Catalog::load_with(Files::of(files), None, true)
        .unwrap_or_else(|problems| panic!("{}", lab::as_lines(&problems).join("\n")));
    let book = Book::of(&catalog);
    let latest = book.article(&catalog, catalog.pack.rule("CARE-001").unwrap(), Place::Page);
    for words in [
        "Revisions side by side",
        "2 (this one)",
        "/rules/CARE-001?revision=1",
        "until 31 Dec 2019",
        "since 1 Jan 2020",
    ] {
        assert!(latest.contains(words), "{words} in\n{latest}");
    }
    assert!(book.whole(&catalog).contains("id=\"CARE-001-revision-1\""));
}

fn without_effective(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("effective:")).collect::<Vec<_>>().join("\n")
}
