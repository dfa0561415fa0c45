//! `perfgate audio`: clips made and looked at, and what is said where there are none.

use std::fs;

use crate::support::perfgate::Perfgate;

#[test]
fn clips_are_made_once_and_are_what_a_plan_can_send() {
    let scene = Perfgate::new();
    let made = scene.run("audio make clips --count 2 --seconds 0.5");
    made.exits(0)
        .says("wrote clips/speech-0.5s-1.wav")
        .says("wrote clips/speech-0.5s-2.wav");
    let read = |name: &str| fs::read(scene.at(name)).unwrap();
    let (one, two) = (
        read("clips/speech-0.5s-1.wav"),
        read("clips/speech-0.5s-2.wav"),
    );
    assert_eq!(
        (one.len(), two.len()),
        (44 + 16_000, 44 + 16_000),
        "16 kHz, mono, 16 bits"
    );
    assert_ne!(one, two);
    let again = scene.run("audio make clips --count 3 --seconds 0.5");
    again
        .exits(0)
        .says("kept  clips/speech-0.5s-1.wav")
        .says("wrote clips/speech-0.5s-3.wav");
    assert_eq!(
        read("clips/speech-0.5s-1.wav"),
        one,
        "what is there is left"
    );
    let other = scene.run("audio make clips --seconds 0.5 --seed 2");
    other
        .exits(0)
        .says("wrote clips/speech-0.5s-seed2-1.wav")
        .never_says("kept");
    assert_ne!(read("clips/speech-0.5s-seed2-1.wav"), one);
    let silent = scene.run("audio make clips --kind silence -q");
    assert_eq!(silent.exits(0).stdout, "");
    assert_eq!(read("clips/silence-3s-1.wav").len(), 44 + 96_000);
    let plan = "target = { demo = \"transcription\" }\naudio.clip.files = \"clips/speech-*.wav\"\n[[flow.a]]\nhttp.post = \"/v1/audio/transcriptions\"\nhttp.audio = \"clip\"\n[load.a]\nvus = 1\niterations = 1\n";
    scene.plan(plan).run("validate plan.toml").exits(0);
}

#[test]
fn impossible_clips_are_refused() {
    for (arguments, says) in [
        ("--seconds 0", "`--seconds 0` makes no clip"),
        ("--seconds nan", "makes no clip"),
        ("--seconds 36001", "at most 36000"),
        ("--count 0", "--count"),
        ("--kind song", "speech, tone, silence"),
    ] {
        let scene = Perfgate::new();
        scene
            .run(&format!("audio make clips {arguments}"))
            .exits(2)
            .says(says);
        assert!(!scene.at("clips").exists(), "{arguments}");
    }
    Perfgate::new()
        .file("clips", "")
        .run("audio make clips")
        .exits(5)
        .says("cannot make the folder `clips`");
}

#[test]
fn a_list_says_what_is_there() {
    let scene = Perfgate::new();
    scene.run("audio make clips --count 2").exits(0);
    scene
        .run("audio make clips --kind tone --seconds 12")
        .exits(0);
    fs::write(scene.at("clips/speech-3s-1.txt"), "hello").unwrap();
    let done = scene.run("audio list clips clips/*.wav");
    let lines: Vec<Vec<&str>> = done
        .exits(0)
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            vec![
                "name", "seconds", "rate", "channels", "bits", "bytes", "length", "text"
            ],
            vec![
                "clips/speech-3s-1.wav",
                "3.000",
                "16000",
                "1",
                "16",
                "96044",
                "medium",
                "yes"
            ],
            vec![
                "clips/speech-3s-2.wav",
                "3.000",
                "16000",
                "1",
                "16",
                "96044",
                "medium",
                "no"
            ],
            vec![
                "clips/tone-12s-1.wav",
                "12.000",
                "16000",
                "1",
                "16",
                "384044",
                "long",
                "no"
            ],
            vec!["3", "files", "18.000", "576132", "1"],
        ],
        "{}",
        done.all()
    );
}

#[test]
fn what_cannot_be_read_is_listed_beside_what_can() {
    let scene = Perfgate::new();
    scene.run("audio make clips --seconds 1").exits(0);
    fs::write(scene.at("clips/broken.wav"), "RIFF").unwrap();
    let done = scene.run("audio list clips none.wav");
    done.exits(1)
        .says("1 file")
        .says("broken.wav` is not a WAV file")
        .says("`none.wav` does not exist");
}

#[test]
fn where_there_is_none_the_command_that_makes_some_is_shown() {
    let scene = Perfgate::new();
    fs::create_dir(scene.at("clips")).unwrap();
    let listed = scene.run("audio list clips");
    scene
        .run("audio list nothere")
        .exits(1)
        .says("`nothere` does not exist")
        .says("perfgate audio make nothere");
    listed
        .exits(1)
        .says("no WAV files found in `clips`: make some with `perfgate audio make clips`");
    assert_eq!(listed.stdout, "");
    let plan = |keys: &str| {
        let text = format!(
            "target = \"http://127.0.0.1:1\"\n[audio.clip]\n{keys}\n[[flow.a]]\nhttp.post = \"/\"\nhttp.audio = \"clip\"\n[load.a]\nvus = 1\niterations = 1\n"
        );
        fs::write(scene.at("plan.toml"), text).unwrap();
        scene.run("validate plan.toml")
    };
    plan("files = \"clips/*.wav\"")
        .exits(2)
        .says("no WAV files found in `clips`")
        .says("perfgate audio make clips");
    plan("files = \"clips\"")
        .exits(2)
        .says("`clips` is a folder: write `clips/*.wav`");
    scene.run("audio make clips").exits(0);
    fs::create_dir(scene.at("plans")).unwrap();
    let text = fs::read_to_string(scene.at("plan.toml"))
        .unwrap()
        .replace("\"clips\"", "\"clips/*.wav\"");
    fs::write(scene.at("plans/plan.toml"), text).unwrap();
    let there = scene.run("validate plans/plan.toml");
    there
        .exits(2)
        .says("leads to one file from where you are")
        .says("\"$PWD/clips/*.wav\"");
    let wrong = plan("files = \"clips/*.wav\"\nsample_rate = 8000\nchannels = 1");
    wrong
        .exits(2)
        .says("ffmpeg -i in.wav -ar 8000 -ac 1 -acodec pcm_s16le out.wav")
        .says("plan.toml:3");
}
