//! Flags that say how far a simulation may go, and the clock.

use std::time::Duration;

use knee::experiment::Limits;
use knee::units::{self, Bytes};

use super::{memory, progress};

/// What a simulation may use.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Stop a replication that has more requests in flight, with their arms and messages [default: 10000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=60_000_000))]
    max_in_flight: Option<u32>,
    /// Stop a replication that has more events [default: 10000000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_events: Option<u64>,
    /// Stop a replication that takes more memory; those that do not fit together run one by one [default: 4GiB, or half of
    /// the machine's]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,
    /// Stop after so much time, such as 10min, and report what is finished [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = time)]
    max_time: Option<f64>,
}

/// Long enough for a search over night, and short enough for nobody to find it on a machine weeks later.
const DAY: f64 = 24.0 * 3600.0;

impl LimitArgs {
    /// The limits of a replication.
    pub(crate) fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            events: self.max_events.unwrap_or(usual.events),
            in_flight: self.max_in_flight.unwrap_or(usual.in_flight),
            memory: self.max_memory.unwrap_or_else(|| usual.memory.min(memory::installed() / 2)),
        }
    }

    /// The flags as they may be typed.
    pub(crate) fn said(&self) -> impl Iterator<Item = (&'static str, String)> {
        let flags = [
            ("max-in-flight", self.max_in_flight.map(|most| most.to_string())),
            ("max-events", self.max_events.map(|most| most.to_string())),
            ("max-memory", self.max_memory.map(|most| units::BYTES.write(most as f64))),
            ("max-time", self.max_time.map(|most| units::DURATION.write(most))),
        ];
        flags.into_iter().filter_map(|(flag, value)| Some((flag, value?)))
    }

    /// From now on the clock runs: the limit is of the whole command.
    pub(crate) fn start_clock(&self) {
        let most = self.max_time.unwrap_or(DAY);
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs_f64(most));
            progress::time_is_up(&units::DURATION.write(most));
        });
    }
}

fn size(text: &str) -> Result<u64, String> {
    match Bytes::parse(text)?.0 {
        bytes if bytes >= 1.0 => Ok(bytes as u64),
        _ => Err("write a size, such as 4GiB".into()),
    }
}

fn time(text: &str) -> Result<f64, String> {
    match units::Duration::parse(text)?.0 {
        seconds if seconds > 0.0 && seconds <= 1e9 => Ok(seconds),
        _ => Err("write a time above 0 and of at most 30 years, such as 10min".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_said_as_they_may_be_typed() {
        let (max_memory, max_time) = (Some(size("512MiB").unwrap()), Some(time("90s").unwrap()));
        let args = LimitArgs { max_in_flight: Some(1000), max_events: None, max_memory, max_time };
        let said: Vec<String> = args.said().map(|(flag, value)| format!("--{flag} {value}")).collect();
        assert_eq!(said, ["--max-in-flight 1000", "--max-memory 512MiB", "--max-time 90s"]);
        let limits = args.limits();
        assert_eq!((limits.in_flight, limits.events, limits.memory), (1000, Limits::default().events, 512 << 20));
    }

    #[test]
    fn values_are_checked() {
        assert!(size("4").is_err() && size("0B").is_err() && size("4GiB") == Ok(4 << 30));
        assert!(time("0s").is_err() && time("10").is_err() && time("100000day").is_err());
    }
}
