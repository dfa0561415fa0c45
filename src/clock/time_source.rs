//! One clock to ask, whether the time is real or virtual.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::{RealClock, Sleep, Tick, VirtualClock};

/// The time a run lives by.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's monotonic clock.
    Real(RealClock),
    /// A clock that moves only when everything waits.
    Virtual(VirtualClock),
}

impl Clock {
    /// The machine's clock, starting at zero now.
    #[must_use]
    pub fn real() -> Self {
        Self::Real(RealClock::start())
    }

    /// Nanoseconds since the clock was made.
    #[must_use]
    pub fn now(&self) -> Tick {
        match self {
            Self::Real(clock) => clock.now(),
            Self::Virtual(clock) => clock.now(),
        }
    }

    /// Waits until `at`; ready at once where that has passed. Real waits end up to about 1 ms late (tokio's timer wheel).
    #[must_use]
    pub fn sleep_until(&self, at: Tick) -> Sleep {
        match self {
            Self::Real(clock) => {
                Sleep::Real(Box::pin(tokio::time::sleep(at.since(clock.now()).into())))
            }
            Self::Virtual(clock) => Sleep::Virtual(clock.sleep_until(at)),
        }
    }

    /// Runs `work`, but no longer than until `deadline`; `None` where the deadline came first. A thread that was kept from
    /// running finds the deadline past before it has looked at its sockets: `work` has one more look at them before the
    /// deadline is believed. The clock is asked as well as its timer, because tokio's timer says nothing while a task has
    /// used up its budget.
    pub async fn until<F: Future>(&self, deadline: Tick, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        let mut sleep = self.sleep_until(deadline);
        let mut last_look = false;
        poll_fn(|cx| {
            if let Poll::Ready(done) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(done));
            }
            if self.now() < deadline {
                if Pin::new(&mut sleep).poll(cx).is_ready() {
                    // The timer was a little early.
                    sleep = self.sleep_until(deadline);
                    cx.waker().wake_by_ref();
                }
                return Poll::Pending;
            }
            if last_look {
                return Poll::Ready(None);
            }
            last_look = true;
            look_again(cx);
            Poll::Pending
        })
        .await
    }
}

/// Has the task polled again after the runtime has looked at its sockets once, without waiting there.
pub fn look_again(cx: &mut Context<'_>) {
    let once_more = pin!(tokio::task::yield_now());
    // It is pending by its nature: what counts is who is woken.
    let _ = once_more.poll(cx);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn a_reply_that_lies_in_the_socket_is_no_timeout_however_late_it_is_looked_at() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (mut near, mut far) = tokio::net::UnixStream::pair().unwrap();
            let clock = Clock::real();
            let deadline = clock.now() + crate::units::Duration::from_millis(20);
            let reply = clock.until(deadline, async move {
                let mut byte = [0];
                near.read_exact(&mut byte).await.map(|_| byte[0])
            });
            let stopped = async move {
                far.write_all(b"x").await.unwrap();
                // The thread does not run until long after the deadline.
                std::thread::sleep(std::time::Duration::from_millis(60));
                far
            };
            let (reply, _far) = futures_util::future::join(reply, stopped).await;
            assert_eq!(reply.unwrap().unwrap(), b'x');
        });
    }

    #[test]
    fn a_task_that_always_has_something_to_read_ends_at_its_deadline() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let clock = Clock::real();
            let deadline = clock.now() + crate::units::Duration::from_millis(30);
            let flood = clock.until(deadline, async {
                let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
                loop {
                    sender.send(()).await.unwrap();
                    receiver.recv().await;
                }
            });
            let limit = tokio::time::timeout(std::time::Duration::from_secs(20), flood);
            assert!(limit.await.expect("it ends").is_none());
        });
    }
}
