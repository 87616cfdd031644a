//! An input from an address, part by part: what it holds is doubted by whoever reads it.

use std::time::Duration;

use crate::outbound::NotAllowed;
use crate::outbound::allowed::allowed;
use crate::outbound::fetch::client_for;

/// How long nothing may come before the download is given up.
const IDLE: Duration = Duration::from_secs(30);

/// Why an input did not come.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The address may not be called.
    #[error("{0}")]
    NotAllowed(#[from] NotAllowed),
    /// Nobody answers, or the connection breaks off.
    #[error("nobody answers at that address, or the connection broke off: nothing was kept")]
    Connection,
    /// The answer is not 200.
    #[error("the address answers {0} instead of 200: check it, or try again later")]
    Status(u16),
    /// Fewer bytes came than were said.
    #[error("fewer bytes came than the server said there would be: nothing was kept, try again")]
    CutShort,
}

/// A download that has begun.
#[derive(Debug)]
pub struct Download {
    /// The name of the file, the last part of its address.
    pub name: String,
    response: reqwest::Response,
    expected: Option<u64>,
    came: u64,
}

impl Download {
    /// Asks for the content of an address that may be called. Redirects are not followed.
    pub async fn start(address: &str, hosts: &[String]) -> Result<Self, DownloadError> {
        let url = allowed(address, hosts)?;
        let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let name = if last.is_empty() { "input".to_owned() } else { last.to_owned() };
        let client = client_for(IDLE, None).map_err(|_| DownloadError::Connection)?;
        let response = client.get(url).send().await.map_err(|_| DownloadError::Connection)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(DownloadError::Status(response.status().as_u16()));
        }
        let expected = response.content_length();
        Ok(Self { name, response, expected, came: 0 })
    }

    /// The next part; nothing once all of it has come.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, DownloadError> {
        let part = self.response.chunk().await.map_err(|_| DownloadError::Connection)?;
        match part {
            Some(part) => {
                self.came += part.len() as u64;
                Ok(Some(part.to_vec()))
            }
            None if self.expected.is_some_and(|expected| expected != self.came) => {
                Err(DownloadError::CutShort)
            }
            None => Ok(None),
        }
    }
}
