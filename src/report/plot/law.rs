//! The picture of a law: its curve, with measurements as dots, and what is only a bound in grey dashes.

use super::picture::Picture;
use super::sheet::{CELL, WIDE, in_cell, sheet};
use crate::experiment::law::Answer;
use crate::report::graph::law::page;

/// The page of an answer.
pub(super) fn picture(answer: &Answer) -> Picture {
    let page = page(answer);
    sheet(&page.title, vec![vec![in_cell(WIDE, &page.graph)]], page.note)
}

/// The curve of an answer.
pub(in crate::report) fn curve(answer: &Answer) -> Picture {
    in_cell(CELL, &page(answer).graph)
}

#[cfg(test)]
mod tests {
    use super::super::render;
    use super::*;
    use crate::experiment::law;
    use crate::laws::usl::Usl;

    #[test]
    fn every_law_has_a_picture() {
        let fitted = law::Measured::read("m.csv", "1,10\n2,19\n4,33\n8,58\n16,70\n").unwrap();
        let pictures = [
            law::amdahl(0.05, None, &[]),
            law::fit_amdahl(&fitted, None, &[]).unwrap(),
            law::gustafson(0.05, None, &[]),
            law::fit_usl(&fitted, &[]).unwrap(),
            law::usl(Usl { lambda: 5.0, alpha: 0.0, beta: 0.0 }, &[]),
            law::speedup(3600.0, 0.05, None, Some(600.0), &[]),
            law::staffing(0.2, None, &[], &[1.0]).unwrap(),
            law::queue(80.0, 0.01, &[1]),
            law::queue(80.0, 0.01, &[1, 2]),
            law::repairman(1.0, 0.1, 2, &[1, 2, 30]),
        ];
        for answer in &pictures {
            assert!(render::svg(&picture(answer)).unwrap().starts_with("<svg"));
        }
    }
}
