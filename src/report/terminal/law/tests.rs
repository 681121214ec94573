use super::*;
use crate::experiment::law::{self, Measured, Target};
use crate::laws::usl::Usl;

fn shown(answer: &Answer) -> String {
    let text = summary(answer, Ink(false));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    text
}

#[test]
fn amdahl_says_the_limit_first() {
    let text = shown(&law::amdahl(0.05, Some(72_000.0), &[1.0, 20.0, 1000.0]));
    assert!(
        text.starts_with("at most 20 times as fast, however many processors: 5.0 % of the work is serial"),
        "{text}"
    );
    assert!(text.contains("\n  20     10.3      51.3 %       19.1   117 min\n"), "{text}");
    assert!(shown(&law::amdahl(0.0, None, &[])).contains("nothing is serial"));
}

#[test]
fn a_fit_says_where_the_peak_is_and_how_sure() {
    let measured = "1,64.9\n18,995.9\n36,1652.4\n72,1853.2\n108,1828.9\n144,1775.0\n216,1702.2\n";
    let measured = Measured::read("sdm91.csv", measured).unwrap();
    let text = shown(&law::fit_usl(&measured, &[]).unwrap());
    assert!(text.starts_with("throughput is greatest at size 96.52: 1884; beyond that it falls"), "{text}");
    assert!(text.contains("alpha              0.0277285    0.002402    0.05305"), "{text}");
    assert!(text.contains("warning: the fitted throughput of one is 39 % above what was measured"), "{text}");
}

#[test]
fn every_other_law_fits_the_terminal() {
    shown(&law::gustafson(0.05, Some(3600.0), &[]));
    shown(&law::usl(Usl { lambda: 1000.0, alpha: 0.02, beta: 0.0005 }, &[]));
    let job = shown(&law::speedup(72_000.0, 0.05, Some(0.05), Some(7200.0), &[]));
    assert!(job.starts_with("19 cores are the fewest for 2.00 h; "), "{job}");
    let targets = [("P(wait) ≤ 10 %".to_owned(), Target::Waits(0.1)), ("loss ≤ 1 %".to_owned(), Target::Loss(0.01))];
    let staffed = shown(&law::staffing(100.0, Some(0.2), &targets, &[0.5, 1.0, 2.0]).unwrap());
    assert!(staffed.starts_with("115 servers for 100 erlangs keep P(wait) ≤ 10 %\n"), "{staffed}");
    let queue = shown(&law::queue(80.0, 0.05, &[4, 5, 6]));
    assert!(queue.starts_with("5 servers answer 80.0/s in ") && queue.contains('∞'), "{queue}");
    assert!(shown(&law::repairman(0.95, 0.05, 1, &[1, 4, 20])).starts_with("the knee is at 20 users"));
}
