//! Closed networks with several classes of customers and single-server stations, solved exactly.

/// The steady state of a closed network, class by class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedClasses {
    /// Cycles per second of each class.
    pub throughput: Vec<f64>,
    /// Mean time of a cycle of each class without thinking, in seconds.
    pub response: Vec<f64>,
    /// Mean time of a cycle of each class at each station, all visits together, in seconds.
    pub residence: Vec<Vec<f64>>,
    /// Mean number at each station, all classes together.
    pub numbers: Vec<f64>,
}

/// Exact mean value analysis (Reiser and Lavenberg 1980): a customer of class r who arrives at a
/// station finds what the network without one customer of class r holds there on average.
///
/// `demands[r][i]` is the seconds of service that one cycle of class r needs at station i,
/// `think_times[r]` its think time and `populations[r]` its number of customers. Service is
/// processor sharing, or first come first served with equal mean service times. Time and memory
/// are proportional to the product of (population + 1) over the classes.
///
/// ```
/// use knee::laws::mva_classes::mva_classes;
/// let network = mva_classes(&[vec![1.0, 3.0], vec![2.0, 4.0]], &[0.0, 0.0], &[1, 1]);
/// assert!((network.throughput[0] - 6.0 / 38.0).abs() < 1e-12);
/// assert!((network.throughput[1] - 4.0 / 38.0).abs() < 1e-12);
/// ```
pub fn mva_classes(demands: &[Vec<f64>], think_times: &[f64], populations: &[u32]) -> ClosedClasses {
    let stations = demands.first().map_or(0, Vec::len);
    let strides = strides(populations);
    let size: usize = populations.iter().map(|&n| n as usize + 1).product();
    let mut queues = vec![0.0; size * stations];
    let mut last = ClosedClasses {
        throughput: vec![0.0; populations.len()],
        response: vec![0.0; populations.len()],
        residence: vec![vec![0.0; stations]; populations.len()],
        numbers: vec![0.0; stations],
    };
    for index in 1..size {
        last.numbers.fill(0.0);
        for (class, class_demands) in demands.iter().enumerate() {
            let present = index / strides[class] % (populations[class] as usize + 1);
            if present == 0 {
                continue;
            }
            let without = (index - strides[class]) * stations;
            let found = &queues[without..without + stations];
            let residence = &mut last.residence[class];
            for (time, (demand, number)) in residence.iter_mut().zip(class_demands.iter().zip(found)) {
                *time = demand * (1.0 + number);
            }
            let response: f64 = residence.iter().sum();
            let throughput = present as f64 / (response + think_times[class]);
            for (total, time) in last.numbers.iter_mut().zip(residence) {
                *total += throughput * *time;
            }
            (last.response[class], last.throughput[class]) = (response, throughput);
        }
        queues[index * stations..][..stations].copy_from_slice(&last.numbers);
    }
    last
}

/// Population vectors are numbered in mixed radix: the place value of each class.
fn strides(populations: &[u32]) -> Vec<usize> {
    let places = populations.iter().scan(1, |place, &n| {
        let own = *place;
        *place *= n as usize + 1;
        Some(own)
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::mva::{Station, mva};
    use super::*;

    /// Two classes that do not differ are one.
    #[test]
    fn equal_classes_are_one() {
        let demands = vec![0.605, 2.1, 1.35];
        let both = mva_classes(&[demands.clone(), demands.clone()], &[15.0, 15.0], &[12, 8]);
        let stations: Vec<Station> = demands.iter().map(|&demand| Station::Queue(demand)).collect();
        let one = mva(&stations, 15.0, 20);
        assert_close(both.throughput.iter().sum(), one.throughput, 1e-12);
        assert_close(both.throughput[0] / both.throughput[1], 1.5, 1e-12);
        assert_close(both.response[0], one.response, 1e-11);
        (0..3).for_each(|i| assert_close(both.numbers[i], one.numbers[i], 1e-11));
    }

    #[test]
    fn an_empty_class_does_nothing() {
        let network = mva_classes(&[vec![1.0], vec![1.0]], &[0.0, 0.0], &[3, 0]);
        assert_eq!(network.throughput, [1.0, 0.0]);
    }
}
