//! Words: from the titles of the record schema and the names of the vocabulary to words that stand in a sentence.

/// Words of the vocabulary's names that people write otherwise.
const WRITTEN: &[(&str, &str)] = &[
    ("pep", "PEP"),
    ("iro", "IRO"),
    ("cla", "looked-after"),
    ("cp", "child protection"),
    ("cin", "child in need"),
    ("sdq", "SDQ"),
    ("ehcp", "EHCP"),
    ("icpc", "initial conference"),
    ("lac", "looked-after"),
];

/// What follows the noun in the title of a list.
const AFTER_NOUN: &[&str] =
    &[" of ", " for ", " at ", " about ", " after ", " to ", " in ", " with ", " considered"];

/// A title inside a sentence: its first letter small, unless it begins with an abbreviation.
pub fn low(title: &str) -> String {
    let mut letters = title.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match first {
        Some(first) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

/// One of what a list's title names, where the title is a plural.
pub fn one(title: &str) -> Option<String> {
    let cut = AFTER_NOUN.iter().filter_map(|word| title.find(word)).min();
    let (noun, rest) = title.split_at_checked(cut.unwrap_or(title.len()))?;
    match singular(noun) {
        Some(noun) => Some(low(&format!("{noun}{rest}"))),
        None => singular(title).map(|title| low(&title)),
    }
}

fn singular(noun: &str) -> Option<String> {
    if ["ss", "us", "is", "series"].iter().any(|ending| noun.ends_with(ending)) {
        return None;
    }
    let changed = [("analyses", "analysis"), ("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("s", "")];
    changed.iter().find_map(|(many, one)| noun.strip_suffix(many).map(|stem| format!("{stem}{one}")))
}

/// The name of an event or a period as people would say it.
pub fn spoken(name: &str) -> String {
    let word = |word: &str| {
        let known = WRITTEN.iter().find(|(short, _)| *short == word);
        known.map_or_else(|| word.to_owned(), |(_, long)| (*long).to_owned())
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// A word of the vocabulary in quotation marks.
pub fn term(name: &str) -> String {
    format!("“{}”", spoken(name))
}

/// A noun with `a` or `an`.
pub fn a(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni");
    let spelled = ["IRO", "SDQ", "EHCP", "NHS"].iter().any(|word| noun.starts_with(word));
    format!("{} {noun}", if vowel || spelled { "an" } else { "a" })
}

/// Which of several, in words: `first`, `second`.
pub fn nth(number: &str) -> String {
    const WORDS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    let place = number.parse::<usize>().ok().and_then(|number| WORDS.get(number.checked_sub(1)?));
    place.map_or_else(|| format!("{number}th"), |word| (*word).to_owned())
}

/// Several words with a last joint: `A, B or C`.
pub fn joined(parts: &[String], joint: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}
