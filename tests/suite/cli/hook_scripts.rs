//! The scripts of `ci/hooks`, with a stand-in for docker and kubectl.

use crate::support::perfgate::Perfgate;

/// Says what it was asked, and answers as docker does.
const DOCKER: &str = "#!/bin/sh\necho \"$*\" >> asked\ncase \"$*\" in\n  *ps*) echo a; echo b ;;\n  inspect*) echo 172.17.0.5 ;;\n  logs*) echo a line of the log ;;\nesac\n";

fn scene() -> Perfgate {
    let mut scene = Perfgate::new().file("docker", DOCKER);
    for name in [
        "scale_workers.sh",
        "worker_url.sh",
        "logs.sh",
        "port_forward.sh",
    ] {
        let path = format!("{}/ci/hooks/{name}", env!("CARGO_MANIFEST_DIR"));
        scene = scene.file(name, &std::fs::read_to_string(path).unwrap());
    }
    scene
}

#[test]
fn workers_are_scaled_and_counted() {
    let scene = scene();
    let run = |line: &str| {
        scene.shell(&format!(
            "COMPOSE='sh ./docker' DOCKER='sh ./docker' KUBECTL='sleep 60 ; echo' {line}"
        ))
    };
    run("sh scale_workers.sh 2").exits(0);
    let asked = std::fs::read_to_string(scene.at("asked")).unwrap();
    assert!(
        asked.starts_with("up --detach --no-recreate --scale worker=2 worker\n"),
        "{asked}"
    );
    run("sh scale_workers.sh 3")
        .exits(1)
        .says("2 of 3 containers of `worker` run");
    for wrong in ["", "0", "-1", "two", "1.5", "03"] {
        run(&format!("sh scale_workers.sh '{wrong}'"))
            .exits(2)
            .says("is not a number of workers");
    }
    run("sh worker_url.sh")
        .exits(0)
        .says("http://172.17.0.5:8000");
    run("sh logs.sh worker").exits(0).says("a line of the log");
    run("sh port_forward.sh").exits(2).says("write start");
    run("sh port_forward.sh stop").exits(0);
}
