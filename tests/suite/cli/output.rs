//! Results to standard output, talk to standard error, and nothing a file should not hold.

use super::{transcription, uploads};
use crate::support::perfgate::Perfgate;

const CONTROL: [char; 2] = ['\r', '\u{1b}'];

fn scene() -> Perfgate {
    Perfgate::new().plan(&uploads(&transcription(""), "vus = 2\niterations = 10"))
}

#[test]
fn results_and_talk_go_apart_and_pipes_get_plain_text() {
    let done = scene().run("run plan.toml");
    done.exits(0);
    assert!(
        done.stdout.contains("upload") && done.stdout.ends_with("(exit 0)\n"),
        "{}",
        done.all()
    );
    assert!(
        done.stderr.contains("wrote results/plan/") && !done.stdout.contains("wrote"),
        "{}",
        done.all()
    );
    assert!(!done.all().contains(CONTROL), "{:?}", done.all());
    let line = done
        .stdout
        .lines()
        .find(|line| line.chars().count() > 100 && !line.contains("exit"));
    assert_eq!(line, None, "lines fit a terminal");
}

#[test]
fn quiet_is_the_verdict_and_nothing_else() {
    for arguments in ["-q run plan.toml", "run plan.toml --quiet"] {
        let done = scene().run(arguments);
        done.exits(0);
        assert_eq!(
            (done.stdout.lines().count(), done.stderr.as_str()),
            (1, ""),
            "{}",
            done.all()
        );
        assert!(done.stdout.starts_with("PASS: "), "{}", done.all());
    }
}

#[test]
fn colours_are_where_they_are_wanted() {
    let has = |scene: &Perfgate, arguments: &str| {
        let done = scene.run(arguments);
        done.exits(0);
        done.stdout.contains('\u{1b}')
    };
    assert!(has(&scene(), "run plan.toml --color always"));
    assert!(!has(&scene(), "run plan.toml --color never"));
    assert!(has(&scene().env("CLICOLOR_FORCE", "1"), "run plan.toml"));
    assert!(!has(
        &scene().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"),
        "run plan.toml"
    ));
    assert!(
        has(
            &scene().env("NO_COLOR", "1"),
            "run plan.toml --color always"
        ),
        "what is typed outweighs it"
    );
    let wrong = Perfgate::new()
        .plan("nothing = 1\n")
        .run("--color always run plan.toml");
    assert!(wrong.exits(2).stderr.contains('\u{1b}'), "{}", wrong.all());
}

#[test]
fn plain_progress_comes_in_lines() {
    let plan = uploads(&transcription(""), "vus = 1\nduration = \"2s\"");
    let done = Perfgate::new()
        .plan(&plan)
        .run("run plan.toml --progress plain --progress-interval 1s");
    done.exits(0);
    let lines = done
        .stderr
        .lines()
        .filter(|line| line.starts_with("perfgate "))
        .count();
    assert!((1..=3).contains(&lines), "{}", done.all());
    assert!(!done.all().contains(CONTROL), "{:?}", done.all());
    let silent = scene().run("run plan.toml --progress none");
    let talk = silent
        .exits(0)
        .stderr
        .lines()
        .any(|line| line.starts_with("perfgate "));
    assert!(!talk, "{}", silent.all());
}

#[test]
fn a_reader_that_goes_away_changes_nothing() {
    let done = scene().shell("{ \"$0\" run plan.toml; echo \"code $?\" >&2; } | true");
    assert!(done.stderr.contains("code 0"), "{}", done.all());
    done.never_says("panicked");
}

#[test]
fn verbose_lists_every_threshold_with_its_line() {
    let done = scene().run("-v run plan.toml");
    done.exits(0).says("plan.toml:15").says("upload.error_rate");
    let help = Perfgate::new().run("--help");
    assert!(
        help.exits(0).stdout.contains("Exit codes:"),
        "{}",
        help.all()
    );
}
