//! One timer of a conversation, set anew only when the moment it waits for changes.

use std::future::pending;
use std::pin::Pin;

use tokio::time::{Instant, Sleep, sleep};

use crate::clock::Tick;

/// Waits for moments of the target's clock.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    set: Option<(Tick, Pin<Box<Sleep>>)>,
}

impl Alarm {
    /// Waits until `at`; for ever without it. May be dropped and waited for again.
    pub(crate) async fn at(&mut self, at: Option<Tick>, now: impl Fn() -> Tick) {
        let Some(at) = at else { return pending().await };
        if now() >= at {
            return;
        }
        let sleep = match &mut self.set {
            Some((set, sleep)) => {
                if *set != at {
                    *set = at;
                    sleep
                        .as_mut()
                        .reset(Instant::now() + std::time::Duration::from(at.since(now())));
                }
                sleep
            }
            none => &mut none.insert((at, Box::pin(sleep(at.since(now()).into())))).1,
        };
        sleep.await;
    }
}
