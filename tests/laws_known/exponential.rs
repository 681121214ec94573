//! One station with exponential service times, or where their law does not matter.

use knee::distribution::Law;
use knee::laws::{batch, erlang, gim1, impatience, kingman, loss, ps};

use super::agree;

/// T = 1/(μ − λ), exponential; p(n) = (1 − ρ) ρⁿ (Erlang 1909; Kleinrock 1975, ch. 3).
#[test]
fn mm1() {
    let (rate, service) = (800.0, 0.001);
    let response = |p| erlang::mmc_response_quantile(rate, service, 1, p);
    let wait = |p| erlang::mmc_wait_quantile(rate, service, 1, p);
    // So much room that nobody is lost.
    let states = loss::mmck(rate, service, 1, 400).probabilities;
    agree(&[
        ("mean response", erlang::mmc_response(rate, service, 1), 0.005),
        ("mean wait", erlang::mmc_wait(rate, service, 1), 0.004),
        ("P50 response", response(0.50), 0.003465735903),
        ("P95 response", response(0.95), 0.01497866137),
        ("P99 response", response(0.99), 0.02302585093),
        ("P50 wait", wait(0.50), 0.002350018146),
        ("P95 wait", wait(0.95), 0.01386294361),
        ("P99 wait", wait(0.99), 0.02191013317),
        ("P(no wait)", 1.0 - erlang::erlang_c(0.8, 1), 0.2),
        ("in system", rate * erlang::mmc_response(rate, service, 1), 4.0),
        ("in line", rate * erlang::mmc_wait(rate, service, 1), 3.2),
        ("P(N >= 10)", states[10..].iter().sum(), 0.1073741824),
    ]);
}

/// Erlang C; P(T > t) = e^(−μt) (1 + C (1 − e^(−μt(c−1−a))) / (c−1−a)) (Erlang 1917;
/// Harchol-Balter 2013, ch. 14). Per row: rate, service time, servers; then Erlang's C, mean wait,
/// mean response, P50, P95, P99 of the response, P95 and P99 of the wait.
#[test]
fn mmc() {
    let rows = [
        (
            150.0,
            0.01,
            2,
            [
                0.6428571429,
                0.01285714286,
                0.02285714286,
                0.01688067923,
                0.06476580999,
                0.09709503442,
                0.05107799043,
                0.08326674867,
            ],
        ),
        (
            1440.0,
            0.01,
            16,
            [
                0.5913433939,
                0.003695896212,
                0.01369589621,
                0.01078009773,
                0.03623543483,
                0.05269834601,
                0.01543983676,
                0.02549882371,
            ],
        ),
        (
            95.0,
            1.0,
            100,
            [
                0.5064568539,
                0.1012913708,
                1.101291371,
                0.8079158974,
                3.114948701,
                4.724387049,
                0.463083226,
                0.7849708085,
            ],
        ),
    ];
    for (rate, service, servers, expected) in rows {
        let response = |p| erlang::mmc_response_quantile(rate, service, servers, p);
        let wait = |p| erlang::mmc_wait_quantile(rate, service, servers, p);
        agree(&[
            ("P(wait)", erlang::erlang_c(rate * service, servers), expected[0]),
            ("mean wait", erlang::mmc_wait(rate, service, servers), expected[1]),
            ("mean response", erlang::mmc_response(rate, service, servers), expected[2]),
            ("P50 response", response(0.50), expected[3]),
            ("P95 response", response(0.95), expected[4]),
            ("P99 response", response(0.99), expected[5]),
            ("P95 wait", wait(0.95), expected[6]),
            ("P99 wait", wait(0.99), expected[7]),
        ]);
    }
    agree(&[
        ("P50 wait, c = 2", erlang::mmc_wait_quantile(150.0, 0.01, 2, 0.5), 0.005026288566),
        ("P50 wait, c = 16", erlang::mmc_wait_quantile(1440.0, 0.01, 16, 0.5), 0.001048679931),
        ("in line, c = 100", 95.0 * erlang::mmc_wait(95.0, 1.0, 100), 9.622680224),
        ("in system, c = 16", 1440.0 * erlang::mmc_response(1440.0, 0.01, 16), 19.72209054),
    ]);
}

/// Birth and death up to K; the share lost is p(K) (Gross & Harris 1998, ch. 2). The second row is
/// of simmer's manual, the third of GNU Octave's queueing package. Loss, throughput, response of
/// those admitted, in system, P(empty).
#[test]
fn mmck() {
    let rows = [
        (90.0, 0.01, 1, 10, [0.05081373133, 85.42676418, 0.04646600672, 3.969440599, 0.1457323582]),
        (3.0, 0.25, 2, 3, [0.04936014625, 2.851919561, 0.2673076923, 0.7623400366, 0.4680073126]),
        (3.0, 0.5, 2, 5, [0.08511383538, 2.744658494, 0.7308575804, 2.005954466, 0.1793345009]),
    ];
    for (rate, service, servers, capacity, expected) in rows {
        let queue = loss::mmck(rate, service, servers, capacity);
        agree(&[
            ("loss", queue.loss, expected[0]),
            ("throughput", queue.throughput, expected[1]),
            ("response", queue.response, expected[2]),
            ("in system", queue.mean_in_system, expected[3]),
            ("P(empty)", queue.probabilities[0], expected[4]),
        ]);
    }
}

/// B(k) = a B(k−1) / (k + a B(k−1)), whatever the law of the service time (Erlang 1917;
/// Sevastyanov 1957).
#[test]
fn erlang_b() {
    let lost = erlang::erlang_b(80.0, 90);
    agree(&[
        ("blocking", lost, 0.0262319839),
        ("carried", 80.0 * (1.0 - lost), 77.90144129),
        ("utilization", 80.0 * (1.0 - lost) / 90.0, 0.8655715699),
    ]);
}

/// σ = e^(−(1−σ)μ/λ); responses are exponential of rate μ(1 − σ) (Smith 1953; Kleinrock 1975, ch. 6).
#[test]
fn dm1() {
    let sigma = gim1::dm1_sigma(80.0, 0.01);
    agree(&[
        ("sigma", sigma, 0.6286297965),
        ("mean response", gim1::response(sigma, 0.01), 0.0269273084),
        ("mean wait", gim1::wait(sigma, 0.01), 0.0169273084),
        ("P50 response", gim1::response_quantile(sigma, 0.01, 0.50), 0.0186645879),
        ("P95 response", gim1::response_quantile(sigma, 0.01, 0.95), 0.08066700681),
        ("P99 response", gim1::response_quantile(sigma, 0.01, 0.99), 0.1240048378),
        ("Kingman's bound", kingman::wait_bound(80.0, 0.01, 0.0, 1.0), 0.02),
    ]);
}

/// Birth and death with leaving from the line (Palm 1957; Garnett, Mandelbaum & Reiman 2002).
#[test]
fn erlang_a() {
    let queue = impatience::erlang_a(55.0, 1.0, 50, 2.0);
    agree(&[
        ("abandoned", queue.abandoned, 0.1020801946),
        ("P(wait)", queue.waits, 0.8662337163),
        ("mean wait of all", queue.wait, 0.2041603893),
        ("served", 55.0 * (1.0 - queue.abandoned), 49.3855893),
        ("utilization", queue.utilization, 0.9877117859),
        ("in line", queue.line, 11.22882141),
    ]);
}

/// L = ρ (E\[X²\] + E\[X\]) / 2 E\[X\] (1 − ρ) (Burke 1975; Gross & Harris 1998, ch. 3).
#[test]
fn batches() {
    let response = batch::response(14.0, 5.0, 25.0, 0.01);
    agree(&[
        ("mean response", response, 0.1),
        ("mean wait", response - 0.01, 0.09),
        ("in system", 70.0 * response, 7.0),
        ("single arrivals", erlang::mmc_response(70.0, 0.01, 1), 0.03333333333),
        ("M/M/1 at the mean rate of a switched stream", erlang::mmc_response(200.0 / 3.0, 0.01, 1), 0.03),
    ]);
}

/// M/G/∞: N is Poisson of mean λ s; from empty m(t) = λ ∫ P(S > u) du over \[0, t\]
/// (Takács 1962; Eick, Massey & Whitt 1993), which is λ s P(S ≤ t) where S is exponential.
#[test]
fn infinite_servers() {
    // So many servers that nobody is lost.
    let states = loss::mmck(200.0, 0.25, 400, 400).probabilities;
    let mean: f64 = states.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
    let variance: f64 = states.iter().enumerate().map(|(n, p)| (n as f64 - mean).powi(2) * p).sum();
    agree(&[
        ("mean", mean, 50.0),
        ("variance", variance, 50.0),
        ("P(N > 70)", states[71..].iter().sum(), 0.002970735518),
        ("mean after 0.25 s", 50.0 * Law::exponential(0.25).unwrap().cdf(0.25), 31.60602794),
    ]);
    let through = |n: usize| states[..=n].iter().sum::<f64>();
    assert!(through(66) < 0.99 && through(67) >= 0.99);
}

/// The mean that a transient M/M/1 approaches: ρ / (1 − ρ) (Abate & Whitt 1987).
#[test]
fn mm1_approaches_its_mean() {
    agree(&[("in system", 0.9 * erlang::mmc_response(0.9, 1.0, 1), 9.0)]);
}

/// Three cores shared, a job uses at most one: N has the law of M/M/3 for any service time
/// (Kelly 1979; Cohen 1979).
#[test]
fn limited_processor_sharing() {
    let response = ps::limited_response(10.0, 1.0 / 12.0, 3);
    let states = loss::mmck(10.0, 1.0 / 12.0, 3, 200).probabilities;
    agree(&[
        ("mean response", response, 0.0855529512),
        ("in system", 10.0 * response, 0.855529512),
        ("P(N = 0)", states[0], 0.432132964),
        ("P(N = 1)", states[1], 0.3601108033),
        ("P(N = 2)", states[2], 0.1500461681),
        ("P(N = 3)", states[3], 0.04167949113),
        ("P(N = 4)", states[4], 0.01157763642),
    ]);
}
