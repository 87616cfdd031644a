//! A callback, signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp` and `webhook-signature` over `id.timestamp.body`.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::outbound::NotAllowed;
use crate::outbound::allowed::allowed;
use crate::outbound::fetch::client;

/// What is sent.
#[derive(Clone, Copy)]
pub struct Signed<'m> {
    /// The id of the message, the same over every try.
    pub id: &'m str,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// The body, JSON.
    pub body: &'m str,
    /// The key that both sides know; without one nothing is signed.
    pub secret: Option<&'m [u8]>,
}

impl Signed<'_> {
    /// The signature: `v1,` and the base64 of HMAC-SHA-256.
    pub fn signature(&self) -> Option<String> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret?);
        let text = format!("{}.{}.{}", self.id, self.timestamp, self.body);
        Some(format!("v1,{}", STANDARD.encode(hmac::sign(&key, text.as_bytes()))))
    }
}

/// Why a callback did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// The address may not be called.
    #[error("{0}")]
    NotAllowed(#[from] NotAllowed),
    /// Nobody answers.
    #[error("nobody answers there, or not in time")]
    Connection,
    /// The answer is not one of success.
    #[error("the answer was {0}")]
    Status(u16),
}

/// Posts a callback. Any answer from 200 to 299 says that it arrived; redirects are not followed.
pub async fn post(
    address: &str,
    hosts: &[String],
    message: &Signed<'_>,
    timeout: Duration,
) -> Result<(), CallbackError> {
    let url = allowed(address, hosts)?;
    let client = client(timeout).map_err(|_| CallbackError::Connection)?;
    let mut request = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.timestamp)
        .body(message.body.to_owned());
    if let Some(signature) = message.signature() {
        request = request.header("webhook-signature", signature);
    }
    let status = request.send().await.map_err(|_| CallbackError::Connection)?.status();
    if status.is_success() { Ok(()) } else { Err(CallbackError::Status(status.as_u16())) }
}

#[cfg(test)]
mod tests {
    use super::Signed;

    #[test]
    fn a_signature_is_that_of_the_public_example() {
        // The example of the Standard Webhooks specification's own reference libraries.
        use base64::Engine as _;
        let secret =
            base64::engine::general_purpose::STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let message = Signed {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: "{\"test\": 2432232314}",
            secret: Some(&secret),
        };
        assert_eq!(message.signature().unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
