//! A level of memory becomes a station: of infinitely many servers, or of its channels.

use super::Owner;
use crate::diagnostic::Span;
use crate::model::build::Builder;
use crate::model::program::Place;
use crate::scenario::MemoryLevel;

/// What a level's latency is measured with: a line of a cache, in bytes.
const LINE: f64 = 64.0;

/// A level of memory.
#[derive(Debug, Clone)]
pub(in crate::model) struct Level {
    /// Its name.
    pub(in crate::model) name: String,
    /// Where it is.
    pub(in crate::model) place: Place,
    /// How long one looks there.
    pub(in crate::model) time: LevelTime,
    /// How much is in it, in bytes.
    pub(in crate::model) size: Option<f64>,
    /// Share of the looks that go on to the next level, if that is said.
    pub(in crate::model) miss: Option<f64>,
}

/// How long one looks at a level.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) enum LevelTime {
    /// So long, in seconds, whatever it is.
    Latency(f64, Span),
    /// For its transfer at so many bytes per second; then so many ticks pass.
    Transfer(f64, u64),
}

impl Builder<'_> {
    pub(super) fn lower_level(&mut self, owner: &Owner, level: &MemoryLevel) -> Level {
        let mut group = self.group(owner, Some(&format!("memory.{}", level.name.value)));
        group.servers = level.bandwidth.map(|_| level.channels.map_or(1, |channels| channels.value.0));
        let latency = level.latency;
        let time = match level.bandwidth {
            None => LevelTime::Latency(latency.value.0, latency.span),
            Some(bandwidth) => {
                let whole = self.ticks(latency.value.0, latency.span);
                let line = (LINE / bandwidth.value.0 * self.ticks_per_second).round() as u64;
                LevelTime::Transfer(bandwidth.value.0, whole.saturating_sub(line))
            }
        };
        Level {
            name: level.name.value.clone(),
            place: self.add_group(group),
            time,
            size: level.size.map(|size| size.value.0),
            miss: level.miss.map(|miss| miss.value.0),
        }
    }
}
