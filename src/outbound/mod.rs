//! Calls that casecheck makes to others: the government's bank-holiday feed, callbacks when a job has ended, inputs from an address.
//!
//! `cli` calls [`fetch_text`] and hands the text to `calendar`, which doubts it; `jobs` calls back and downloads, from hosts that an operator
//! has named and no others. No content of a record ever leaves this way.

mod allowed;
mod callback;
mod download;
mod fetch;

pub use allowed::NotAllowed;
pub use allowed::may_call;
pub use callback::CallbackError;
pub use callback::Signed;
pub use callback::post;
pub use download::Download;
pub use download::DownloadError;
pub use fetch::FetchError;
pub use fetch::Limits;
pub use fetch::fetch_text;

/// Where the government publishes its feed of bank holidays.
pub const BANK_HOLIDAYS: &str = "https://www.gov.uk/bank-holidays.json";
