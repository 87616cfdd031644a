//! Calls that casecheck makes to others: for now, one that fetches the government's bank-holiday feed.
//!
//! `cli` calls [`fetch_text`] and hands the text to `calendar`, which doubts it. No content of a record ever leaves this way.

mod fetch;

pub use fetch::FetchError;
pub use fetch::Limits;
pub use fetch::fetch_text;

/// Where the government publishes its feed of bank holidays.
pub const BANK_HOLIDAYS: &str = "https://www.gov.uk/bank-holidays.json";
