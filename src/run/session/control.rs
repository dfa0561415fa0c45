//! Who may end a session, and who wants to hear of it.

use super::progress::RunEvent;
use super::signals::Signals;

pub(crate) struct Control<'a> {
    pub(crate) signals: Signals,
    pub(crate) tell: &'a mut dyn FnMut(&RunEvent<'_>),
}

impl Control<'_> {
    pub(crate) fn tell(&mut self, event: &RunEvent<'_>) {
        (self.tell)(event);
    }
}
