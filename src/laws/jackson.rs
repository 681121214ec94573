//! Open networks of M/M/c stations (Jackson 1957): each behaves as if alone.

use super::erlang;

/// A station of an open network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station {
    /// Mean service time of one visit, in seconds.
    pub service_time: f64,
    /// Number of servers.
    pub servers: u32,
}

/// The steady state of one station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Arrivals per second, from outside and from other stations.
    pub arrival_rate: f64,
    /// Share of the servers' time spent serving; 1 or more when overloaded.
    pub utilization: f64,
    /// Mean response time of one visit, in seconds.
    pub response: f64,
    /// Mean number at the station.
    pub mean_in_system: f64,
}

/// Solves the traffic equations λ = γ + λ P: `external` arrivals per second at each station, and
/// `routing[i][j]`, the probability to go from i to j (what a row lacks to 1 leaves).
///
/// `None` when the equations have no solution: somebody can never leave.
///
/// ```
/// // One station; every fifth customer comes again.
/// let rates = knee::laws::jackson::traffic(&[80.0], &[vec![0.2]]).unwrap();
/// assert!((rates[0] - 100.0).abs() < 1e-9);
/// ```
pub fn traffic(external: &[f64], routing: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = external.len();
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|to| {
            let coefficient = |from: usize| f64::from(u8::from(from == to)) - routing[from][to];
            (0..n).map(coefficient).chain([external[to]]).collect()
        })
        .collect();
    for pivot in 0..n {
        let best = (pivot..n).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()))?;
        rows.swap(pivot, best);
        if rows[pivot][pivot].abs() < 1e-12 {
            return None;
        }
        eliminate(&mut rows, pivot);
    }
    Some(rows.iter().enumerate().map(|(i, row)| row[n] / row[i]).collect())
}

/// Clears the pivot's column in every other row (Gauss and Jordan).
fn eliminate(rows: &mut [Vec<f64>], pivot: usize) {
    let source = rows[pivot].clone();
    for (index, row) in rows.iter_mut().enumerate() {
        let factor = row[pivot] / source[pivot];
        if index != pivot && factor != 0.0 {
            row.iter_mut().zip(&source).for_each(|(x, y)| *x -= factor * y);
        }
    }
}

/// The steady state of every station of an open network; `None` as for [`traffic`].
///
/// ```
/// use knee::laws::jackson::{Station, open_network};
/// let station = Station { service_time: 0.008, servers: 1 };
/// let visits = open_network(&[80.0], &[vec![0.2]], &[station]).unwrap();
/// assert!((visits[0].response - 0.040).abs() < 1e-9);
/// ```
pub fn open_network(external: &[f64], routing: &[Vec<f64>], stations: &[Station]) -> Option<Vec<Visit>> {
    let rates = traffic(external, routing)?;
    Some(rates.iter().zip(stations).map(|(&rate, station)| visit(rate, station)).collect())
}

fn visit(arrival_rate: f64, station: &Station) -> Visit {
    let response = erlang::mmc_response(arrival_rate, station.service_time, station.servers);
    Visit {
        arrival_rate,
        utilization: arrival_rate * station.service_time / f64::from(station.servers),
        response,
        mean_in_system: arrival_rate * response,
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn flows_are_conserved() {
        let routing = [vec![0.0, 0.7, 0.2], vec![0.5, 0.0, 0.0], vec![0.0, 0.0, 0.9]];
        let rates = traffic(&[10.0, 0.0, 1.0], &routing).unwrap();
        assert_close(rates[0], 10.0 + 0.5 * rates[1], 1e-12);
        assert_close(rates[1], 0.7 * rates[0], 1e-12);
        assert_close(rates[2], (1.0 + 0.2 * rates[0]) / 0.1, 1e-12);
    }

    #[test]
    fn a_trap_has_no_solution() {
        assert_eq!(traffic(&[1.0, 0.0], &[vec![0.0, 1.0], vec![0.0, 1.0]]), None);
    }
}
