//! Tests of the file beside this.

use super::*;
use crate::demo::StreamSpec;

fn at(millis: u64) -> Tick {
    Tick::ZERO + ms(millis)
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn session(keys: &str, steps: Steps, ready: Tick) -> StreamSession {
    let spec: StreamSpec = toml::from_str(keys).expect(keys);
    StreamSession::new(
        &Arc::new(Script::new(&spec)),
        spec.result_every,
        spec.delay,
        steps,
        ready,
    )
}

/// Feeds `frames` frames of 100 ms in real time, the first at 100 ms, and then the end of the audio.
fn heard(session: &mut StreamSession, frames: u64) {
    (1..=frames).for_each(|n| session.hear(at(n * 100), ms(100)));
    session.finish(at(frames * 100));
}

fn all(session: &mut StreamSession) -> Vec<(u64, SessionStep)> {
    let due = |session: &StreamSession| session.next_due().map(|at| at.as_nanos() / 1_000_000);
    std::iter::from_fn(|| due(session).map(|due| (due, session.pop(at(due)).expect("it is due"))))
        .collect()
}

fn texts(turns: &[(u64, SessionStep)]) -> Vec<String> {
    turns
        .iter()
        .flat_map(|(_, turn)| &turn.closed)
        .map(SpokenSegment::text)
        .collect()
}

#[test]
fn a_result_is_due_so_long_after_the_frame_that_it_reaches() {
    let mut session = session("transcript = 'a b c d e'", Steps::Halves, at(0));
    heard(&mut session, 23);
    assert_eq!((session.heard(), session.pop(at(599))), (ms(2_300), None));
    let turns = all(&mut session);
    let seen: Vec<_> = turns
        .iter()
        .map(|(due, turn)| (*due, turn.covers, turn.last))
        .collect();
    let due = |millis: u64| (millis + 100, ms(millis), false);
    assert_eq!(
        seen,
        [
            due(500),
            due(1_000),
            due(1_500),
            due(2_000),
            (2_400, ms(2_300), true)
        ]
    );
    assert_eq!(
        texts(&turns),
        ["a b", "c d", ""],
        "the fifth word ends at 2.5 s"
    );
    let partial = |n: usize| {
        turns[n]
            .1
            .partial
            .as_ref()
            .map(|part| (part.start, part.end, part.text()))
    };
    assert_eq!(partial(2), Some((ms(1_000), ms(1_500), "c".to_owned())));
    assert_eq!(partial(3), None);
}

#[test]
fn nothing_is_said_before_it_is_ready_nor_after_the_end() {
    let mut session = session("", Steps::Halves, at(1_000));
    heard(&mut session, 10);
    session.hear(at(1_100), ms(500));
    let due: Vec<_> = all(&mut session)
        .into_iter()
        .map(|(due, turn)| (due, turn.covers))
        .collect();
    assert_eq!(
        due,
        [(1_000, ms(500)), (1_100, ms(1_000)), (1_100, ms(1_000))]
    );
}

#[test]
fn each_frame_has_its_result() {
    let mut session = session(
        "transcript = 'a b c'\nresult_every = '200ms'\nwords_per_second = 10",
        Steps::Frames,
        at(0),
    );
    heard(&mut session, 5);
    let turns = all(&mut session);
    assert_eq!(turns.len(), 6);
    let closed: Vec<_> = turns.iter().map(|(_, turn)| turn.closed.len()).collect();
    assert_eq!(
        (closed, texts(&turns)),
        (
            vec![0, 1, 0, 1, 0, 1],
            vec!["a b".into(), "c a".into(), "b".into()]
        )
    );
}

#[test]
fn many_segments_in_one_frame_are_all_said() {
    let mut session = session("", Steps::Frames, at(0));
    session.hear(at(0), ms(3_500));
    session.finish(at(0));
    let turns = all(&mut session);
    assert_eq!((turns[0].1.closed.len(), turns[1].1.closed.len()), (3, 1));
    assert_eq!(turns[1].1.closed[0].start, ms(3_000));
}

#[test]
fn a_flush_closes_the_segment_under_way() {
    let mut session = session(
        "transcript = 'a b'\nwords_per_second = 10",
        Steps::Halves,
        at(0),
    );
    session.hear(at(0), ms(300));
    let turn = session.flush();
    assert_eq!(
        (turn.closed.len(), turn.closed[0].text(), turn.covers),
        (1, "a b a".to_owned(), ms(300))
    );
    session.hear(at(0), ms(700));
    session.finish(at(0));
    let closed: Vec<_> = all(&mut session)
        .into_iter()
        .flat_map(|(_, turn)| turn.closed)
        .collect();
    assert_eq!(
        (closed.len(), closed[0].start, closed[0].end),
        (1, ms(300), ms(1_000))
    );
    assert_eq!(closed[0].words.len(), 7);
}

#[test]
fn a_share_of_segments_is_lost_and_a_share_of_words_is_wrong() {
    let keys = "lost_share = '8%'\nwrong_words_share = '10%'\nwords_per_second = 1";
    let spec: StreamSpec = toml::from_str(keys).expect(keys);
    let script = Arc::new(Script::new(&spec));
    let (mut said, mut wrong) = (0, 0);
    // Streams so short that none of them alone could lose its 8 %.
    for _ in 0..100 {
        let mut session =
            StreamSession::new(&script, spec.result_every, spec.delay, Steps::Halves, at(0));
        heard(&mut session, 50);
        let words: Vec<_> = all(&mut session)
            .into_iter()
            .flat_map(|(_, turn)| turn.closed)
            .flat_map(|s| s.words)
            .collect();
        said += words.len();
        wrong += words.iter().filter(|word| word.text == "brzk").count();
    }
    assert_eq!((said, wrong), (460, 46));
}

#[test]
fn a_whole_recording_says_the_same() {
    let spec = StreamSpec::default();
    let script = Arc::new(Script::new(&spec));
    let mut session =
        StreamSession::new(&script, spec.result_every, spec.delay, Steps::Halves, at(0));
    heard(&mut session, 23);
    let streamed: Vec<_> = all(&mut session)
        .into_iter()
        .flat_map(|(_, turn)| turn.closed)
        .collect();
    assert_eq!(script.whole(ms(2_300), spec.result_every), streamed);
}
