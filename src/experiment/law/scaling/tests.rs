use super::*;

fn read(text: &str) -> Measured {
    Measured::read("m.csv", text).unwrap()
}

#[test]
fn sizes_show_where_the_law_bends() {
    assert_eq!(or_doubled(&[3.0], 100.0), [3.0]);
    assert_eq!(or_doubled(&[], 10.0), [1.0, 2.0, 4.0, 8.0, 16.0]);
    assert_eq!(or_doubled(&[], f64::INFINITY).last(), Some(&1024.0));
    assert_eq!(or_doubled(&[], 1e12).last(), Some(&1_048_576.0));
}

#[test]
fn run_times_are_fitted_as_throughput_and_shown_as_times() {
    // 20 s on one core, of which 1 s is serial.
    let times = "cores,time\n1,20\n2,10.5\n4,5.75\n8,3.375\n16,2.1875\n32,1.59375\n";
    let Answer::Amdahl(law) = fit_amdahl(&read(times), None, &[95.0]).unwrap() else { panic!("another law") };
    assert!((law.serial - 0.05).abs() < 1e-9 && (law.work_s.unwrap() - 20.0).abs() < 1e-9, "{law:?}");
    assert!((law.curve[0].run_time_s.unwrap() - 1.2).abs() < 1e-9);
    assert!(law.measured[1..].iter().all(|row| (row.karp_flatt.unwrap() - 0.05).abs() < 1e-9));
    assert_eq!((law.measured[0].karp_flatt, law.warnings.len()), (None, 0));
}

#[test]
fn what_a_fit_cannot_support_is_said() {
    let warnings = |text: &str| match fit_usl(&read(text), &[]).unwrap() {
        Answer::Usl(law) => law.warnings.join("\n"),
        _ => String::new(),
    };
    assert!(warnings("1,10\n2,18\n4,30\n").contains("3 points for 3 parameters"));
    assert!(warnings("1,10\n2,19\n4,33\n8,58\n").contains("are few"));
    let peak = warnings("1,10\n2,19.01\n4,34.42\n8,56.9\n");
    assert!(peak.contains("the peak, 31, lies beyond the greatest size measured, 8"), "{peak}");
    assert!(warnings("1,10\n2,20\n4,41\n8,80\n16,161\n32,318\n").contains("no contention can be seen"));
    assert!(warnings("1,100\n2,80\n4,60\n8,41\n16,26\n32,14\n").contains("at its bound, 1"));
    let few = fit_usl(&read("1,10\n2,18\n2,18.1\n"), &[]).unwrap_err();
    assert!(few.starts_with("m.csv: 2 different sizes, but the universal scalability law takes at least 3"), "{few}");
}

#[test]
fn the_fewest_cores_for_a_time() {
    let cores = |within: f64| match speedup(72_000.0, 0.05, None, Some(within), &[]) {
        Answer::Speedup(law) => law.deadline.unwrap().cores,
        _ => None,
    };
    assert_eq!((cores(7200.0), cores(7199.0), cores(72_000.0)), (Some(19.0), Some(20.0), Some(1.0)));
    assert_eq!(cores(3600.0), None);
}
