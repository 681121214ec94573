//! Balancing over several servers.

use knee::laws::{erlang, gim1, split};

use super::agree;

/// A random split leaves Poisson streams: each server is an M/M/1 (Kleinrock 1975). One line for
/// all of them is what it could be at best.
#[test]
fn random_split() {
    let response = |p| erlang::mmc_response_quantile(90.0, 0.01, 1, p);
    agree(&[
        ("mean", erlang::mmc_response(90.0, 0.01, 1), 0.1),
        ("P50", response(0.50), 0.06931471806),
        ("P95", response(0.95), 0.2995732274),
        ("P99", response(0.99), 0.4605170186),
        ("one line, 10 servers", erlang::mmc_response(900.0, 0.01, 10), 0.01668731524),
        ("one line, 2 servers at 0.9", erlang::mmc_response(180.0, 0.01, 2), 0.05263157895),
        ("one line, 2 servers at 0.8", erlang::mmc_response(160.0, 0.01, 2), 0.02777777778),
        ("split over 2 at 0.8", erlang::mmc_response(80.0, 0.01, 1), 0.05),
    ]);
}

/// Round robin over N: each server is an E_N/M/1, σ = (λ / (λ + μ(1 − σ)))^N (Kleinrock 1975).
/// Rate per server, servers; then σ, mean, P50, P95, P99.
#[test]
fn round_robin() {
    let rows = [
        (80.0, 2, [0.7398529491, 0.03843979767, 0.02664443738, 0.1151553425, 0.1770218102]),
        (90.0, 10, [0.8233301819, 0.0566027639, 0.03923404621, 0.1695667266, 0.2606653608]),
    ];
    for (rate, servers, expected) in rows {
        let sigma = gim1::ekm1_sigma(rate, 0.01, servers);
        agree(&[
            ("sigma", sigma, expected[0]),
            ("mean", gim1::response(sigma, 0.01), expected[1]),
            ("P50", gim1::response_quantile(sigma, 0.01, 0.50), expected[2]),
            ("P95", gim1::response_quantile(sigma, 0.01, 0.95), expected[3]),
            ("P99", gim1::response_quantile(sigma, 0.01, 0.99), expected[4]),
        ]);
    }
}

/// Over servers of rates μ: in proportion, T = n / (Σ μ − λ); at best,
/// λ(i) = μ(i) − √μ(i) (Σ μ − λ) / Σ √μ (Buzen & Chen 1974; Tantawi & Towsley 1985).
#[test]
fn weighted_split() {
    let rates = [100.0, 200.0, 400.0];
    let best = split::optimal(560.0, &rates).unwrap();
    agree(&[
        ("in proportion", split::response(&[80.0, 160.0, 320.0], &rates), 0.02142857143),
        ("at best", split::response(&best, &rates), 0.01949653237),
        ("server 1", best[0], 68.28427125),
        ("server 2", best[1], 155.1471863),
        ("server 3", best[2], 336.5685425),
    ]);
    let equally = [560.0 / 3.0; 3];
    assert!(split::response(&equally, &rates).is_infinite());
}
