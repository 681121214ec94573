//! How many servers it takes: the fewest of M/M/c, with or without a waiting room, that meet a target.

use super::scaling::halfin_whitt;

/// A number of servers, and what an offered load meets there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Staffed {
    /// In erlangs: arrival rate × mean service time.
    pub load: f64,
    /// How many there are.
    pub servers: u32,
    /// Without a waiting room this share is lost: Erlang's B, whatever the law of the service time.
    pub loss: f64,
    /// With one this share has to wait: Erlang's C, for exponential service; 1 when overloaded.
    pub waits: f64,
}

impl Staffed {
    /// What a load meets with so many servers.
    pub fn new(load: f64, servers: u32) -> Self {
        Self::with(load, servers, super::erlang::erlang_b(load, servers))
    }

    fn with(load: f64, servers: u32, loss: f64) -> Self {
        let utilization = load / f64::from(servers);
        let waits = if utilization < 1.0 { loss / (1.0 - utilization * (1.0 - loss)) } else { 1.0 };
        Self { load, servers, loss, waits }
    }

    /// The share of the servers' time that the load takes, if nobody is lost; above 1 when overloaded.
    pub fn utilization(&self) -> f64 {
        self.load / f64::from(self.servers)
    }

    /// Mean waiting time in units of the mean service time, C / (c − a); infinite when overloaded.
    pub fn mean_wait(&self) -> f64 {
        if self.spare() > 0.0 { self.waits / self.spare() } else { f64::INFINITY }
    }

    /// The `p` quantile of the waiting time in units of the mean service time: ln(C / (1 − p)) / (c − a), 0 where at least
    /// a share `p` does not wait, infinite when overloaded.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        if self.spare() > 0.0 { (libm::log(self.waits / (1.0 - p)) / self.spare()).max(0.0) } else { f64::INFINITY }
    }

    /// How many square roots of the load there are beyond it, (c − a) / √a.
    pub fn beta(&self) -> f64 {
        self.spare() / libm::sqrt(self.load)
    }

    /// What Halfin and Whitt (1981) put for Erlang's C at this [`beta`](Self::beta); 1 when overloaded.
    pub fn halfin_whitt(&self) -> f64 {
        if self.spare() > 0.0 { halfin_whitt(self.beta()) } else { 1.0 }
    }

    fn spare(&self) -> f64 {
        f64::from(self.servers) - self.load
    }
}

/// The fewest servers that are `enough` for an offered load in erlangs; none if no number of them is.
///
/// Goes up from one server by Erlang's recursion B(k) = a B(k−1) / (k + a B(k−1)), so it takes as many steps as there are
/// servers in the answer.
///
/// ```
/// use knee::laws::staffing::fewest;
/// let staffed = fewest(100.0, |staffed| staffed.waits <= 0.1).unwrap();
/// assert_eq!(staffed.servers, 115);
/// assert!((staffed.utilization() - 0.8695652174).abs() < 1e-9);
/// ```
pub fn fewest(load: f64, enough: impl Fn(&Staffed) -> bool) -> Option<Staffed> {
    // No target is missed with twice the load and thousands more, unless none can ever be met.
    let most = 2.0 * load + 10_000.0;
    ladder(load).take_while(|staffed| f64::from(staffed.servers) <= most).find(enough)
}

/// What a load meets with one server, two, and so on, by Erlang's recursion.
pub fn ladder(load: f64) -> impl Iterator<Item = Staffed> {
    let mut loss = 1.0;
    (1..=u32::MAX).map(move |servers| {
        loss = load * loss / (f64::from(servers) + load * loss);
        Staffed::with(load, servers, loss)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang};
    use super::*;

    #[test]
    fn it_agrees_with_erlang() {
        for (load, servers) in [(0.8, 1), (14.4, 16), (95.0, 100), (3.0, 2)] {
            let staffed = Staffed::new(load, servers);
            assert_close(staffed.waits, erlang::erlang_c(load, servers), 1e-12);
            assert_eq!(staffed.loss, erlang::erlang_b(load, servers));
            if load < f64::from(servers) {
                assert_close(2.0 * staffed.mean_wait(), erlang::mmc_wait(load / 2.0, 2.0, servers), 1e-12);
                let p99 = erlang::mmc_wait_quantile(load / 2.0, 2.0, servers, 0.99);
                assert_close(2.0 * staffed.wait_quantile(0.99), p99, 1e-9);
            }
        }
        let drowned = Staffed::new(3.0, 2);
        assert_eq!((drowned.mean_wait(), drowned.wait_quantile(0.5)), (f64::INFINITY, f64::INFINITY));
        assert_eq!((drowned.waits, drowned.halfin_whitt()), (1.0, 1.0));
    }

    #[test]
    fn one_server_less_is_not_enough() {
        type Target = fn(&Staffed) -> bool;
        let targets: [Target; 4] =
            [|s| s.waits <= 0.05, |s| s.mean_wait() <= 0.01, |s| s.wait_quantile(0.95) <= 0.2, |s| s.loss <= 0.01];
        for load in [0.3, 7.0, 250.0] {
            for enough in targets {
                let found = fewest(load, enough).unwrap();
                assert!(enough(&Staffed::new(load, found.servers)));
                assert!(found.servers == 1 || !enough(&Staffed::new(load, found.servers - 1)), "{load} {found:?}");
            }
        }
        assert_eq!(fewest(1.0, |s| s.waits < 0.0), None);
    }

    #[test]
    fn many_servers_are_found_soon() {
        let found = fewest(1e6, |s| s.waits <= 0.2).unwrap();
        assert!((found.beta() - 1.06).abs() < 0.01, "{found:?}");
    }
}
