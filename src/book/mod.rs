//! The rule book: how a rule is shown to people, on the command line, on its page and in one file with all others.
//!
//! `cli` and `http` ask a [`Book`] for the words of a rule (`plain` writes its check in English), for its page (`article`) and for the whole book
//! (`whole`). Everything is made of the catalog in force: nothing about a rule is written twice, and its examples are judged by the engine.

mod article;
mod examples;
mod html;
mod plain;
mod source;
mod timeline;
mod vocabulary;
mod whole;
mod written;

use std::sync::Arc;
use std::sync::OnceLock;

use crate::book::article::Article;
use crate::catalog::Catalog;
use crate::catalog::Registered;
use crate::rules::Rule;

pub use article::Place;
pub use plain::InWords;
pub use plain::Said;
pub use source::Source;
pub use vocabulary::Vocabulary;
pub use whole::inline_hashes;
pub use written::check_as_written;

/// What is needed to show the rules of one catalog.
#[derive(Debug, Default)]
pub struct Book {
    vocabulary: Vocabulary,
    whole: OnceLock<Arc<str>>,
}

impl Book {
    /// The book of a catalog; its whole is made when it is first asked for.
    pub fn of(catalog: &Catalog) -> Self {
        Self { vocabulary: Vocabulary::of(&catalog.files), whole: OnceLock::new() }
    }

    /// The check of a rule in plain English.
    pub fn words(&self, catalog: &Catalog, rule: &Rule) -> InWords {
        InWords::of(rule, &self.vocabulary, catalog.schema.shape())
    }

    /// A rule in HTML, without its title. Runs the rule's tests.
    pub fn article(&self, catalog: &Catalog, rule: &Rule, place: Place) -> String {
        Article { catalog, vocabulary: &self.vocabulary, rule, place }.html()
    }

    /// What a rule asks and why, what to do, its figures, in HTML. Runs no test.
    pub fn short(&self, catalog: &Catalog, rule: &Rule, place: Place) -> String {
        Article { catalog, vocabulary: &self.vocabulary, rule, place }.short()
    }

    /// A standard that is left to an auditor, in HTML, without its title.
    pub fn registered(&self, entry: &Registered) -> String {
        whole::registered(entry)
    }

    /// All rules in one HTML file that needs no network. Runs every test, the first time.
    pub fn whole(&self, catalog: &Catalog) -> Arc<str> {
        Arc::clone(self.whole.get_or_init(|| whole::whole(self, catalog).into()))
    }
}
