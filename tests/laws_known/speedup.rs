//! What more processors are worth, and what they do to each other.

use knee::laws::usl::Usl;
use knee::laws::usl_fit::{Form, fit};
use knee::laws::{amdahl, bounds, repairman};

use super::agree;

/// A job of 20 h, of which 1 h is serial: T(n) = T(1)/S(n), S(n) = 1/(s + (1 − s)/n) (Amdahl 1967); n − s (n − 1)
/// (Gustafson 1988); (1/S − 1/n)/(1 − 1/n) (Karp & Flatt 1990).
#[test]
fn amdahl_of_twenty_hours() {
    let rows = [
        (2.0, 10.5, 1.904761905, 1.95),
        (10.0, 2.9, 6.896551724, 9.55),
        (20.0, 1.95, 10.25641026, 19.05),
        (95.0, 1.2, 16.66666667, 90.3),
        (1000.0, 1.019, 19.62708538, 950.05),
    ];
    check(0.05, &rows);
    agree(&[("limit", amdahl::limit(0.05), 20.0), ("size for half", amdahl::size_for(0.05, 0.5), 19.0)]);
}

/// The same with half of the work serial.
#[test]
fn amdahl_of_one_half() {
    let rows = [
        (2.0, 15.0, 1.333333333, 1.5),
        (4.0, 12.5, 1.6, 2.5),
        (16.0, 10.625, 1.882352941, 8.5),
        (1000.0, 10.01, 1.998001998, 500.5),
    ];
    check(0.5, &rows);
    agree(&[("limit", amdahl::limit(0.5), 2.0), ("size for half", amdahl::size_for(0.5, 0.5), 1.0)]);
}

#[track_caller]
fn check(serial: f64, rows: &[(f64, f64, f64, f64)]) {
    for &(n, hours, speedup, scaled) in rows {
        let found = amdahl::speedup(serial, n);
        agree(&[
            ("run time", 20.0 / found, hours),
            ("speedup", found, speedup),
            ("scaled speedup", amdahl::scaled_speedup(serial, n), scaled),
            ("serial fraction", amdahl::karp_flatt(found, n).unwrap(), serial),
        ]);
    }
}

/// SPEC SDM91 on a SPARCcenter 2000 with 16 processors, in scripts per hour (Gunther 2007, ch. 5); the fit and its standard
/// errors are those of R's package usl 3.0.
#[test]
fn usl_of_sdm91() {
    let rows = [
        (1.0, 64.9, 89.9952),
        (18.0, 995.9, 1077.56),
        (36.0, 1652.4, 1541.31),
        (72.0, 1853.2, 1850.15),
        (108.0, 1828.9, 1878.89),
        (144.0, 1775.0, 1821.6),
        (216.0, 1702.2, 1646.2),
    ];
    let found = fit(&rows.map(|(n, x, _)| (n, x)), Form::Usl).unwrap();
    let [lambda, alpha, beta] = found.standard_errors().unwrap();
    let law = found.law;
    to_digits(&[
        ("alpha", law.alpha, 0.0277284, 6),
        ("beta", law.beta, 0.000104366, 6),
        ("lambda", law.lambda, 89.9952, 6),
        ("peak", law.peak(), 96.5194, 6),
        ("peak throughput", law.throughput(law.peak()), 1883.9, 6),
        ("asymptote", law.asymptote(), 3245.59, 6),
        ("error of lambda", lambda, 14.21, 4),
        ("error of alpha", alpha, 9.122e-3, 4),
        ("error of beta", beta, 1.988e-5, 4),
        ("residual error", found.residual_error().unwrap(), 82.85, 4),
        ("R²", found.r_squared().unwrap(), 0.9896, 4),
    ]);
    for (n, _, fitted) in rows {
        to_digits(&[("fitted", law.throughput(n), fitted, 6)]);
    }
}

/// Fails with all that differ by more than three in the last of so many digits, which is how far two searches for the least
/// squares stop apart.
#[track_caller]
fn to_digits(values: &[(&str, f64, f64, i32)]) {
    let differs = |(_, value, expected, digits): &&(&str, f64, f64, i32)| {
        let close = (value - expected).abs() <= 3.0 * 10f64.powi(expected.abs().log10().floor() as i32 + 1 - digits);
        !close
    };
    let wrong: Vec<_> = values.iter().filter(differs).collect();
    assert!(wrong.is_empty(), "name, computed, expected, digits: {wrong:#?}");
}

/// X(n) = λ n/(1 + α (n − 1) + β n (n − 1)), R = n/X (Gunther 2007).
#[test]
fn usl_station() {
    let law = Usl { lambda: 1000.0, alpha: 0.02, beta: 0.0005 };
    let rows = [
        (1.0, 1000.0, 0.001),
        (8.0, 6849.315068, 0.001168),
        (32.0, 15122.87335, 0.002116),
        (44.0, 15680.68425, 0.002806),
        (64.0, 14967.25912, 0.004276),
        (128.0, 10970.17484, 0.011668),
    ];
    for (n, throughput, response) in rows {
        agree(&[("X", law.throughput(n), throughput), ("R", n / law.throughput(n), response)]);
    }
    agree(&[("peak", law.peak(), 44.27188724)]);
}

/// Workers think for 0.95 s and are served for 0.05 s by one server: all in step, X = N/(Z + N S), which is Amdahl's law
/// (Gunther 2008); constant times out of step, min(N/(Z + S), 1/S) (Denning & Buzen 1978); exponential times (Palm 1943).
#[test]
fn amdahl_as_a_repairman() {
    let rows = [
        (1, 1.0, 1.0, 1.0),
        (4, 3.47826087, 4.0, 3.967300039),
        (20, 10.25641026, 20.0, 17.32477117),
        (64, 15.42168675, 20.0, 20.0),
    ];
    for (workers, in_step, out_of_step, exponential) in rows {
        let n = f64::from(workers);
        agree(&[
            ("in step", n / (0.95 + n * 0.05), in_step),
            ("relative capacity", amdahl::speedup(0.05, n), in_step),
            ("out of step", bounds::asymptotic(&[0.05], 0.95, workers).throughput_high, out_of_step),
            ("exponential", repairman::repairman(workers, 0.95, 0.05, 1).throughput, exponential),
        ]);
    }
}
