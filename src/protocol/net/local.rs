//! Runs what hyper's HTTP/2 wants to be run beside a connection, in the task that waits for the reply.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;

use hyper::rt::Executor;

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// The work beside one connection. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Local {
    new: Rc<RefCell<Vec<Work>>>,
    under_way: Rc<RefCell<Vec<Work>>>,
}

impl Local {
    /// Moves everything on that can move.
    pub(crate) fn drive(&self, cx: &mut Context<'_>) {
        let mut under_way = self.under_way.borrow_mut();
        loop {
            under_way.retain_mut(|work| work.as_mut().poll(cx).is_pending());
            // Work may bring more work, which waits in a list of its own meanwhile.
            let new = std::mem::take(&mut *self.new.borrow_mut());
            if new.is_empty() {
                return;
            }
            under_way.extend(new);
        }
    }

    /// Whether nothing but the connection itself is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.under_way.borrow().len() + self.new.borrow().len() <= 1
    }
}

impl<F: Future<Output = ()> + 'static> Executor<F> for Local {
    fn execute(&self, work: F) {
        self.new.borrow_mut().push(Box::pin(work));
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").finish_non_exhaustive()
    }
}
