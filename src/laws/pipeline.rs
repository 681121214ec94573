//! Stages in a row.

/// A stage: workers that take jobs of the stage before and hand on to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Workers.
    pub workers: f64,
    /// Jobs per second of one worker.
    pub rate: f64,
    /// Jobs handed on for each one done: below 1 fans in, above 1 fans out.
    pub outputs: f64,
}

/// What a line of stages can do with buffers as large as needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Jobs of the source per second.
    pub throughput: f64,
    /// The stage that limits it, counted from 0; the first of equals.
    pub bottleneck: usize,
    /// Utilization of each stage at that throughput.
    pub utilizations: Vec<f64>,
}

/// The bottleneck law (Denning and Buzen 1978): X = min workers · rate / visits, with the visits of a
/// stage per job of the source. None without a stage.
///
/// ```
/// use knee::laws::pipeline::{Stage, limit};
/// let stage = |workers, rate| Stage { workers, rate, outputs: 1.0 };
/// let line = limit(&[stage(4.0, 30.0), stage(10.0, 9.0), stage(2.0, 70.0)]).unwrap();
/// assert_eq!((line.throughput, line.bottleneck), (90.0, 1));
/// ```
pub fn limit(stages: &[Stage]) -> Option<Limit> {
    let mut visits = 1.0;
    let capacities: Vec<f64> = stages
        .iter()
        .map(|stage| {
            let capacity = stage.workers * stage.rate / visits;
            visits *= stage.outputs;
            capacity
        })
        .collect();
    let (bottleneck, &throughput) = capacities.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
    let utilizations = capacities.iter().map(|capacity| throughput / capacity).collect();
    Some(Limit { throughput, bottleneck, utilizations })
}

/// Two stages with room for a few jobs between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocking {
    /// Jobs per second.
    pub throughput: f64,
    /// The share of time at which the first holds a job that it can't hand on.
    pub blocked: f64,
    /// The share of time at which the second has nothing to do.
    pub starved: f64,
}

/// Two exponential servers in a row, the first always with work, `buffer` places between them; the
/// first keeps its finished job until there is room (blocking after service; Hunt 1956, Buzacott
/// 1967). A birth–death chain over 0 to `buffer` + 2, whose law is geometric; with equal rates
/// X = μ (b + 2) / (b + 3).
///
/// ```
/// let pair = knee::laws::pipeline::blocking(100.0, 100.0, 4);
/// assert!((pair.throughput - 85.71428571).abs() < 1e-8);
/// ```
pub fn blocking(first_rate: f64, second_rate: f64, buffer: u32) -> Blocking {
    let (states, growth) = (f64::from(buffer) + 3.0, libm::log(first_rate / second_rate));
    let starved = first_of_geometric(growth, states);
    // The same chain seen from its other end.
    let blocked = first_of_geometric(-growth, states);
    Blocking { throughput: second_rate * (1.0 - starved), blocked, starved }
}

/// P(0) when P(k) is proportional to e^(`growth` k) over so many states: (e^g − 1) / (e^(ng) − 1).
fn first_of_geometric(growth: f64, states: f64) -> f64 {
    if growth == 0.0 { 1.0 / states } else { libm::expm1(growth) / libm::expm1(states * growth) }
}

/// Throughput of a line of `stations` exponential servers of the same `rate` with at most `window`
/// jobs in it, the next let in when one leaves: X = μ N / (N + K − 1) (balanced closed network;
/// Spearman, Woodruff and Hopp 1990). By Little's law a job takes N / X.
///
/// ```
/// let throughput = knee::laws::pipeline::window(5, 10, 200.0);
/// assert!((throughput - 142.8571429).abs() < 1e-7);
/// ```
pub fn window(stations: u32, window: u32, rate: f64) -> f64 {
    if window == 0 || stations == 0 {
        return 0.0;
    }
    let jobs = f64::from(window);
    rate * jobs / (jobs + f64::from(stations) - 1.0)
}

/// The same when each station takes exactly 1 / `rate`: nobody waits until the line is full,
/// X = μ min(1, N / K).
pub fn window_constant(stations: u32, window: u32, rate: f64) -> f64 {
    if stations == 0 { 0.0 } else { rate * (f64::from(window) / f64::from(stations)).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::mva::{Station, mva};
    use super::*;

    #[test]
    fn fan_out_multiplies_the_work_behind_it() {
        let stages = [
            Stage { workers: 1.0, rate: 100.0, outputs: 3.0 },
            Stage { workers: 2.0, rate: 60.0, outputs: 0.5 },
            Stage { workers: 1.0, rate: 75.0, outputs: 1.0 },
        ];
        let line = limit(&stages).unwrap();
        assert_eq!((line.throughput, line.bottleneck), (40.0, 1));
        assert_close(line.utilizations[2], 40.0 * 1.5 / 75.0, 1e-12);
        assert_eq!(limit(&[]), None);
    }

    #[test]
    fn flows_balance() {
        for (first, second) in [(100.0, 80.0), (80.0, 100.0), (100.0, 100.0)] {
            let pair = blocking(first, second, 3);
            assert_close(pair.throughput, first * (1.0 - pair.blocked), 1e-12);
        }
        // So much room that the first is never blocked.
        let pair = blocking(50.0, 100.0, u32::MAX);
        assert_close(pair.throughput, 50.0, 1e-12);
        assert_eq!(pair.blocked, 0.0);
        // Three states of weights 1, 2, 4.
        let pair = blocking(200.0, 100.0, 0);
        assert_close(pair.starved, 1.0 / 7.0, 1e-12);
        assert_close(pair.blocked, 4.0 / 7.0, 1e-12);
    }

    #[test]
    fn a_window_is_a_closed_network() {
        let stations = vec![Station::Queue(1.0 / 200.0); 5];
        assert_close(window(5, 10, 200.0), mva(&stations, 0.0, 10).throughput, 1e-12);
        assert_eq!(window_constant(5, 4, 200.0), 160.0);
    }
}
