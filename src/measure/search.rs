//! The least value of a function of a few numbers.

/// Steps at most: two numbers need some eighty.
const STEPS: usize = 600;

/// Where `f` is least, from `start` on, by the simplex method of Nelder and Mead (1965). Where `f` is not a number or
/// infinite, nobody goes.
pub(super) fn minimize(start: &[f64], step: f64, f: impl Fn(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let value = |at: &[f64]| Some(f(at)).filter(|value| !value.is_nan()).unwrap_or(f64::INFINITY);
    let mut simplex = vec![(start.to_vec(), value(start))];
    for index in 0..start.len() {
        let mut corner = start.to_vec();
        corner[index] += step;
        let height = value(&corner);
        simplex.push((corner, height));
    }
    for _ in 0..STEPS {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        if is_small(&simplex) {
            break;
        }
        improve(&mut simplex, &value);
    }
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
    simplex.swap_remove(0)
}

type Corner = (Vec<f64>, f64);

fn is_small(simplex: &[Corner]) -> bool {
    let (best, rest) = (&simplex[0], &simplex[1..]);
    let near = |corner: &Corner| corner.0.iter().zip(&best.0).all(|(a, b)| (a - b).abs() < 1e-8);
    rest.iter().all(near)
}

/// Moves the worst corner of a sorted simplex to a better place, or draws all towards the best.
fn improve(simplex: &mut [Corner], value: &impl Fn(&[f64]) -> f64) {
    let last = simplex.len() - 1;
    let worst = simplex[last].clone();
    let centre: Vec<f64> =
        (0..last).map(|k| simplex[..last].iter().map(|corner| corner.0[k]).sum::<f64>() / last as f64).collect();
    let along = |t: f64| {
        let at: Vec<f64> = centre.iter().zip(&worst.0).map(|(c, w)| c + t * (w - c)).collect();
        let height = value(&at);
        (at, height)
    };
    let reflected = along(-1.0);
    let moved = if reflected.1 < simplex[0].1 {
        let expanded = along(-2.0);
        if expanded.1 < reflected.1 { expanded } else { reflected }
    } else if reflected.1 < simplex[last - 1].1 {
        reflected
    } else {
        along(if reflected.1 < worst.1 { -0.5 } else { 0.5 })
    };
    if moved.1 < worst.1 {
        simplex[last] = moved;
        return;
    }
    let best = simplex[0].0.clone();
    for corner in &mut simplex[1..] {
        corner.0.iter_mut().zip(&best).for_each(|(x, b)| *x = b + (*x - b) / 2.0);
        corner.1 = value(&corner.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_valley() {
        let rosenbrock = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let (at, height) = minimize(&[-1.2, 1.0], 0.5, rosenbrock);
        assert!((at[0] - 1.0).abs() < 1e-6 && (at[1] - 1.0).abs() < 1e-6 && height < 1e-12, "{at:?}");
        let (at, _) = minimize(&[4.0], 0.5, |x| if x[0] < 0.0 { f64::NAN } else { (x[0] - 0.25).abs() });
        assert!((at[0] - 0.25).abs() < 1e-8);
    }
}
