//! Waiting on a clock.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::VirtualSleep;

/// A wait for a moment of a [`Clock`](super::Clock).
#[derive(Debug)]
pub enum Sleep {
    /// On the machine's clock.
    Real(Pin<Box<tokio::time::Sleep>>),
    /// On a virtual clock.
    Virtual(VirtualSleep),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.get_mut() {
            Self::Real(sleep) => sleep.as_mut().poll(cx),
            Self::Virtual(sleep) => Pin::new(sleep).poll(cx),
        }
    }
}
