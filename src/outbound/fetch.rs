//! Fetching a small text over HTTPS, with every way that it can fail said plainly.
//!
//! Redirects and proxies named by the environment are not followed: the address that was asked for is the one that answers.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Client;
use reqwest::Response;
use reqwest::StatusCode;
use reqwest::Url;
use reqwest::redirect::Policy;

use crate::outbound::allowed::resolver;

/// How long a fetch may take and how much it may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first attempt to connect until the last byte.
    pub timeout: Duration,
    /// The most bytes that an answer may have.
    pub max_bytes: usize,
}

impl Default for Limits {
    /// Twenty seconds and one mebibyte, some thirty times the bank-holiday feed.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(20), max_bytes: 1 << 20 }
    }
}

/// Why a text was not fetched, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address cannot be read as one.
    #[error(
        "the address cannot be read ({0}): write it in full, like `https://www.gov.uk/bank-holidays.json`"
    )]
    Address(String),
    /// The address does not start with `https://`, and is not of this machine.
    #[error("the address is not https: only an address of this machine may go without")]
    NotHttps,
    /// The address holds a user name or a password.
    #[error("the address holds a user name or a password: take it out")]
    Credentials,
    /// The HTTP client cannot be made, as when the machine has no certificates to trust.
    #[error(
        "no secure connection can be prepared ({0}): check that the machine's trusted certificates are installed"
    )]
    Client(String),
    /// Nothing answers, or the connection breaks off.
    #[error(
        "{host} cannot be reached or broke off ({cause}): check the network, the firewall and the name of the host"
    )]
    Connection {
        /// The host that was called.
        host: String,
        /// What the network said.
        cause: String,
    },
    /// The whole answer was not there in time.
    #[error("{host} did not answer in full within {} s: try again later, or allow more time", .timeout.as_secs_f64())]
    Slow {
        /// The host that was called.
        host: String,
        /// The time that it had.
        timeout: Duration,
    },
    /// The answer sends the caller to another address.
    #[error(
        "{host} answers {status} and sends us elsewhere, which is not followed: find the new address and give that"
    )]
    Redirect {
        /// The host that was called.
        host: String,
        /// The HTTP status of the answer.
        status: u16,
    },
    /// The answer has a status other than 200.
    #[error("{host} answers {status} instead of 200: check the address, or try again later")]
    Status {
        /// The host that was called.
        host: String,
        /// The HTTP status of the answer.
        status: u16,
    },
    /// The answer has more bytes than allowed.
    #[error("{host} sends more than {max_bytes} bytes: check the address, or allow more")]
    TooLarge {
        /// The host that was called.
        host: String,
        /// The most bytes that were allowed.
        max_bytes: usize,
    },
    /// The answer is not text in UTF-8.
    #[error("{0} sends something other than text in UTF-8: check the address")]
    NotText(String),
}

/// Fetches a text within limits. The address is https, or http when its host is this machine; the answer must be 200.
pub async fn fetch_text(url: &str, limits: &Limits) -> Result<String, FetchError> {
    let url = allowed(url)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let failed = |error: reqwest::Error| failure(&error, &host, limits.timeout);
    let client = client(limits.timeout).map_err(|error| FetchError::Client(innermost(&error)))?;
    let response = client.get(url).send().await.map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        return Err(FetchError::Redirect { host, status: status.as_u16() });
    }
    if status != StatusCode::OK {
        return Err(FetchError::Status { host, status: status.as_u16() });
    }
    let Some(bytes) = read_within(response, limits.max_bytes).await.map_err(failed)? else {
        return Err(FetchError::TooLarge { host, max_bytes: limits.max_bytes });
    };
    String::from_utf8(bytes).map_err(|_| FetchError::NotText(host))
}

/// A client that follows no redirect and no proxy of the environment, and gives up after `timeout`.
pub(super) fn client(timeout: Duration) -> Result<Client, reqwest::Error> {
    client_for(timeout, Some(timeout))
}

/// The same, where nothing may come for `idle` at most, and all of it may take as long as `whole`, if that is given.
pub(super) fn client_for(idle: Duration, whole: Option<Duration>) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .read_timeout(idle)
        .connect_timeout(idle)
        .dns_resolver(resolver())
        .user_agent(concat!("casecheck/", env!("CARGO_PKG_VERSION")));
    match whole {
        Some(whole) => builder.timeout(whole).build(),
        None => builder.build(),
    }
}

/// The address, if it is one that may be called.
fn allowed(text: &str) -> Result<Url, FetchError> {
    let url = Url::parse(text).map_err(|error| FetchError::Address(error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&url) => {}
        _ => return Err(FetchError::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Credentials);
    }
    Ok(url)
}

/// Whether the host of an address is a loopback address or `localhost`.
pub(super) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The body of an answer, or nothing once it has more than `max_bytes`.
async fn read_within(mut response: Response, max_bytes: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > max_bytes {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// What a failure of the HTTP client means to a reader.
fn failure(error: &reqwest::Error, host: &str, timeout: Duration) -> FetchError {
    let host = host.to_owned();
    if error.is_timeout() {
        return FetchError::Slow { host, timeout };
    }
    FetchError::Connection { host, cause: innermost(error) }
}

/// The innermost cause of an error, which says most; the outer ones repeat the address.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
