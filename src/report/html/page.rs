//! A whole page before it is written: every text and every place is decided.

use serde::Serialize;

use super::brief::brief;
use super::budget::Budget;
use super::figure::Figure;
use super::table::Table;
use crate::report::commands::pieces;

/// Sessions, and what is said of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Page {
    /// `FAIL 2/8 · nightly · perfgate`.
    pub(super) title: String,
    pub(super) plan: String,
    /// What the plan says about itself; may be empty.
    pub(super) description: String,
    /// Which target, of which version, when; may be empty.
    pub(super) place: String,
    pub(super) facts: Vec<Entry>,
    /// The judgement, where there is one.
    pub(super) banner: Option<Banner>,
    pub(super) sections: Vec<Section>,
    pub(super) footer: String,
}

/// The judgement in the first screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Banner {
    /// `good`, `warn` or `bad`.
    pub(super) mood: &'static str,
    pub(super) shape: &'static str,
    pub(super) word: &'static str,
    pub(super) sentence: String,
    /// What is worst, each with its numbers.
    pub(super) worst: Vec<String>,
    /// How many of them are not listed.
    pub(super) more: String,
    /// The errors behind it.
    pub(super) causes: Vec<String>,
    /// Whether to believe it.
    pub(super) validity: String,
    pub(super) validity_tone: &'static str,
    /// Why not, and what else is to be known.
    pub(super) remarks: Vec<String>,
    /// What to do now, in order.
    pub(super) next: Vec<Command>,
}

/// A part of the page with an anchor.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Block {
    Paragraph(String),
    List(Vec<String>),
    Facts(Vec<Entry>),
    Commands(Vec<Command>),
    Table(Table),
    /// A table for those who look for it.
    Folded(Table),
    Figure(Box<Figure>),
}

/// A name and what stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
}

/// Something to be typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Command {
    /// What for.
    pub(super) why: String,
    /// The command in pieces between which its line breaks; may be empty.
    pub(super) pieces: Vec<String>,
}

impl Command {
    pub(super) fn new(why: &str, command: &str, budget: &Budget) -> Self {
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

impl Entry {
    pub(super) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl Section {
    pub(super) fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    pub(super) fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    pub(super) fn list(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }

    pub(super) fn facts(&mut self, facts: Vec<Entry>) {
        if !facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
    }

    /// Adds a table that has rows.
    pub(super) fn table(&mut self, table: Table) {
        self.blocks.extend(table.unless_empty().map(Block::Table));
    }

    /// Adds a table that has rows, folded.
    pub(super) fn folded(&mut self, table: Table) {
        self.blocks.extend(table.unless_empty().map(Block::Folded));
    }

    /// Adds a chart, with an anchor of its own.
    pub(super) fn figure(&mut self, figure: Option<Figure>) {
        let number = self.blocks.len() + 1;
        let id = format!("{}-{number}", self.id);
        self.blocks
            .extend(figure.map(|figure| Block::Figure(Box::new(Figure { id, ..figure }))));
    }

    /// The section, `None` where nothing is in it.
    pub(super) fn unless_empty(self) -> Option<Self> {
        (!self.blocks.is_empty()).then_some(self)
    }
}
