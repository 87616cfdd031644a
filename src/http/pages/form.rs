//! Forms of pages: what was sent, and what is wrong with it, by the field.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use actix_web::web::Query;

use crate::http::body;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::served::Served;
use crate::model::Day;

/// Something wrong in a form, with the field that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The id of the field.
    pub field: &'static str,
    /// What to do.
    pub message: String,
}

impl FormError {
    /// What is to be done about a field.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// The pairs of a form or a query.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::from_query(text).map(Query::into_inner).unwrap_or_default()
}

/// The first value of a name.
pub fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// The pairs of the form that a request carries, of at most so many bytes.
pub async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    largest: usize,
    served: &Served,
) -> Result<Vec<(String, String)>, Refusal> {
    body::expect_type(request, &["application/x-www-form-urlencoded"])?;
    let body = body::read(request, &mut payload, largest, served.options.body_deadline).await?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Refusal::new(Kind::NotUnderstood, "the form is not UTF-8; send it from the page"))?;
    Ok(pairs(text))
}

/// A day as people write it into a form: `2026-11-22` or `22/11/2026`.
pub fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    Day::parse(text).or_else(|| {
        let mut parts = text.split('/').map(str::trim);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = parts.next().is_none() && year.len() == 4;
        plain.then_some(())?;
        Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    })
}

/// What is said of a day that is none.
pub const NO_DAY: &str = "Enter a date that exists, such as 2026-11-22 or 22/11/2026";

#[cfg(test)]
mod tests {
    use super::day;
    use crate::model::Day;

    #[test]
    fn a_day_is_written_in_either_form() {
        let wanted = Day::from_ymd(2026, 11, 2);
        assert_eq!(day("2026-11-02"), wanted);
        assert_eq!(day(" 2/11/2026 "), wanted);
        assert_eq!(day("31/02/2026"), None);
        assert_eq!(day("2/11/26"), None);
        assert_eq!(day("1/2/3/2026"), None);
    }
}
