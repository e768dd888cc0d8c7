//! Asking again, as long as nothing was said: what a reader has seen is never said twice.

use awm_ports::{LlmError, LlmEvent};
use futures::{StreamExt, stream, stream::BoxStream};
use std::time::Duration;

/// How often and how patiently to ask again.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// Further requests after the first.
    pub times: u32,
    /// The wait before the first of them; it doubles each time. An endpoint that names a wait of its own gets that.
    pub first_wait: Duration,
    /// An endpoint that names a longer wait is not asked again.
    pub longest_wait: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            times: 2,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
        }
    }
}

pub(crate) type Events = BoxStream<'static, Result<LlmEvent, LlmError>>;

/// The first attempt that comes to a word, or the last failure.
pub(crate) async fn until_begun<F>(
    retries: Retries,
    mut attempt: impl FnMut() -> F + Send,
) -> Result<Events, LlmError>
where
    F: Future<Output = Result<Events, LlmError>> + Send,
{
    let mut wait = retries.first_wait;
    let mut left = retries.times;
    loop {
        let failure = match attempt().await {
            Err(failure) => failure,
            Ok(mut events) => match events.next().await {
                Some(Err(failure)) => failure,
                Some(first) => return Ok(stream::iter([first]).chain(events).boxed()),
                None => LlmError::BrokeOff("the answer ended before it began".into()),
            },
        };
        let Some(pause) = pause(&failure, wait, retries.longest_wait).filter(|_| left > 0) else {
            return Err(failure);
        };
        tokio::time::sleep(pause).await;
        left -= 1;
        wait *= 2;
    }
}

/// How long to wait before asking again; none if that is of no use.
fn pause(failure: &LlmError, wait: Duration, longest: Duration) -> Option<Duration> {
    match failure {
        LlmError::Refused {
            status: 408 | 429 | 500 | 502 | 503 | 504 | 529,
            retry_after_ms,
            ..
        } => {
            let pause = retry_after_ms.map_or(wait, Duration::from_millis);
            (pause <= longest).then_some(pause)
        }
        LlmError::Unreachable(_) | LlmError::BrokeOff(_) => Some(wait),
        // Whoever waited so long has no patience left, and what is wrong stays wrong.
        LlmError::TimedOut(_) | LlmError::Refused { .. } | LlmError::Malformed(_) => None,
    }
}
