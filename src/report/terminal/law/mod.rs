//! What laws answer: the verdict, then tables.

mod queueing;
mod scaling;

use super::ink::{Ink, Tone};
use super::lines;
use crate::experiment::law::Answer;

/// The answer of one law.
pub(super) fn summary(answer: &Answer, ink: Ink) -> String {
    match answer {
        Answer::Amdahl(law) => scaling::amdahl(law, ink),
        Answer::Gustafson(law) => scaling::gustafson(law, ink),
        Answer::Usl(law) => scaling::usl(law, ink),
        Answer::Speedup(law) => scaling::speedup(law, ink),
        Answer::Staffing(law) => queueing::staffing(law, ink),
        Answer::Queue(law) => queueing::queue(law, ink),
        Answer::Repairman(law) => queueing::repairman(law, ink),
    }
}

/// The verdict, and below it where it is from.
fn head(verdict: &str, source: &str, ink: Ink) -> String {
    lines(verdict, Tone::Head, ink) + &lines(source, Tone::Dim, ink)
}

/// What there is, with a blank line between.
fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

#[cfg(test)]
mod tests;
