//! Changes of what was written: where, and what stands there instead.

use crate::form::Entry;
use crate::form::What;
use crate::form::Written;

/// A place in a rule's tree: which entry or item at each step from the top, and the same in words.
#[derive(Clone, Debug, Default)]
pub struct Place {
    steps: Vec<usize>,
    /// The keys and numbers from the top, `check.deadline.within`.
    pub text: String,
}

impl Place {
    /// The value of an entry of the mapping here.
    pub fn key(&self, at: usize, key: &str) -> Self {
        let dot = if self.text.is_empty() { "" } else { "." };
        self.step(at, format!("{}{dot}{key}", self.text))
    }

    /// An item of the list here.
    pub fn item(&self, at: usize) -> Self {
        self.step(at, format!("{}[{at}]", self.text))
    }

    fn step(&self, at: usize, text: String) -> Self {
        let mut steps = self.steps.clone();
        steps.push(at);
        Self { steps, text }
    }
}

/// What is done at a place.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Something else is written there.
    Replace(What),
    /// The entry or the item is taken out.
    Remove,
    /// The entry gets another key.
    Rename(String),
    /// The mapping there gets one entry more.
    Add(String, What),
}

/// A tree with changes made in their order; nothing if a place is not there.
pub fn apply(tree: &Written, edits: &[(Place, Edit)]) -> Option<Written> {
    let mut tree = tree.clone();
    for (place, edit) in edits {
        let (last, above) = place.steps.split_last()?;
        match edit {
            Edit::Replace(what) => find(&mut tree, &place.steps)?.what = what.clone(),
            Edit::Remove => match &mut find(&mut tree, above)?.what {
                What::List(items) if *last < items.len() => {
                    items.remove(*last);
                }
                What::Map(entries) if *last < entries.len() => {
                    entries.remove(*last);
                }
                _ => return None,
            },
            Edit::Rename(key) => match &mut find(&mut tree, above)?.what {
                What::Map(entries) => entries.get_mut(*last)?.key.clone_from(key),
                _ => return None,
            },
            Edit::Add(key, what) => match &mut find(&mut tree, &place.steps)?.what {
                What::Map(entries) => entries.push(entry(key, what.clone())),
                _ => return None,
            },
        }
    }
    Some(tree)
}

fn find<'w>(tree: &'w mut Written, steps: &[usize]) -> Option<&'w mut Written> {
    steps.iter().try_fold(tree, |node, step| match &mut node.what {
        What::List(items) => items.get_mut(*step),
        What::Map(entries) => entries.get_mut(*step).map(|entry| &mut entry.value),
        _ => None,
    })
}

/// A plain scalar.
pub fn plain(text: impl Into<String>) -> What {
    What::Text { text: text.into(), quoted: false }
}

/// A mapping of one entry.
pub fn mapping(key: &str, what: What) -> What {
    What::Map(vec![entry(key, what)])
}

fn entry(key: &str, what: What) -> Entry {
    Entry { key: key.to_owned(), key_span: 0..0, value: Written { span: 0..0, what } }
}

/// What stands somewhere, in one line.
pub fn shown(what: &What) -> String {
    match what {
        What::Nothing => "nothing".to_owned(),
        What::Text { text, .. } => text.clone(),
        What::List(items) => {
            let parts: Vec<String> = items.iter().map(|item| shown(&item.what)).collect();
            format!("[{}]", parts.join(", "))
        }
        What::Map(entries) => {
            let parts: Vec<String> =
                entries.iter().map(|entry| format!("{}: {}", entry.key, shown(&entry.value.what))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
    }
}
