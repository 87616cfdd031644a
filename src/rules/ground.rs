//! What the rules of a pack stand on: the standards, the vocabulary, the word lists. Files are read once, however often rules are
//! compiled with them: `pack` compiles every rule, `mutation` thousands of changed ones.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::form::Problems;
use crate::form::Written;
use crate::model::Problem;
use crate::model::SourceFile;
use crate::rules::build::Shared;
use crate::rules::overlay::Overlay;
use crate::rules::pack::Standard;
use crate::rules::rule;
use crate::rules::rule::Rule;
use crate::rules::texts::WordList;
use crate::rules::vocabulary;
use crate::schema::RecordSchema;

/// The files that all rules of a pack share, read.
#[derive(Debug)]
pub struct Ground<'f> {
    standards: &'f [Standard],
    words: &'f [Arc<SourceFile>],
    verbs: WordList,
    vocabulary: Vec<(&'f Arc<SourceFile>, Written)>,
    /// The word lists by their names in the vocabulary, once they have been read.
    lists: OnceLock<BTreeMap<String, Arc<WordList>>>,
}

impl<'f> Ground<'f> {
    /// Reads the files of `vocabulary/` and `words/`; what is not readable YAML comes back as problems, and the rest is used.
    pub fn read(
        standards: &'f [Standard],
        vocabulary: &'f [Arc<SourceFile>],
        words: &'f [Arc<SourceFile>],
    ) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut trees = Vec::new();
        for file in vocabulary {
            match crate::form::read(file) {
                Ok(tree) => trees.push((file, tree)),
                Err(problem) => problems.push(problem),
            }
        }
        let verbs = words.iter().find(|file| file.name.ends_with("words/verbs.txt"));
        let verbs = verbs.map_or_else(WordList::default, |file| WordList::parse("verbs", &file.text));
        (Self { standards, words, verbs, vocabulary: trees, lists: OnceLock::new() }, problems)
    }

    /// The trees of the vocabulary, each with its file.
    pub fn vocabulary(&self) -> &[(&'f Arc<SourceFile>, Written)] {
        &self.vocabulary
    }

    /// The tables that rules are compiled into, with all that the vocabulary names, and what is wrong with the vocabulary.
    pub fn tables<'s>(&self, schema: &'s RecordSchema) -> (Shared<'s>, Vec<Problem>) {
        let mut shared = Shared::new(schema.shape());
        if let Some(lists) = self.lists.get() {
            shared.word_lists.replace(lists.clone());
        }
        let problems = vocabulary::read(&mut shared, &self.vocabulary, self.words);
        self.lists.get_or_init(|| shared.word_lists.borrow().clone());
        (shared, problems)
    }

    /// Compiles one rule of what was written in its file, under an overlay if there is one.
    pub fn rule(
        &self,
        shared: &Shared<'_>,
        file: &Arc<SourceFile>,
        written: &Written,
        overlay: Option<&Overlay>,
    ) -> Result<Rule, Vec<Problem>> {
        let problems = Problems::of(file);
        let folder = file.name.rsplit('/').nth(1).unwrap_or_default();
        let id = written.entry("id").and_then(|entry| entry.value.text()).unwrap_or_default();
        match self.standards.iter().find(|standard| standard.id == folder) {
            None => problems.unknown(
                &(0..0),
                "standard (folder)",
                folder,
                self.standards.iter().map(|standard| standard.id.as_str()),
            ),
            Some(standard)
                if !standard.prefixes.iter().any(|prefix| id.starts_with(&format!("{prefix}-"))) =>
            {
                let help = format!("its ids start with {}", standard.prefixes.join(" or "));
                problems.with_help(
                    &(0..0),
                    format!("this rule does not belong to the standard `{folder}`"),
                    help,
                );
            }
            Some(_) => {}
        }
        let change = overlay.and_then(|overlay| overlay.rules.get(id));
        let rule = rule::read(shared, file, written, folder, &self.verbs, change, &problems);
        let found = problems.into_vec();
        match rule {
            Some(rule) if found.is_empty() => Ok(rule),
            _ if found.is_empty() => Err(vec![Problem::at(file, 0..0, "this rule could not be compiled")]),
            _ => Err(found),
        }
    }
}
