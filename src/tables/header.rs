//! Finds the columns that are wanted among those that a file has: exact, normalised, by a declared other name, or only suggested.

use crate::model::closest;
use crate::tables::clean;

/// A column that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Its name.
    pub name: &'w str,
    /// Other names that it is known to have.
    pub aliases: &'w [String],
}

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Letter for letter.
    Exact,
    /// But for capitals, spaces and punctuation.
    Normalised,
    /// By a declared other name.
    Alias,
}

/// The columns of a file, matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// For each wanted column: its index in the file and how it was found.
    pub columns: Vec<Option<(usize, How)>>,
    /// Wanted columns that two columns of the file could be, with the indexes of both.
    pub twice: Vec<(usize, usize, usize)>,
    /// Columns of the file that were not wanted, and which wanted column not yet found each may be. A suggestion is never used unasked.
    pub suggested: Vec<(usize, usize)>,
    /// Columns of the file that nothing is known of, by index.
    pub unknown: Vec<usize>,
}

/// A name without what differs between programs: capitals, spaces, punctuation.
pub fn normalised(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How a column of a file answers to a wanted one, if it does.
fn answers(written: &str, wanted: &Wanted<'_>) -> Option<How> {
    if written == wanted.name {
        return Some(How::Exact);
    }
    let plain = normalised(written);
    if plain.is_empty() {
        return None;
    }
    if plain == normalised(wanted.name) {
        return Some(How::Normalised);
    }
    wanted.aliases.iter().any(|alias| normalised(alias) == plain).then_some(How::Alias)
}

/// Matches the header of a file with the columns that are wanted.
pub fn match_columns<'h>(header: impl Iterator<Item = &'h str>, wanted: &[Wanted<'_>]) -> Found {
    let mut found = Found { columns: vec![None; wanted.len()], ..Found::default() };
    let mut left: Vec<(usize, &str)> = Vec::new();
    for (index, cell) in header.enumerate() {
        let (written, _) = clean(cell);
        // A name that is nearer comes first, whichever column is declared first.
        let hits = wanted.iter().enumerate().filter_map(|(at, one)| Some((at, answers(written, one)?)));
        let hit = hits.min_by_key(|(_, how)| *how);
        match hit {
            None if written.is_empty() => {}
            None => left.push((index, written)),
            Some((at, how)) => {
                let Some(place) = found.columns.get_mut(at) else { continue };
                match *place {
                    Some((first, _)) => found.twice.push((at, first, index)),
                    None => *place = Some((index, how)),
                }
            }
        }
    }
    for (index, written) in left {
        let open: Vec<(usize, String)> = wanted
            .iter()
            .enumerate()
            .filter(|(at, _)| found.columns.get(*at).is_some_and(Option::is_none))
            .map(|(at, one)| (at, normalised(one.name)))
            .collect();
        let near = closest(&normalised(written), open.iter().map(|(_, name)| name.as_str()));
        match near.and_then(|near| open.iter().find(|(_, name)| name == near)) {
            Some((at, _)) => found.suggested.push((index, *at)),
            None => found.unknown.push(index),
        }
    }
    found
}
