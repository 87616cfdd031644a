//! Statements in plain English, with the statements that belong under them: what the check of a rule becomes.

/// How many characters of several conditions still stand in one line.
const ONE_LINE: usize = 110;

/// A statement, and the statements that belong under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The statement.
    pub words: String,
    /// What belongs under it.
    pub under: Vec<Said>,
}

impl Said {
    /// A statement that stands alone.
    pub fn of(words: impl Into<String>) -> Self {
        Self { words: words.into(), under: Vec::new() }
    }

    /// A statement with others under it; a single one is drawn into its line.
    pub fn with(words: &str, mut under: Vec<Self>) -> Self {
        match under.as_slice() {
            [only] if only.under.is_empty() => Self::of(format!("{words} {}", only.words)),
            [_] => {
                let only = under.remove(0);
                Self { words: format!("{words} {}", only.words), under: only.under }
            }
            _ => Self { words: format!("{words} these all hold:"), under },
        }
    }

    /// Whether it can be joined with others in one line, so that nobody wonders what belongs to what: it is joined of nothing itself, and
    /// speaks of one thing only.
    pub fn is_plain(&self) -> bool {
        let joints = [", and ", ", or ", " for which ", "it is not so that "];
        self.under.is_empty() && !joints.iter().any(|joint| self.words.contains(joint))
    }

    /// Several conditions that must all hold, as one.
    pub fn all(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let letters: usize = parts.iter().map(|part| part.words.chars().count()).sum();
        if parts.iter().all(Self::is_plain) && letters < ONE_LINE {
            let words: Vec<String> = parts.into_iter().map(|part| part.words).collect();
            return Self::of(words.join(", and "));
        }
        Self { words: "these all hold:".to_owned(), under: parts }
    }

    /// All of it in one line, for where nothing can stand under.
    pub fn inline(&self) -> String {
        if self.under.is_empty() {
            return self.words.clone();
        }
        let parts: Vec<String> = self.under.iter().map(Self::inline).collect();
        format!("{} ({})", self.words, parts.join("; "))
    }

    /// All of it as lines of text, indented by what they stand under.
    pub fn lines(&self, depth: usize, out: &mut Vec<String>) {
        let (space, mark) = ("  ".repeat(depth), if depth > 1 { "- " } else { "" });
        out.push(format!("{space}{mark}{}", self.words));
        for part in &self.under {
            part.lines(depth + 1, out);
        }
    }

    /// The same as a sentence: a capital first, and a full stop unless something follows.
    #[must_use]
    pub fn sentence(self) -> Self {
        let mut words = capital(&self.words);
        if self.under.is_empty() && !words.ends_with(['.', '?']) {
            words.push('.');
        }
        Self { words, under: self.under }
    }
}

/// Words with a capital first.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
