//! Colours, where the caller wants them.

use anstyle::{AnsiColor, Style};

use crate::report::text::Tone;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    pub(crate) colour: bool,
}

impl Paint {
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
