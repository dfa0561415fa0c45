//! nginx as a second opinion: started as whoever runs the tests, in a folder of its own, on free ports.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use crate::support::perfgate::until;

/// One request as nginx has logged it.
#[derive(Debug, Clone)]
pub struct Logged {
    /// From the first byte read of the request to the last byte sent of the reply, in seconds, to the millisecond.
    pub request_time: f64,
    pub status: String,
    pub protocol: String,
    pub path: String,
}

/// A running nginx; it is ended when this is dropped.
pub struct Nginx {
    child: Child,
    folder: TempDir,
    /// In the clear, HTTP/1.1.
    pub plain: u16,
    /// Over TLS, HTTP/1.1 alone.
    pub tls: u16,
    /// Over TLS, HTTP/2 where the client wants it.
    pub h2: u16,
}

impl Nginx {
    /// Whether there is one on this machine.
    pub fn is_installed() -> bool {
        Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Serves `/page`, a file of 10 kB, and hands `/slow` on to `upstream`.
    pub fn start(upstream: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Held together, so that they are different ones.
        let held = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [plain, tls, h2] = held
            .each_ref()
            .map(|listener| listener.local_addr().unwrap().port());
        drop(held);
        certify(&folder);
        fs::write(folder.path().join("page"), "x".repeat(10_000)).unwrap();
        let user = if geteuid().is_root() {
            "user root;"
        } else {
            ""
        };
        let path = folder.path().display();
        let config = format!(
            r#"
daemon off;
worker_processes 1;
{user}
pid {path}/nginx.pid;
error_log {path}/error.log warn;
events {{ worker_connections 256; }}
http {{
    log_format truth "$request_time $status $server_protocol $uri";
    access_log off;
    client_body_temp_path {path}/body;
    proxy_temp_path {path}/proxy;
    fastcgi_temp_path {path}/fastcgi;
    uwsgi_temp_path {path}/uwsgi;
    scgi_temp_path {path}/scgi;
    client_body_buffer_size 1m;
    keepalive_requests 100000;
    ssl_certificate {path}/cert.pem;
    ssl_certificate_key {path}/key.pem;
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{tls} ssl;
        listen 127.0.0.1:{h2} ssl http2;
        tcp_nodelay on;
        location = /health {{ return 200; }}
        location = /page {{ root {path}; access_log {path}/access.log truth; }}
        location = /slow {{ proxy_pass {upstream}; access_log {path}/access.log truth; }}
    }}
}}
"#
        );
        fs::write(folder.path().join("nginx.conf"), config).unwrap();
        let mut command = Command::new("nginx");
        command
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(folder.path().join("nginx.conf"));
        command.arg("-e").arg(folder.path().join("error.log"));
        let child = command
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("nginx starts");
        Self {
            child,
            folder,
            plain,
            tls,
            h2,
        }
    }

    /// The authority of its certificate.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Ends it, what is under way first, and gives what it has logged.
    pub fn log(mut self) -> Vec<Logged> {
        kill_process(Pid::from_child(&self.child), Signal::QUIT).expect("it runs");
        until("nginx to end", || self.child.try_wait().unwrap());
        let text = fs::read_to_string(self.folder.path().join("access.log")).expect("a log");
        let line = |line: &str| {
            let [request_time, status, protocol, path] = line
                .split(' ')
                .collect::<Vec<_>>()
                .try_into()
                .expect("four");
            let request_time = request_time.parse().expect("seconds");
            Logged {
                request_time,
                status: status.into(),
                protocol: protocol.into(),
                path: path.into(),
            }
        };
        text.lines().map(line).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority, and a certificate for `localhost`.
fn certify(folder: &TempDir) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    for (name, pem) in [
        ("ca.pem", authority.pem()),
        ("cert.pem", own.pem()),
        ("key.pem", key.serialize_pem()),
    ] {
        fs::write(folder.path().join(name), pem).unwrap();
    }
}
