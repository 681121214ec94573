//! Where to put the nodes of a graph whose arrows mostly go one way, in layers from left to right.
//!
//! The method is that of Sugiyama, Tagawa and Toda (1981): arrows that close a circle are turned round, every node goes
//! one layer beyond the farthest of those that lead to it, long arrows get a bend in each layer that they cross, the
//! order within layers follows the mean places of neighbours, and then everybody moves as near to its neighbours as the
//! order allows (least squares, by pooling adjacent violators: Ayer, Brunk, Ewing, Reid and Silverman 1955).

/// A node's size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Layout {
    /// Centre of each node.
    pub(super) centres: Vec<(f64, f64)>,
    /// For each arrow, both ends of each level piece on its way, in the direction of the arrow: there it crosses a layer.
    pub(super) bends: Vec<Vec<(f64, f64)>>,
    /// Of everything.
    pub(super) size: Size,
}

/// Between layers, for arrows and their labels.
const BETWEEN_LAYERS: f64 = 96.0;
/// Between neighbours within a layer.
const BETWEEN_NODES: f64 = 22.0;
/// Height of a bend.
const BEND: f64 = 12.0;
/// Sweeps over the layers; more change nothing that is seen.
const SWEEPS: usize = 24;

/// A place in a layer: a node, or a bend of an arrow.
#[derive(Debug, Clone)]
struct Cell {
    size: Size,
    layer: usize,
    before: Vec<usize>,
    after: Vec<usize>,
    y: f64,
}

/// Places nodes of these sizes with arrows between them.
pub(super) fn layout(sizes: &[Size], arrows: &[(usize, usize)]) -> Layout {
    let turned = turned(sizes.len(), arrows);
    let forward: Vec<(usize, usize)> =
        arrows.iter().zip(&turned).map(|(&(from, to), &turned)| if turned { (to, from) } else { (from, to) }).collect();
    let layers = layers(sizes.len(), &forward);
    let cell = |(&size, &layer): (&Size, &usize)| Cell { size, layer, before: Vec::new(), after: Vec::new(), y: 0.0 };
    let mut cells: Vec<Cell> = sizes.iter().zip(&layers).map(cell).collect();
    let chains: Vec<Vec<usize>> = forward.iter().map(|&arrow| chain(&mut cells, arrow)).collect();
    let mut rows = rows(&cells);
    order(&mut rows, &mut cells);
    place(&rows, &mut cells);
    let (columns, width) = columns(&rows, &cells);
    let top = cells.iter().map(|cell| cell.y - cell.size.height / 2.0).fold(f64::INFINITY, f64::min);
    let bottom = cells.iter().map(|cell| cell.y + cell.size.height / 2.0).fold(0.0, f64::max);
    let ends = |cell: &Cell| columns[cell.layer].map(|x| (x, cell.y - top));
    let at = |cell: &Cell| {
        let [(left, y), (right, _)] = ends(cell);
        ((left + right) / 2.0, y)
    };
    let bends = chains.iter().zip(&turned).map(|(chain, &turned)| {
        let mut points: Vec<(f64, f64)> = chain.iter().flat_map(|&index| ends(&cells[index])).collect();
        if turned {
            points.reverse();
        }
        points
    });
    let bends = bends.collect();
    let centres = cells[..sizes.len()].iter().map(at).collect();
    Layout { centres, bends, size: Size { width, height: (bottom - top).max(0.0) } }
}

/// Which arrows close a circle: found depth first.
fn turned(nodes: usize, arrows: &[(usize, usize)]) -> Vec<bool> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    arrows.iter().enumerate().for_each(|(index, &(from, _))| out[from].push(index));
    // 0 is not seen yet, 1 on the way, 2 done.
    let (mut state, mut turned) = (vec![0u8; nodes], vec![false; arrows.len()]);
    for root in 0..nodes {
        let mut stack = vec![(root, 0)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 && state[node] != 0 {
                continue;
            }
            state[node] = 1;
            let Some(&arrow) = out[node].get(next) else {
                state[node] = 2;
                continue;
            };
            let to = arrows[arrow].1;
            turned[arrow] = state[to] == 1;
            stack.push((node, next + 1));
            if state[to] == 0 {
                stack.push((to, 0));
            }
        }
    }
    turned
}

/// The longest way to each node.
fn layers(nodes: usize, arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut layers = vec![0; nodes];
    for _ in 0..nodes {
        let mut moved = false;
        for &(from, to) in arrows.iter().filter(|(from, to)| from != to) {
            if layers[to] <= layers[from] {
                layers[to] = layers[from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

/// A bend in each layer that an arrow crosses.
fn chain(cells: &mut Vec<Cell>, (from, to): (usize, usize)) -> Vec<usize> {
    let (mut last, mut bends) = (from, Vec::new());
    for layer in cells[from].layer + 1..cells[to].layer {
        let bend = cells.len();
        let size = Size { width: 0.0, height: BEND };
        cells.push(Cell { size, layer, before: vec![last], after: Vec::new(), y: 0.0 });
        cells[last].after.push(bend);
        bends.push(bend);
        last = bend;
    }
    cells[last].after.push(to);
    cells[to].before.push(last);
    bends
}

fn rows(cells: &[Cell]) -> Vec<Vec<usize>> {
    let count = cells.iter().map(|cell| cell.layer + 1).max().unwrap_or(0);
    let mut rows = vec![Vec::new(); count];
    cells.iter().enumerate().for_each(|(index, cell)| rows[cell.layer].push(index));
    rows
}

/// Orders each layer by the mean places of neighbours, in the layers before and after in turn; keeps the order with the
/// fewest crossings.
fn order(rows: &mut Vec<Vec<usize>>, cells: &mut [Cell]) {
    let mut best = (crossings(rows, cells), rows.clone());
    for sweep in 0..SWEEPS {
        let count = rows.len();
        for step in 1..count {
            let (layer, backward) = if sweep % 2 == 0 { (step, true) } else { (count - 1 - step, false) };
            let places = places(rows, cells.len());
            let mean = |&index: &usize| {
                let around = if backward { &cells[index].before } else { &cells[index].after };
                let sum: f64 = around.iter().map(|&near| places[near]).sum();
                if around.is_empty() { places[index] } else { sum / around.len() as f64 }
            };
            let means: Vec<f64> = rows[layer].iter().map(mean).collect();
            let mut row: Vec<(f64, usize)> = means.into_iter().zip(rows[layer].iter().copied()).collect();
            row.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[layer] = row.into_iter().map(|(_, index)| index).collect();
        }
        let now = crossings(rows, cells);
        if now < best.0 {
            best = (now, rows.clone());
        }
    }
    *rows = best.1;
}

/// The place of each cell in its layer, from 0 to 1.
fn places(rows: &[Vec<usize>], cells: usize) -> Vec<f64> {
    let mut places = vec![0.0; cells];
    for row in rows {
        let place = |at: usize| (at as f64 + 0.5) / row.len() as f64;
        row.iter().enumerate().for_each(|(at, &index)| places[index] = place(at));
    }
    places
}

fn crossings(rows: &[Vec<usize>], cells: &[Cell]) -> usize {
    let places = places(rows, cells.len());
    let mut count = 0;
    for row in rows {
        let ways: Vec<(f64, f64)> = row
            .iter()
            .flat_map(|&index| cells[index].after.iter().map(move |&to| (index, to)))
            .map(|(a, b)| (places[a], places[b]))
            .collect();
        for (at, one) in ways.iter().enumerate() {
            count += ways[at + 1..].iter().filter(|other| (one.0 - other.0) * (one.1 - other.1) < 0.0).count();
        }
    }
    count
}

/// Moves everybody towards the mean of its neighbours, as far as the order allows.
fn place(rows: &[Vec<usize>], cells: &mut [Cell]) {
    for row in rows {
        let mut y = 0.0;
        for &index in row {
            let height = cells[index].size.height;
            cells[index].y = y + height / 2.0;
            y += height + BETWEEN_NODES;
        }
    }
    for sweep in 0..SWEEPS {
        for step in 0..rows.len() {
            let row = &rows[if sweep % 2 == 0 { step } else { rows.len() - 1 - step }];
            let wanted: Vec<f64> = row.iter().map(|&index| mean_of_neighbours(cells, index)).collect();
            let mut offsets = vec![0.0];
            for pair in row.windows(2) {
                let apart = (cells[pair[0]].size.height + cells[pair[1]].size.height) / 2.0 + BETWEEN_NODES;
                offsets.push(offsets[offsets.len() - 1] + apart);
            }
            let free: Vec<f64> = wanted.iter().zip(&offsets).map(|(wanted, offset)| wanted - offset).collect();
            for ((&index, y), offset) in row.iter().zip(ascending(&free)).zip(&offsets) {
                cells[index].y = y + offset;
            }
        }
    }
}

fn mean_of_neighbours(cells: &[Cell], index: usize) -> f64 {
    let cell = &cells[index];
    let around = cell.before.iter().chain(&cell.after);
    let (sum, count) = around.fold((0.0, 0.0), |(sum, count), &near| (sum + cells[near].y, count + 1.0));
    if count > 0.0 { sum / count } else { cell.y }
}

/// The values that ascend and are nearest to these: neighbours in the wrong order are pooled.
fn ascending(values: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &value in values {
        pools.push((value, 1));
        while let [.., (before, many), (last, few)] = pools[..] {
            if before <= last {
                break;
            }
            pools.truncate(pools.len() - 2);
            let count = many + few;
            pools.push(((before * many as f64 + last * few as f64) / count as f64, count));
        }
    }
    pools.into_iter().flat_map(|(value, count)| std::iter::repeat_n(value, count)).collect()
}

/// From where to where each layer goes, and how wide all are together.
fn columns(rows: &[Vec<usize>], cells: &[Cell]) -> (Vec<[f64; 2]>, f64) {
    let (mut x, mut columns) = (0.0, Vec::new());
    for row in rows {
        let width = row.iter().map(|&index| cells[index].size.width).fold(0.0, f64::max);
        columns.push([x, x + width]);
        x += width + BETWEEN_LAYERS;
    }
    (columns, (x - BETWEEN_LAYERS).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 100.0, height: 40.0 };

    #[test]
    fn layers_are_longest_paths_and_nothing_overlaps() {
        let arrows = [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (3, 4)];
        let found = layout(&[SIZE; 5], &arrows);
        let x = |node: usize| found.centres[node].0;
        assert!(x(0) < x(1) && x(1) == x(2) && x(2) < x(3) && x(3) < x(4));
        assert!((found.centres[1].1 - found.centres[2].1).abs() >= SIZE.height + BETWEEN_NODES - 1e-9);
        assert_eq!(found.bends.iter().map(Vec::len).collect::<Vec<_>>(), [0, 0, 0, 0, 2, 0]);
        let [(left, y), (right, level)] = found.bends[4][..] else { panic!("two ends") };
        assert!(left == x(1) - SIZE.width / 2.0 && right == x(1) + SIZE.width / 2.0 && y == level);
    }

    #[test]
    fn circles_are_turned_round_and_self_calls_do_no_harm() {
        let found = layout(&[SIZE; 3], &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert!(found.centres[0].0 < found.centres[1].0 && found.centres[1].0 < found.centres[2].0);
    }

    #[test]
    fn crossed_pairs_are_uncrossed() {
        let found = layout(&[SIZE; 4], &[(0, 3), (1, 2)]);
        let above = |a: usize, b: usize| found.centres[a].1 < found.centres[b].1;
        assert_eq!(above(0, 1), above(3, 2));
    }

    #[test]
    fn pools_are_least_squares() {
        assert_eq!(ascending(&[1.0, 3.0, 2.0, 4.0]), [1.0, 2.5, 2.5, 4.0]);
        assert_eq!(ascending(&[3.0, 2.0, 1.0]), [2.0, 2.0, 2.0]);
    }
}
