//! Questions that only all records of a run together answer, in plain English.

use crate::book::plain::Check;
use crate::book::plain::nouns;
use crate::book::plain::said::Said;
use crate::form::What;
use crate::form::Written;

impl Check<'_, '_> {
    pub(super) fn across(&self) -> Vec<Said> {
        let What::Map(entries) = &self.written.what else { return Vec::new() };
        let Some(question) = entries.first() else { return Vec::new() };
        let asked = Check { plain: self.plain, written: &question.value };
        let mut all = match question.key.as_str() {
            "same" => asked.same(),
            "shared_text" => asked.shared_text(),
            "most_a_day" => asked.most_a_day(),
            _ => asked.siblings_agree(),
        };
        if asked.at("unless_siblings").is_some() {
            all.push(Said::of("Two children of whom one is named as the other's sibling are not compared"));
        }
        all.push(Said::of(
            "It is asked at the end of a run, of all its records together; never of one record",
        ));
        all
    }

    fn same(&self) -> Vec<Said> {
        let here = self.plain.record();
        let fields: Vec<String> = self
            .many("fields")
            .into_iter()
            .filter_map(Written::text)
            .map(|text| here.field(text).words)
            .collect();
        let same = nouns::joined(&fields, "and");
        let together = if fields.len() > 1 { ", all of them," } else { "" };
        let mut all = vec![Said::of(format!(
            "No two children may have the same {same}{together} letters and digits compared"
        ))];
        self.push_where(&here, &mut all);
        all
    }

    fn shared_text(&self) -> Vec<Said> {
        let fewest = self.figure("fewest_words").unwrap_or_else(|| "12".to_owned());
        let words = format!(
            "One text of {fewest} words or more may not stand in the records of two children (letter case, punctuation and white space aside), in:"
        );
        vec![Said {
            words,
            under: self.places(|check, here| here.field(check.text("text").unwrap_or_default()).words),
        }]
    }

    fn most_a_day(&self) -> Vec<Said> {
        let most = self.figure("at_most").unwrap_or_default();
        let words =
            format!("One worker may have no more than {most} of these on one day, in all records together:");
        let under = self.places(|check, here| {
            let field = |key: &str| here.field(check.text(key).unwrap_or_default()).words;
            format!("by {}, on {}", field("by"), field("on"))
        });
        vec![Said { words, under }]
    }

    /// The lists under `of`, each with what is read of its items.
    fn places(
        &self,
        read: impl Fn(&Check<'_, '_>, &crate::book::plain::here::Here<'_>) -> String,
    ) -> Vec<Said> {
        let place = |written: &Written| {
            let check = Check { plain: self.plain, written };
            let here = self.plain.record().list(check.text("each").unwrap_or("record")).judged();
            let said = format!("each {}: {}", here.noun(), read(&check, &here));
            let only = check.conditions(&here, "where");
            if only.is_empty() { Said::of(said) } else { Said::with(&format!("{said}, where"), only) }
        };
        self.many("of").into_iter().map(place).collect()
    }

    fn siblings_agree(&self) -> Vec<Said> {
        let here = self.plain.record();
        let siblings = self.text("siblings").unwrap_or_default().trim_end_matches("[]");
        let named = here.field(siblings).words;
        let mut all = Vec::new();
        if self.is_yes("named_back") {
            all.push(Said::of(format!(
                "A child who is named under {named} of another must name the other back"
            )));
        }
        let fields: Vec<String> = self
            .many("fields")
            .into_iter()
            .filter_map(Written::text)
            .map(|text| here.field(text).words)
            .collect();
        if !fields.is_empty() {
            let same = nouns::joined(&fields, "and");
            all.push(Said::of(format!(
                "Siblings, by {named}, must have the same {same} where both have them"
            )));
        }
        let (when, then) = (self.conditions(&here, "when"), self.conditions(&here, "then"));
        if !when.is_empty() {
            all.push(Said::with("When of the record of a child", when));
            all.push(Said::with(&format!("Then of the record of each sibling, by {named},"), then));
        }
        all
    }
}
