//! How the program ends.

use std::process::ExitCode;

use super::terminal;

/// The program did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done, and every objective was met or could not be decided.
    Done,
    /// Done, but an objective failed.
    ObjectiveFailed,
    /// Interrupted; what was finished has been reported.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::ObjectiveFailed => 1,
            Exit::Interrupted => 3,
        })
    }
}

/// The program could not do what it was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The arguments or a scenario are wrong, and this is what to say about it.
    Usage(String),
    /// A scenario is wrong, and its problems have been shown.
    Shown,
    /// Something else went wrong, such as a disk that is full.
    Other(String),
}

impl Failure {
    /// Says what went wrong on standard error.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Usage(message) | Self::Other(message) => terminal::error(message),
            Self::Shown => {}
        }
        ExitCode::from(match self {
            Self::Usage(_) | Self::Shown => 2,
            Self::Other(_) => 4,
        })
    }
}
