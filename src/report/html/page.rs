//! A whole page before it is written: every text and every place is decided.

use serde::Serialize;

use super::brief::brief;
use super::budget::PageBudget;
use super::figure::Figure;
use super::table::PageTable;
use crate::report::text::pieces;

/// Sessions, and what is said of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Page {
    /// `FAIL 2/8 · nightly · perfgate`.
    pub(crate) title: String,
    pub(crate) plan: String,
    /// What the plan says about itself; may be empty.
    pub(crate) description: String,
    /// Which target, of which version, when; may be empty.
    pub(crate) place: String,
    pub(crate) facts: Vec<PageEntry>,
    pub(crate) banner: Option<Banner>,
    pub(crate) sections: Vec<Section>,
    pub(crate) footer: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Banner {
    /// `good`, `warn` or `bad`.
    pub(crate) mood: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) word: &'static str,
    pub(crate) sentence: String,
    pub(crate) worst: Vec<String>,
    pub(crate) more: String,
    pub(crate) causes: Vec<String>,
    pub(crate) validity: String,
    pub(crate) validity_tone: &'static str,
    /// Why not, and what else is to be known.
    pub(crate) remarks: Vec<String>,
    pub(crate) next: Vec<PageCommand>,
}

/// A part of the page with an anchor.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: String,
    /// One of many alike: it is unfolded by who wants to see it.
    pub(crate) folded: bool,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Block {
    Paragraph(String),
    List(Vec<String>),
    Facts(Vec<PageEntry>),
    Commands(Vec<PageCommand>),
    Table(PageTable),
    /// A table for those who look for it.
    Folded(PageTable),
    Figure(Box<Figure>),
}

/// A name and what stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageEntry {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageCommand {
    pub(crate) why: String,
    /// The command in pieces between which its line breaks; may be empty.
    pub(crate) pieces: Vec<String>,
}

impl PageCommand {
    pub(crate) fn new(why: &str, command: &str, budget: &PageBudget) -> Self {
        let command = brief(command, budget.letters);
        let pieces = if command.is_empty() {
            Vec::new()
        } else {
            pieces(&command)
        };
        Self {
            why: brief(why, budget.letters),
            pieces,
        }
    }
}

impl PageEntry {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl Section {
    pub(crate) fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            folded: false,
            blocks: Vec::new(),
        }
    }

    pub(crate) fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    pub(crate) fn list(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }

    pub(crate) fn facts(&mut self, facts: Vec<PageEntry>) {
        if !facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
    }

    pub(crate) fn table(&mut self, table: PageTable) {
        self.blocks.extend(table.unless_empty().map(Block::Table));
    }

    /// Adds a table that has rows, folded.
    pub(crate) fn folded(&mut self, table: PageTable) {
        self.blocks.extend(table.unless_empty().map(Block::Folded));
    }

    /// Adds a chart, with an anchor of its own.
    pub(crate) fn figure(&mut self, figure: Option<Figure>) {
        let number = self.blocks.len() + 1;
        let id = format!("{}-{number}", self.id);
        self.blocks
            .extend(figure.map(|figure| Block::Figure(Box::new(Figure { id, ..figure }))));
    }

    /// The section, `None` where nothing is in it.
    pub(crate) fn unless_empty(self) -> Option<Self> {
        (!self.blocks.is_empty()).then_some(self)
    }
}
