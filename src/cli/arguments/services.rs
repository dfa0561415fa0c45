//! What `perfgate demo --help` says of each service.

use super::examples;
use crate::demo::{ROUTES_OF_ALL, Service};

/// The examples, and below them every service with its routes.
pub(crate) fn demo_help() -> String {
    let mut text = format!("{}\n\nServices:\n", examples::DEMO);
    for service in Service::ALL {
        text.push_str(&format!("  {}: {}\n", service.name(), service.about()));
        // What plays several others has their routes.
        if service == Service::Voice {
            text.push_str("    the routes of the three\n");
        } else {
            routes(service.routes(), &mut text);
        }
        text.push_str(&format!("    try: {}\n", service.example()));
    }
    text.push_str("  and each of them:\n");
    routes(&ROUTES_OF_ALL, &mut text);
    text.push_str(
        "\nKeys of --set, those of `target.demo` in docs/reference/plan.md:\n  slots, queue, service_time, audio_factor, slowdown, submit_time, workers,\n  \
         cache, memory, token, faults.status_share and more; of services that stream:\n  \
         slots, workers, stream.delay, stream.result_every, stream.transcript, stream.lost_share and more",
    );
    text
}

fn routes(all: &[(&str, &str)], text: &mut String) {
    for (route, about) in all {
        text.push_str(&format!("    {route}\n      {about}\n"));
    }
}
