//! A generator that could not do what the plan says is no evidence against the target.

use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

#[test]
fn a_pause_of_the_generator_is_no_timeout_of_the_target() {
    let target = DemoTarget::start("transcription", "service_time=300ms slots=1000");
    let scene = Perfgate::new().judges_generator().plan(&format!(
        "target = {{ url = '{}', timeout = '700ms' }}\n\
         [audio.c]\nsynthesize = {{ seconds = 1 }}\n\
         [[flow.a]]\nhttp.post = '/v1/audio/transcriptions'\nhttp.multipart = {{ file = {{ audio = 'c' }}, model = 'm' }}\n\
         [load.a]\nvus = 8\nduration = '3s'\n[threshold]\nerror_rate = '< 50%'\n",
        target.url
    ));
    let running = scene.start("run plan.toml");
    sleep(Duration::from_millis(1000));
    running.signal(Signal::STOP);
    sleep(Duration::from_millis(1500));
    running.signal(Signal::CONT);
    let done = running.end();
    done.exits(4).says("the generator did not run for");
    assert_eq!(done.counts().timed_out, 0, "every reply lay in the socket");
}

#[test]
fn a_limit_of_open_files_is_the_generators_own() {
    let target = DemoTarget::start("transcription", "service_time=5ms slots=1000");
    let scene = Perfgate::new().judges_generator().plan(&format!(
        "target = '{}'\n[[flow.a]]\nhttp.get = '/health'\n\
         [load.a]\nvus = 120\nthink = '50ms'\nduration = '1s'\n[threshold]\nlatency.p95 = '< 10s'\n",
        target.url
    ));
    let limited = scene.shell("ulimit -n 64; \"$0\" run plan.toml");
    limited.exits(4).says("ulimit -n");
    let rate = &limited.summary()["metrics"]["a.error_rate"]["runs"][0]["value"];
    assert_eq!(rate, 0.0, "no errors of the target");
    let raised = scene.shell("ulimit -S -n 64; \"$0\" run plan.toml");
    raised.never_says("ulimit -n");
    assert_eq!(raised.counts().failed, 0);
}

#[test]
fn a_service_that_answers_nothing_but_errors_fails_whatever_the_bound_is() {
    let target = DemoTarget::start("transcription", "");
    let done = Perfgate::new()
        .plan(&format!(
            "target = '{}'\n[[flow.a]]\nhttp.get = '/nothing-here'\n\
             [load.a]\nvus = 2\niterations = 20\n[threshold]\nlatency.p95 = '< 1h'\n",
            target.url
        ))
        .run("run plan.toml");
    done.exits(1)
        .says("no iteration of `a` succeeded: 20 × HTTP 404")
        .says("a.error_rate");
    let lifted = Perfgate::new()
        .plan(&format!(
            "target = '{}'\n[[flow.a]]\nhttp.get = '/nothing-here'\nexpect = {{ status = 404 }}\n\
             [load.a]\nvus = 2\niterations = 20\n[threshold]\nlatency.p95 = '< 1h'\n",
            target.url
        ))
        .run("run plan.toml");
    lifted.exits(0);
}
