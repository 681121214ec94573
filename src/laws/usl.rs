//! The universal scalability law, and Amdahl's as the case without coherency.

/// X(n) = λ·n / (1 + α(n − 1) + β·n(n − 1)) (Gunther 1993; *Guerrilla Capacity Planning*, 2007).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usl {
    /// Throughput of one.
    pub lambda: f64,
    /// Contention: the serial share.
    pub alpha: f64,
    /// Coherency: what each pair costs.
    pub beta: f64,
}

impl Usl {
    /// Throughput at size `n`.
    pub fn throughput(&self, n: f64) -> f64 {
        self.lambda * n / (1.0 + self.alpha * (n - 1.0) + self.beta * n * (n - 1.0))
    }

    /// The size of greatest throughput, √((1 − α)/β); infinite without coherency.
    pub fn peak(&self) -> f64 {
        if self.beta > 0.0 { libm::sqrt((1.0 - self.alpha).max(0.0) / self.beta) } else { f64::INFINITY }
    }

    /// The most that one can be multiplied by, 1/α (Amdahl 1967); infinite without contention.
    pub fn limit(&self) -> f64 {
        if self.alpha > 0.0 { 1.0 / self.alpha } else { f64::INFINITY }
    }

    /// What throughput comes near without coherency, λ/α (Amdahl 1967); infinite without contention.
    pub fn asymptote(&self) -> f64 {
        self.lambda * self.limit()
    }

    /// The share of n times one's throughput that is left at size `n`, X(n) / n λ.
    pub fn efficiency(&self, n: f64) -> f64 {
        self.throughput(n) / (n * self.lambda)
    }

    /// How throughput at size `n` changes with λ, α and β.
    pub(super) fn slopes(&self, n: f64) -> [f64; 3] {
        let value = self.throughput(n);
        let share = value * value / (self.lambda * n);
        [value / self.lambda, -share * (n - 1.0), -share * n * (n - 1.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::Usl;

    #[test]
    fn the_peak_is_the_highest_point() {
        let law = Usl { lambda: 1000.0, alpha: 0.02, beta: 0.0005 };
        let (peak, top) = (law.peak(), law.throughput(law.peak()));
        assert!((peak - 44.271_887_24).abs() < 1e-7);
        assert!(law.throughput(peak * 0.99) < top && law.throughput(peak * 1.01) < top);
    }

    #[test]
    fn without_coherency_it_is_amdahl() {
        let law = Usl { lambda: 3.0, alpha: 0.05, beta: 0.0 };
        assert!((law.throughput(20.0) / 3.0 - super::super::amdahl::speedup(0.05, 20.0)).abs() < 1e-12);
        assert!((law.asymptote() - 60.0).abs() < 1e-12 && law.peak() == f64::INFINITY);
        assert!((law.efficiency(20.0) - 0.512_820_5).abs() < 1e-7);
    }

    #[test]
    fn slopes_are_derivatives() {
        let law = Usl { lambda: 90.0, alpha: 0.03, beta: 1e-4 };
        let step = 1e-7;
        let more = [
            Usl { lambda: 90.0 * (1.0 + step), ..law },
            Usl { alpha: 0.03 * (1.0 + step), ..law },
            Usl { beta: 1e-4 * (1.0 + step), ..law },
        ];
        let sizes = [90.0, 0.03, 1e-4].map(|parameter| parameter * step);
        for (index, slope) in law.slopes(40.0).into_iter().enumerate() {
            let measured = (more[index].throughput(40.0) - law.throughput(40.0)) / sizes[index];
            assert!((measured / slope - 1.0).abs() < 1e-5, "{index}: {measured} {slope}");
        }
    }
}
