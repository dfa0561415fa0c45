//! Who may end a session, and who wants to hear of it.

use super::progress::Event;
use super::signals::Signals;

/// Signals, and whoever watches.
pub(crate) struct Control<'a> {
    pub(crate) signals: Signals,
    pub(crate) tell: &'a mut dyn FnMut(&Event<'_>),
}

impl Control<'_> {
    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        (self.tell)(event);
    }
}
