//! Names beside lines, moved apart where they would touch.

/// Sorted heights, moved by as little as possible so that they are `least` apart: touching ones
/// form a block that is centred on the mean of what its members wanted.
pub(crate) fn apart(wanted: &[f64], least: f64) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new(); // centre, size
    for &y in wanted {
        let mut block = (y, 1);
        while let Some(&(centre, size)) = blocks.last() {
            let reach = (size + block.1) as f64 / 2.0 * least;
            if block.0 - centre >= reach {
                break;
            }
            let total = (size + block.1) as f64;
            let centre = (centre * size as f64 + block.0 * block.1 as f64) / total;
            block = (centre, size + block.1);
            blocks.pop();
        }
        blocks.push(block);
    }
    let spread = |&(centre, size): &(f64, usize)| {
        (0..size).map(move |i| centre + (i as f64 - (size as f64 - 1.0) / 2.0) * least)
    };
    blocks.iter().flat_map(spread).collect()
}

/// Heights of things that are at least `least` apart, pushed up so that none is below `lowest`.
pub(crate) fn above(mut heights: Vec<f64>, lowest: f64, least: f64) -> Vec<f64> {
    let mut floor = lowest;
    for height in heights.iter_mut().rev() {
        *height = height.min(floor);
        floor = *height - least;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_moved_apart_and_no_further() {
        assert_eq!(apart(&[0.0, 100.0], 14.0), [0.0, 100.0]);
        assert_eq!(apart(&[50.0, 50.0], 14.0), [43.0, 57.0]);
        assert_eq!(apart(&[10.0, 12.0, 14.0], 10.0), [2.0, 12.0, 22.0]);
        assert_eq!(above(vec![80.0, 94.0, 108.0], 100.0, 14.0), [72.0, 86.0, 100.0]);
    }
}
