//! Scaling an embedded target that runs elsewhere.

use std::time::Duration;

use crate::clock::RealClock;
use crate::protocol::Tls;

/// A target that has only just been started is waited for.
const WITHIN: crate::units::Duration = crate::units::Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(50);

/// Asks the target at `url` for so many workers. The answer is why it refuses, `None` where it does not.
///
/// # Errors
/// When it cannot be reached within five seconds.
pub async fn scale_demo(url: &str, workers: u64) -> Result<Option<String>, reqwest::Error> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(Tls::none())
        .timeout(WITHIN.into())
        .build()?;
    let address = format!("{}/control?workers={workers}", url.trim_end_matches('/'));
    let clock = RealClock::start();
    let begin = clock.now();
    let reply = loop {
        match client.post(&address).send().await {
            Err(error) if error.is_connect() && clock.now().since(begin) < WITHIN => {
                tokio::time::sleep(AGAIN).await;
            }
            result => break result?,
        }
    };
    if reply.status().is_success() {
        return Ok(None);
    }
    let status = reply.status();
    let said = reply.text().await.unwrap_or_default();
    Ok(Some(format!("HTTP {status} {said}")))
}
