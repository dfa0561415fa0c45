//! `perfgate audio`: clips to send, made and looked at.

use std::fs;
use std::io::{ErrorKind, Write};

use crate::audio::{ClipKind, Inventory, Item, MOST_SECONDS, SAMPLE_RATE, synthesize};
use crate::cli::arguments::{Audio, AudioCommand, FIRST_SEED, ListArguments, Make};
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::gate::ExitCode;
use crate::report::clean;

pub(crate) fn audio(arguments: &Audio, console: Console) -> Ended {
    match &arguments.command {
        AudioCommand::Make(arguments) => make(arguments, console),
        AudioCommand::List(arguments) => list(arguments, console),
    }
}

fn make(arguments: &Make, console: Console) -> Ended {
    let (folder, seconds) = (&arguments.folder, arguments.seconds);
    if !(seconds * f64::from(SAMPLE_RATE) >= 1.0 && seconds <= MOST_SECONDS) {
        return Err(CommandFailure::usage(format!(
            "`--seconds {seconds}` makes no clip: it is above zero, and at most {MOST_SECONDS}"
        )));
    }
    fs::create_dir_all(folder).map_err(|error| {
        CommandFailure::could_not_run(format!(
            "cannot make the folder `{}`: {error}",
            folder.display()
        ))
    })?;
    let kind = ClipKind::from(arguments.kind);
    // Files of another seed sound otherwise, and must not be taken for those that are there.
    let seed = if arguments.seed == FIRST_SEED {
        String::new()
    } else {
        format!("-seed{}", arguments.seed)
    };
    for number in 1..=arguments.count {
        let path = folder.join(format!("{}-{seconds}s{seed}-{number}.wav", kind.name()));
        // A file that is there is found before a long clip is made in vain.
        let written = match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(mut file) => file
                .write_all(&synthesize(kind, seconds, arguments.seed, number - 1))
                .map(|()| "wrote"),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok("kept "),
            Err(error) => Err(error),
        };
        match written {
            Ok(_) if console.quiet => {}
            Ok(what) if console.result(&format!("{what} {}", path.display())) => {}
            Ok(_) => return Err(CommandFailure::said(ExitCode::CouldNotRun)),
            Err(error) => {
                let message = format!("cannot write `{}`: {error}", path.display());
                return Err(CommandFailure::could_not_run(message));
            }
        }
    }
    Ok(ExitCode::Success)
}

fn list(arguments: &ListArguments, console: Console) -> Ended {
    let inventory = Inventory::of(&arguments.paths);
    let printed = inventory.items.is_empty() || console.result(&table(&inventory));
    for error in &inventory.unreadable {
        console.error(&error.to_string());
    }
    Ok(match console.ended(printed) {
        ExitCode::Success if !inventory.unreadable.is_empty() => ExitCode::Failed,
        code => code,
    })
}

fn table(inventory: &Inventory) -> String {
    let head = [
        "name", "seconds", "rate", "channels", "bits", "bytes", "length", "text",
    ]
    .map(str::to_owned);
    let total: f64 = inventory.items.iter().map(|item| item.seconds).sum();
    let bytes: usize = inventory.items.iter().map(|item| item.bytes).sum();
    let texts = inventory.items.iter().filter(|item| item.has_text).count();
    let files = match inventory.items.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let none = String::new;
    let total = [
        files,
        format!("{total:.3}"),
        none(),
        none(),
        none(),
        bytes.to_string(),
        none(),
        texts.to_string(),
    ];
    let rows: Vec<[String; 8]> = std::iter::once(head)
        .chain(inventory.items.iter().map(row))
        .chain(std::iter::once(total))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        // Numbers end in one line, words begin in one.
        let cell = |at: usize| match at {
            1..=5 => format!("{:>1$}", row[at], widths[at]),
            _ => format!("{:<1$}", row[at], widths[at]),
        };
        (0..8)
            .map(cell)
            .collect::<Vec<_>>()
            .join("  ")
            .trim_end()
            .to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn row(item: &Item) -> [String; 8] {
    [
        clean(&item.path.to_string_lossy()),
        format!("{:.3}", item.seconds),
        item.sample_rate.to_string(),
        item.channels.to_string(),
        item.bits.to_string(),
        item.bytes.to_string(),
        item.length_class.to_owned(),
        if item.has_text { "yes" } else { "no" }.to_owned(),
    ]
}
