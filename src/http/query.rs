//! Reads the query of a request strictly: what is not known is refused with what would have been right.

use actix_web::web::Query;

use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::model::Day;
use crate::model::Stage;

/// The parameters of a request, each known and given once.
#[derive(Debug)]
pub struct Asked(Vec<(String, String)>);

/// What is wrong with a query so far, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Faults(Option<Refusal>);

impl Faults {
    /// The value, or nothing and one more fault.
    pub fn take<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.0 = Some(match self.0.take() {
                    Some(before) => before.and(refusal),
                    None => refusal,
                });
                None
            }
        }
    }

    /// Refuses what has faults.
    pub fn end(self) -> Result<(), Refusal> {
        self.0.map_or(Ok(()), Err)
    }
}

impl Asked {
    /// Reads a query of which more will be looked at whatever is wrong; only these names may be in it.
    pub fn read_on(query: &str, known: &[&str], faults: &mut Faults) -> Self {
        faults.take(Self::read(query, known)).unwrap_or_else(|| {
            let pairs = Query::<Vec<(String, String)>>::from_query(query);
            Self(pairs.map(Query::into_inner).unwrap_or_default())
        })
    }

    /// Reads a query; only these names may be in it.
    pub fn read(query: &str, known: &[&str]) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| {
                Refusal::new(Kind::NotUnderstood, "the query cannot be read; write name=value&name=value")
            })?
            .into_inner();
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                // The name is not repeated back: callers have put ids of children there by mistake.
                let detail = format!("there is no such parameter; there are {}", known.join(", "));
                return Err(Refusal::parameter("", "unknown_parameter", detail, known.iter().copied()));
            }
            if pairs.iter().skip(at + 1).any(|(other, _)| other == name) {
                return Err(Refusal::parameter(name, "given_twice", "give each parameter once", []));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that takes one of these words.
    pub fn word<'k>(&self, name: &str, known: &[&'k str]) -> Result<Option<&'k str>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let found = known.iter().copied().find(|word| *word == value);
        found.map(Some).ok_or_else(|| {
            let detail = format!("`{name}` takes one of: {}", known.join(", "));
            Refusal::parameter(name, "unknown_value", detail, known.iter().copied())
        })
    }

    /// The day of `as_at`.
    pub fn as_at(&self) -> Result<Option<Day>, Refusal> {
        self.day("as_at")
    }

    /// The day of a parameter.
    pub fn day(&self, name: &str) -> Result<Option<Day>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let wrong = || {
            let detail = format!("`{name}` takes a date that exists, YYYY-MM-DD");
            Refusal::parameter(name, "not_a_date", detail, [])
        };
        Day::parse(text).map(Some).ok_or_else(wrong)
    }

    /// The word of `stage`.
    pub fn stage(&self) -> Result<Option<Stage>, Refusal> {
        let words: Vec<&str> = Stage::ALL.iter().map(|stage| stage.word()).collect();
        Ok(self.word("stage", &words)?.and_then(Stage::from_word))
    }

    /// Whether `include=all` was asked for.
    pub fn include_all(&self) -> Result<bool, Refusal> {
        Ok(self.word("include", &["all", "findings"])? == Some("all"))
    }
}
