//! `perfgate demo`: the embedded target.

use std::net::TcpListener;

use tokio::io::AsyncReadExt;

use crate::cli::arguments::DemoArguments;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::demo::{DemoSpec, serve};
use crate::diag::nearest;
use crate::endpoint::scale_demo;
use crate::gate::ExitCode;

pub(crate) fn demo(arguments: &DemoArguments, console: Console) -> Ended {
    if let (Some(url), Some(workers)) = (&arguments.control, arguments.workers) {
        return scale(url, workers, console);
    }
    let spec = spec(arguments).map_err(CommandFailure::usage)?;
    listen_and_serve(arguments, spec, console)
        .map(|()| ExitCode::Success)
        .map_err(|error| {
            CommandFailure::could_not_run(format!("the embedded target cannot run: {error}"))
        })
}

/// Scales a target that runs.
fn scale(url: &str, workers: u64, console: Console) -> Ended {
    let fail = |why: String| {
        CommandFailure::could_not_run(format!("the target at {url} cannot be scaled: {why}"))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandFailure::could_not_run)?;
    let reply = runtime
        .block_on(scale_demo(url, workers))
        .map_err(|error| fail(error.to_string()))?;
    match reply {
        None => Ok(console.print(&format!("{workers} workers at {url}"))),
        Some(refusal) => Err(fail(refusal)),
    }
}

/// The specification: JSON as a whole, or a service and its keys as a plan would have them.
fn spec(arguments: &DemoArguments) -> Result<DemoSpec, String> {
    let spec: DemoSpec = match &arguments.spec {
        Some(json) => serde_json::from_str(json).map_err(|error| format!("--spec: {error}"))?,
        None => {
            let mut text = format!("service = {:?}\n", arguments.service);
            for set in &arguments.set {
                text.push_str(&format!("{} = {:?}\n", set.name, set.value));
            }
            toml::from_str(&text)
                .map_err(|error| format!("demo: {}", with_nearest(error.message())))?
        }
    };
    let wrong = spec.check();
    if wrong.is_empty() {
        Ok(spec)
    } else {
        Err(wrong.join("; "))
    }
}

/// The word of the reader about an unknown name, with the nearest of those that it lists.
fn with_nearest(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = names
        .split_first()
        .and_then(|(written, known)| nearest(written, known.iter().copied()));
    match meant.filter(|_| message.starts_with("unknown ")) {
        Some(meant) => format!("{message}; did you mean `{meant}`?"),
        None => message.replace("unknown variant", "there is no"),
    }
}

fn listen_and_serve(
    arguments: &DemoArguments,
    spec: DemoSpec,
    console: Console,
) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", arguments.port))?;
    let url = format!("http://{}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if !console.result(&url) {
        return Err(std::io::Error::other("nobody would know where it listens"));
    }
    if !arguments.until_stdin_closes {
        let also = match spec.service.stream_scheme() {
            Some(scheme) => format!(
                "it streams at {}, and also",
                url.replacen("http", scheme, 1)
            ),
            None => "it also".to_owned(),
        };
        console.say(&format!(
            "{also} answers /health and /truth; Ctrl-C ends it"
        ));
    }
    let until_stdin_closes = arguments.until_stdin_closes;
    runtime.block_on(serve(spec, listener, async move {
        if until_stdin_closes {
            let mut stdin = tokio::io::stdin();
            let mut byte = [0u8];
            while stdin.read(&mut byte).await.is_ok_and(|read| read > 0) {}
        } else {
            signal().await;
        }
    }))?;
    // A thread may still wait for standard input; it must not keep the process alive.
    runtime.shutdown_background();
    Ok(())
}

async fn signal() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let Ok(mut terminate) = terminate else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_the_names_that_are_listed_is_offered() {
        let listed = "unknown field `slot`, expected one of `service`, `slots`, `queue`";
        assert_eq!(
            with_nearest(listed),
            format!("{listed}; did you mean `slots`?")
        );
        for other in [
            "unknown field `zzz`, expected `a`",
            "`slots` must be 1 at least",
            "",
        ] {
            assert_eq!(with_nearest(other), other);
        }
    }
}
