//! What a text is about, for renderers that have colours. It only repeats what words and shapes say already.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// A heading or a name.
    Strong,
    /// Holds.
    Good,
    /// Does not.
    Bad,
    /// Not known, or worth a look.
    Warn,
    /// Of less weight than its neighbours.
    Dim,
}
