//! What a page of HTML says, a line for each thing, so that a change of words or numbers is one line of a diff.

use super::markup::{Piece, pieces};

/// The words of a page with its tables and drawings: of a drawing what it says, and a mark that changes with every stroke.
pub fn outline(page: &str) -> String {
    let mut outline = Outline::default();
    for piece in pieces(page) {
        match piece {
            Piece::Open(name, attributes) => outline.open(&name, &attributes),
            Piece::Text(text) => outline.text(&text),
            Piece::Close(name) => outline.close(&name),
        }
    }
    outline.lines.join("\n") + "\n"
}

/// The same with each run of lines that `usual` has in this order too as the count of them, and of those in between that it has alone.
pub fn besides(outline: &str, usual: &str) -> String {
    let (own, usual): (Vec<&str>, Vec<&str>) = (outline.lines().collect(), usual.lines().collect());
    // The longest common subsequence of what follows each pair of places.
    let mut common = vec![vec![0_usize; usual.len() + 1]; own.len() + 1];
    for at in (0..own.len()).rev() {
        for beside in (0..usual.len()).rev() {
            common[at][beside] = if own[at] == usual[beside] {
                common[at + 1][beside + 1] + 1
            } else {
                common[at + 1][beside].max(common[at][beside + 1])
            };
        }
    }
    let mut told = Told::default();
    let (mut at, mut beside) = (0, 0);
    while at < own.len() {
        if beside < usual.len() && own[at] == usual[beside] {
            told.alike += 1;
            (at, beside) = (at + 1, beside + 1);
        } else if beside < usual.len() && common[at][beside + 1] >= common[at + 1][beside] {
            told.less += 1;
            beside += 1;
        } else {
            told.line(own[at]);
            at += 1;
        }
    }
    told.less += usual.len() - beside;
    told.counts();
    told.text
}

#[derive(Default)]
struct Told {
    text: String,
    alike: usize,
    less: usize,
}

impl Told {
    fn line(&mut self, line: &str) {
        self.counts();
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn counts(&mut self) {
        if self.alike + self.less > 0 {
            let text = format!("… {} lines alike, {} less\n", self.alike, self.less);
            self.text.push_str(&text);
        }
        (self.alike, self.less) = (0, 0);
    }
}

/// The page itself, without style and script, each drawing and its data on one line.
pub fn without_ballast(page: &str) -> String {
    let mut kept = String::new();
    let (mut figure, mut drawing, mut skipped) = (false, false, false);
    for line in page.lines() {
        if line.starts_with("</style>") || line.contains("</script>") {
            skipped = false;
            kept.push_str("…\n");
        }
        if skipped {
            continue;
        }
        figure |= line.starts_with("<figure");
        figure &= !line.starts_with("</figure");
        drawing |= line.starts_with("<svg");
        drawing &= !line.starts_with("</svg");
        kept.push_str(line.split("<script>").next().unwrap_or(line));
        let is_row = figure && line.starts_with("<tr");
        kept.push_str(if drawing || is_row { "" } else { "\n" });
        skipped = line.starts_with("<style>")
            || (line.contains("<script>") && !line.contains("</script>"));
    }
    kept
}

#[derive(Default)]
struct Outline {
    lines: Vec<String>,
    /// What is open and has a line of its own in the end.
    text: String,
    cells: Vec<String>,
    /// Rows that are data of a figure share a line.
    data: Vec<String>,
    in_figure: bool,
    names: Vec<String>,
    drawing: Option<(u64, Vec<String>)>,
    tone: Option<String>,
    silent: bool,
}

impl Outline {
    fn open(&mut self, name: &str, attributes: &str) {
        self.mark(name);
        self.mark(attributes);
        match name {
            "style" | "script" => self.silent = true,
            "svg" => self.drawing = Some((FIRST, Vec::new())),
            "figure" => self.in_figure = true,
            "b" | "span" => {
                let class = attributes.strip_prefix("class=\"t-");
                self.tone = class.and_then(|rest| Some(rest.split('"').next()?.to_owned()));
            }
            "br" => self.text.push_str(" / "),
            "title" | "h1" | "h2" | "p" | "li" | "dt" | "dd" | "th" | "td" | "caption"
            | "figcaption" | "pre" | "summary" | "desc" | "text" => self.text.clear(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.silent {
            self.text.push_str(text.trim_matches('\n'));
        }
        self.mark(text.trim());
    }

    fn close(&mut self, name: &str) {
        let text = self.text.trim().to_owned();
        match name {
            "style" | "script" => self.silent = false,
            "figure" => self.in_figure = false,
            "b" | "span" => {
                if let Some(tone) = self.tone.take() {
                    self.text.push_str(&format!(" {{{tone}}}"));
                }
            }
            "title" if self.drawing.is_some() => {}
            "title" => self.lines.push(format!("title: {text}")),
            "h1" => self.lines.push(format!("# {text}")),
            "h2" => self.lines.push(format!("## {text}")),
            "li" => self.lines.push(format!("- {text}")),
            "p" | "summary" => self.lines.push(text),
            "pre" => self.lines.push(format!("$ {text}")),
            "figcaption" => self.lines.push(format!("figure: {text}")),
            "caption" => self.lines.push(format!("table: {text}")),
            "desc" => self.lines.push(format!("drawing: {text}")),
            "dt" => self.names.push(text),
            "dd" => {
                let name = self.names.pop().unwrap_or_default();
                self.lines.push(format!("{name}: {text}"));
            }
            "th" | "td" => self.cells.push(text),
            "tr" => {
                let row = std::mem::take(&mut self.cells).join(" | ");
                if self.in_figure {
                    self.data.push(row);
                } else {
                    self.lines.push(format!("  {row}"));
                }
            }
            "tbody" if !self.data.is_empty() => {
                let rows = std::mem::take(&mut self.data).join(" / ");
                self.lines.push(format!("  {rows}"));
            }
            "text" => {
                if let Some((_, texts)) = &mut self.drawing {
                    texts.push(text);
                }
            }
            "svg" => {
                if let Some((mark, texts)) = self.drawing.take() {
                    self.lines
                        .push(format!("  {} [{mark:016x}]", texts.join(" · ")));
                }
            }
            _ => {}
        }
    }

    /// Everything of a drawing counts, as in FNV-1a.
    fn mark(&mut self, text: &str) {
        if let Some((mark, _)) = &mut self.drawing {
            for byte in text.bytes() {
                *mark = (*mark ^ u64::from(byte)).wrapping_mul(PRIME);
            }
        }
    }
}

const FIRST: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;
