//! A cache in front of a database: each request looks in the cache first, misses go on to an M/M/1
//! database. Hits are independent of each other, so the database sees a Poisson stream.

use super::erlang::mmc_response;

/// A cache looked at in a constant time, and a database of exponential service times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LookAside {
    /// Requests per second.
    pub arrival_rate: f64,
    /// The share of requests that hit.
    pub hit_ratio: f64,
    /// Seconds to look in the cache, for hits and misses.
    pub probe_time: f64,
    /// Mean seconds of service at the database.
    pub service_time: f64,
}

impl LookAside {
    /// Utilization of the database.
    pub fn utilization(&self) -> f64 {
        self.miss_rate() * self.service_time
    }

    /// Mean response time of the database; infinite when overloaded.
    pub fn database_response(&self) -> f64 {
        mmc_response(self.miss_rate(), self.service_time, 1)
    }

    /// Mean latency of a request: the probe, and for misses the database.
    ///
    /// ```
    /// use knee::laws::look_aside::LookAside;
    /// let shop = LookAside { arrival_rate: 1000.0, hit_ratio: 0.9, probe_time: 0.001, service_time: 0.008 };
    /// assert!((shop.response() - 0.005).abs() < 1e-12);
    /// assert!((shop.response_quantile(0.99) - 0.09310340372).abs() < 1e-11);
    /// assert!((shop.least_hit_ratio() - 0.875).abs() < 1e-12);
    /// ```
    pub fn response(&self) -> f64 {
        let misses = 1.0 - self.hit_ratio;
        if misses <= 0.0 { self.probe_time } else { self.probe_time + misses * self.database_response() }
    }

    /// The `p` quantile of the latency: the probe alone up to the hit ratio, beyond it an exponential
    /// tail, as the response of M/M/1 is exponential (Kleinrock 1975).
    pub fn response_quantile(&self, p: f64) -> f64 {
        if p <= self.hit_ratio {
            return self.probe_time;
        }
        self.probe_time + self.database_response() * libm::log((1.0 - self.hit_ratio) / (1.0 - p))
    }

    /// The hit ratio below which the database is overloaded: 1 − 1 / λs, or 0 if it never is.
    pub fn least_hit_ratio(&self) -> f64 {
        (1.0 - 1.0 / (self.arrival_rate * self.service_time)).max(0.0)
    }

    fn miss_rate(&self) -> f64 {
        self.arrival_rate * (1.0 - self.hit_ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang::mmc_response_quantile};
    use super::*;

    #[test]
    fn a_cache_that_never_hits_is_a_probe() {
        let cold = LookAside { arrival_rate: 80.0, hit_ratio: 0.0, probe_time: 0.5, service_time: 0.01 };
        assert_close(cold.response(), 0.55, 1e-12);
        assert_close(cold.response_quantile(0.9), 0.5 + mmc_response_quantile(80.0, 0.01, 1, 0.9), 1e-12);
    }

    #[test]
    fn overload_is_infinite() {
        let overloaded = LookAside { arrival_rate: 1000.0, hit_ratio: 0.5, probe_time: 0.0, service_time: 0.008 };
        assert_eq!(overloaded.response(), f64::INFINITY);
        assert_eq!(overloaded.response_quantile(0.4), 0.0);
        assert_eq!(overloaded.response_quantile(0.9), f64::INFINITY);
    }
}
