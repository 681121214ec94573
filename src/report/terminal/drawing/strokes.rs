//! How lines are drawn in dots, so that they are told apart without colour too.

use super::super::ink::Ink;

/// For points that no line joins: one kind, the next, …
pub(super) const MARKERS: [&str; 6] = ["●", "○", "×", "◆", "+", "■"];

/// Dots that are set and dots that are not, in turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stroke(&'static [usize]);

/// Every dot.
const SOLID: Stroke = Stroke(&[]);
/// What is only a bound, or a second curve of the same colour.
const DASHED: Stroke = Stroke(&[2, 3]);
/// Of lines without colour the second, the third, …
const OTHERS: [Stroke; 5] = [Stroke(&[6, 2]), Stroke(&[1, 1]), Stroke(&[3, 3]), Stroke(&[6, 2, 1, 2]), Stroke(&[1, 2])];

impl Stroke {
    /// Of the line with this index among those that are not dashed.
    pub(super) fn of(dashed: bool, index: usize, ink: Ink) -> Stroke {
        match (dashed, ink.0, index) {
            (true, ..) => DASHED,
            (false, true, _) | (false, false, 0) => SOLID,
            (false, false, index) => OTHERS[(index - 1) % OTHERS.len()],
        }
    }

    /// Whether the dot with this index on its way is set.
    pub(super) fn is_on(self, index: usize) -> bool {
        let length: usize = self.0.iter().sum();
        let mut left = if length > 0 { index % length } else { return true };
        for (turn, dots) in self.0.iter().enumerate() {
            if left < *dots {
                return turn % 2 == 0;
            }
            left -= dots;
        }
        true
    }

    /// Two letters that show it.
    pub(super) fn sample(self) -> String {
        let cell = |first: usize| {
            let bits = [(first, 0x02), (first + 1, 0x10)].map(|(index, bit)| if self.is_on(index) { bit } else { 0 });
            char::from_u32(0x2800 + bits[0] + bits[1]).unwrap_or('-')
        };
        [0, 2, 4].map(cell).iter().collect()
    }
}

/// Every dot on the way from point to point, each once.
pub(super) fn path(points: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut dots: Vec<(usize, usize)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let [(x, y), (to_x, to_y)] = [pair[0], pair[1]];
        let steps = x.abs_diff(to_x).max(y.abs_diff(to_y));
        let between = |from: usize, to: usize, step: usize| {
            let share = step as f64 / steps as f64;
            (from as f64 + share * (to as f64 - from as f64)).round() as usize
        };
        dots.extend((1..=steps).map(|step| (between(x, to_x, step), between(y, to_y, step))));
    }
    dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_gaps() {
        assert_eq!(path(&[(0, 0), (3, 1), (3, 1), (3, 3)]), [(0, 0), (1, 0), (2, 1), (3, 1), (3, 2), (3, 3)]);
        assert_eq!(path(&[]), []);
    }

    #[test]
    fn strokes_differ_without_colour_only() {
        let all = |ink: Ink| [0, 1, 2, 3].map(|index| Stroke::of(false, index, ink));
        assert_eq!(all(Ink(true)), [SOLID; 4]);
        let shown = |stroke: Stroke| (0..8).map(|dot| if stroke.is_on(dot) { 'x' } else { ' ' }).collect::<String>();
        assert_eq!(all(Ink(false)).map(shown), ["xxxxxxxx", "xxxxxx  ", "x x x x ", "xxx   xx"]);
        assert_eq!(SOLID.sample(), "⠒⠒⠒");
    }
}
