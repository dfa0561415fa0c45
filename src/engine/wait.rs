//! How far away a moment is.

/// What there is to do about a moment that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// It has come.
    Over,
    /// It is so near that setting a timer would miss it: the sockets can be looked at once, and then it is to be asked for
    /// again.
    Soon,
    /// The task is woken for it.
    Later,
}
