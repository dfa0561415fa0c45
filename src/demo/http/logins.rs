//! Who has logged in.

use std::collections::HashSet;

/// Tokens that are known, the newest only.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    known: HashSet<String>,
    pub(crate) count: u64,
}

/// More tokens than this are not kept: a client that logs in before every request must not fill the memory.
const KEPT: usize = 100_000;

impl Logins {
    /// Whether a token was given out.
    pub(crate) fn knows(&self, token: &str) -> bool {
        self.known.contains(token)
    }

    pub(crate) fn enter(&mut self, name: &str) -> String {
        self.count += 1;
        let token = format!("token-of-{name}-{}", self.count);
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(token.clone());
        token
    }
}
