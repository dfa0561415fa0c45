//! How an iteration or a step ended.

use serde::{Deserialize, Serialize};

/// What went wrong, decided by the type of the failure, never by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A status that the plan does not expect.
    Status,
    /// No answer in time, whatever the protocol.
    Timeout,
    /// No connection: refused, unreachable.
    Connect,
    /// The name did not resolve.
    Dns,
    /// The TLS handshake failed.
    Tls,
    /// The connection broke after it was made.
    Reset,
    /// The answer was not the protocol.
    Protocol,
    /// An answer that the plan's `expect` or `capture` refuses.
    Check,
    /// An error that the server reported inside an answer.
    Server,
    /// A job that was not done within its polls.
    Poll,
    /// Ended by the tool itself.
    Aborted,
    /// The tool's own machine had no file handle, port or memory left.
    Generator,
}

impl ErrorClass {
    /// Every class, in the order of the plan format.
    pub const ALL: [Self; 12] = [
        Self::Status,
        Self::Timeout,
        Self::Connect,
        Self::Dns,
        Self::Tls,
        Self::Reset,
        Self::Protocol,
        Self::Check,
        Self::Server,
        Self::Poll,
        Self::Aborted,
        Self::Generator,
    ];

    /// The name in plans and documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Reset => "reset",
            Self::Protocol => "protocol",
            Self::Check => "check",
            Self::Server => "server",
            Self::Poll => "poll",
            Self::Aborted => "aborted",
            Self::Generator => "generator",
        }
    }
}

/// How a finished iteration or step ended. A dropped arrival never started and has no outcome of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// As the plan wants it.
    Ok,
    /// Not as the plan wants it.
    Failed(ErrorClass),
    /// A refusal that the plan expects.
    Rejected,
    /// Not done in time.
    TimedOut,
    /// Cut off at the end of the load.
    Interrupted,
}

impl Outcome {
    /// The name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed(_) => "failed",
            Self::Rejected => "rejected",
            Self::TimedOut => "timed_out",
            Self::Interrupted => "interrupted",
        }
    }

    /// What went wrong, where something did.
    #[must_use]
    pub const fn class(self) -> Option<ErrorClass> {
        match self {
            Self::Failed(class) => Some(class),
            Self::TimedOut => Some(ErrorClass::Timeout),
            Self::Interrupted => Some(ErrorClass::Aborted),
            Self::Ok | Self::Rejected => None,
        }
    }

    /// Whether the target has sent the iteration away: it refused, reported an error, broke the connection off or could not be reached.
    /// What the plan itself finds wrong with an answer, or waited for too long, is not that.
    #[must_use]
    pub const fn is_turned_away(self) -> bool {
        use ErrorClass::{Connect, Dns, Protocol, Reset, Server, Status, Tls};
        matches!(
            self,
            Self::Rejected | Self::Failed(Connect | Dns | Protocol | Reset | Server | Status | Tls)
        )
    }

    /// Whether it ran too long to be finished: ranked above every finished one in percentiles.
    #[must_use]
    pub const fn is_slow_loss(self) -> bool {
        matches!(
            self,
            Self::TimedOut | Self::Interrupted | Self::Failed(ErrorClass::Poll)
        )
    }
}
