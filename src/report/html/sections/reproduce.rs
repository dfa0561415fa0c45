//! The commands that make, judge and record this session again.

use crate::report::html::page::{Block, PageCommand, Section};
use crate::report::html::source::PageSource;
use crate::report::text::Commands;

pub(crate) fn reproduce(source: &PageSource<'_>) -> Option<Section> {
    let summary = source.summary;
    let commands = Commands::of(summary, std::slice::from_ref(&summary.session), None)?;
    let mut section = Section::new("reproduce", "How to do it again");
    let said = summary.given.iter().any(|word| word == "--seed");
    let seed = if said {
        String::new()
    } else {
        format!(" --seed {}", summary.seed)
    };
    let command = |why: &str, line: String| PageCommand::new(why, &line, &source.budget);
    section.blocks.push(Block::Commands(vec![
        command(
            "Run the same plan with the same arrivals and picks:",
            commands.run(&seed),
        ),
        command(
            "Judge this session again, for example with another baseline:",
            commands.check(""),
        ),
        command(
            "Record it as what is normal:",
            commands.update(" --reason 'WHY'"),
        ),
    ]));
    section.paragraph(
        "If the session was written elsewhere with --out, name that folder. What the plan took from the environment must be \
         there again: `plan.effective` in summary.json has the values that were used.",
    );
    Some(section)
}
