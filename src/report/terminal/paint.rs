//! Colours, where the caller wants them, and the width of lines.

use anstyle::{AnsiColor, Style};

use crate::report::text::Tone;

/// Lines are kept to this where they can be, unless the terminal is narrower.
pub(crate) const WIDTH: usize = 80;
/// A terminal that is narrower than this breaks words.
const NARROWEST: usize = 40;

/// How text is shown.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    pub(crate) colour: bool,
    pub(crate) width: usize,
}

impl From<bool> for Paint {
    /// With colours or without, in lines of the usual width.
    fn from(colour: bool) -> Self {
        Self {
            colour,
            width: WIDTH,
        }
    }
}

impl Paint {
    /// The same on a terminal of so many columns.
    pub(crate) fn within(self, columns: usize) -> Self {
        Self {
            width: columns.clamp(NARROWEST, WIDTH),
            ..self
        }
    }

    /// `text` in the colour of its tone.
    pub(crate) fn on(self, tone: Tone, text: &str) -> String {
        let style = style(tone);
        if !self.colour || text.is_empty() || style == Style::new() {
            return text.to_owned();
        }
        format!("{style}{text}{style:#}")
    }
}

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Dim => Style::new().dimmed(),
    }
}
