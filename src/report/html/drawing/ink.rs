//! The colours of charts and words, once for light and once for dark pages.

/// What a shape or a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Words and axes.
    Text,
    /// Lines behind the data.
    Grid,
    /// The area of what is allowed, or of what is not measured.
    Band,
    /// What was measured now: the main line.
    Now,
    /// A second line beside it.
    Second,
    /// A third line beside it.
    Third,
    /// What was recorded before.
    Base,
    /// What stands back behind a main line.
    Faint,
    /// Cells of a map, from rare to frequent.
    Heat1,
    /// The second shade of a map.
    Heat2,
    /// The third.
    Heat3,
    /// The fourth.
    Heat4,
    /// The fifth.
    Heat5,
    /// What is most frequent in a map.
    Heat6,
    /// Holds.
    Good,
    /// Worth a look.
    Warn,
    /// Does not hold.
    Bad,
}

/// Name in class names, colour on white, colour on dark.
type Paint = (Ink, &'static str, &'static str, &'static str);

const PAINTS: [Paint; 17] = [
    (Ink::Text, "text", "#1b1b1b", "#e6e6e6"),
    (Ink::Grid, "grid", "#d0d0d0", "#333a41"),
    (Ink::Band, "band", "#e6eefb", "#1d2733"),
    (Ink::Now, "now", "#0b57d0", "#8ab4f8"),
    (Ink::Second, "second", "#00695c", "#4db6ac"),
    (Ink::Third, "third", "#7b1fa2", "#ce93d8"),
    (Ink::Base, "base", "#6b6b6b", "#b0b0b0"),
    (Ink::Faint, "faint", "#868686", "#7d848b"),
    (Ink::Heat1, "heat1", "#d3e3fd", "#203049"),
    (Ink::Heat2, "heat2", "#a8c7fa", "#2b4570"),
    (Ink::Heat3, "heat3", "#7cacf8", "#3a5f9c"),
    (Ink::Heat4, "heat4", "#4285e8", "#5281cc"),
    (Ink::Heat5, "heat5", "#0b57d0", "#7fabf5"),
    (Ink::Heat6, "heat6", "#062e6f", "#c2d7fc"),
    (Ink::Good, "good", "#146c2e", "#7fd998"),
    (Ink::Warn, "warn", "#8a5a00", "#ffd27a"),
    (Ink::Bad, "bad", "#b3261e", "#ff8a80"),
];

impl Ink {
    const fn paint(self) -> Paint {
        PAINTS[self as usize]
    }

    /// The colour that stands in the attributes of a shape.
    pub(crate) const fn light(self) -> &'static str {
        self.paint().2
    }

    /// The class of a shape that is filled with it.
    pub(crate) fn fill_class(self) -> String {
        format!("f-{}", self.paint().1)
    }

    /// The class of a line that is drawn with it.
    pub(crate) fn stroke_class(self) -> String {
        format!("s-{}", self.paint().1)
    }
}

/// The rules that repaint every shape on a dark page; a class outweighs an attribute.
pub(crate) fn dark_rules() -> String {
    let rule =
        |(_, name, _, dark): &Paint| format!(".f-{name}{{fill:{dark}}}.s-{name}{{stroke:{dark}}}");
    PAINTS.iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of sRGB, as the guidelines for accessible pages define it.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value =
                f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits")) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn everything_that_says_something_is_read_on_light_and_dark() {
        for (at, (ink, name, light, dark)) in PAINTS.iter().enumerate() {
            assert_eq!(
                *ink as usize, at,
                "{name}: the table is in the order of the colours"
            );
            // A line is seen with less contrast than a word is read with.
            let least = match ink {
                // What they say stands in words beside them.
                Ink::Grid | Ink::Band => continue,
                _ if name.starts_with("heat") => continue,
                Ink::Faint => 3.0,
                _ => 4.5,
            };
            for (colour, pages) in [
                (light, ["#ffffff", Ink::Band.light()]),
                (dark, ["#121417", Ink::Band.paint().3]),
            ] {
                for page in pages {
                    assert!(
                        contrast(colour, page) >= least,
                        "{name} on {page}: {:.2}",
                        contrast(colour, page)
                    );
                }
            }
        }
    }
}
