//! Makes the callbacks that are due, until they arrive or are given up.

use std::sync::Arc;
use std::time::Duration;

use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::clock::after;
use crate::outbound;
use crate::outbound::Signed;
use crate::store::Delivery;

/// How long a try may take; nobody else takes a callback up for twice as long.
const TRY: Duration = Duration::from_secs(20);

impl Jobs {
    /// Makes callbacks until the task is ended.
    pub(super) async fn deliver_until_stopped(self: Arc<Self>) {
        loop {
            match self.deliver_next().await {
                Ok(true) => {}
                Ok(false) => self.wait_for_work(self.options.look_again).await,
                Err(error) => {
                    tracing::warn!(%error, "callbacks wait for the store");
                    tokio::time::sleep(self.options.look_again).await;
                }
            }
        }
    }

    async fn deliver_next(&self) -> Result<bool, JobError> {
        let now = self.now_us();
        let Some(delivery) = self.store.claim_delivery(now, after(now, TRY * 2)).await? else {
            return Ok(false);
        };
        let result = self.post(&delivery).await;
        let tried = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
        let (state, next, problem) = match result {
            Ok(()) => ("delivered", 0, None),
            Err(problem) => match self.options.callbacks.retry_after.get(tried.saturating_sub(1)) {
                Some(wait) => ("waiting", after(self.now_us(), *wait), Some(problem)),
                None => ("given_up", 0, Some(problem)),
            },
        };
        self.store.delivery_tried(&delivery.delivery_id, state, next, problem.as_deref()).await?;
        if state == "given_up" {
            tracing::warn!(delivery = delivery.delivery_id, "a callback was given up");
        }
        Ok(true)
    }

    async fn post(&self, delivery: &Delivery) -> Result<(), String> {
        let callbacks = &self.options.callbacks;
        let message = Signed {
            id: &delivery.delivery_id,
            timestamp: self.now_us() / 1_000_000,
            body: &delivery.body,
            secret: callbacks.secret.as_deref(),
        };
        outbound::post(&delivery.url, &callbacks.hosts, &message, TRY)
            .await
            .map_err(|error| error.to_string())
    }
}
