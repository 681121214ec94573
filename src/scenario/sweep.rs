//! `[sweep]`: what to vary.

use super::axis::{MOST_POINTS, PathList, Scale, SweepAxis, check_axis};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decoder, Node, table};

table! {
    /// What `knee sweep` varies when it is not told: one axis, or several in `axes`.
    pub struct Sweep {
        /// The dotted path to vary; several paths move together.
        pub vary: Option<At<PathList>> = None,
        /// The values to take.
        pub values: Option<At<Vec<Node>>> = None,
        /// The first value of a range.
        pub from: Option<Node> = None,
        /// The last value of a range.
        pub to: Option<Node> = None,
        /// How many values a range has. Between whole numbers all are whole, and equal ones are taken
        /// once: write `2.0` for `2` to have fractions.
        pub points: Option<At<Count>> = None,
        /// How a range is divided.
        pub scale: Scale = Scale::Linear,
        /// Several axes instead: every combination of their values is a point. Curves run along the first.
        pub axes: Option<At<Vec<At<SweepAxis>>>> = None,
    }
    check check_sweep
}

impl Sweep {
    /// What is varied: along the first axis run the curves, and each combination of the values of the
    /// others is a curve of its own.
    pub fn axes(&self) -> Vec<SweepAxis> {
        match &self.axes {
            Some(axes) => axes.iter().map(|axis| axis.value.clone()).collect(),
            None => self.single().into_iter().collect(),
        }
    }

    /// The axis that is written without `axes`.
    fn single(&self) -> Option<SweepAxis> {
        let Sweep { vary, values, from, to, points, scale, .. } = self.clone();
        Some(SweepAxis { vary: vary?, values, from, to, points, scale })
    }
}

fn check_sweep(sweep: &Sweep, span: Span, cx: &mut Decoder) {
    match (&sweep.axes, sweep.single()) {
        (None, Some(axis)) => {
            check_axis(&axis, span, cx);
            let counted = sweep.points.map(|it| it.span).or(sweep.values.as_ref().map(|it| it.span));
            too_many(&[axis], counted.unwrap_or(span)).into_iter().for_each(|found| cx.push(found));
        }
        (None, None) if !cx.is_partial() => {
            let found = Diagnostic::error(span, "what should be varied?").label("needs `vary`, or `axes`");
            cx.push(found.help("such as `vary = \"service.app.replicas\"`"));
        }
        (None, None) => {}
        (Some(axes), _) => {
            alone(sweep, axes.span, cx);
            if axes.is_empty() && !cx.has_problem_in(axes.span) {
                cx.push(Diagnostic::error(axes.span, "a sweep without axes").label("`axes` is empty"));
            }
            let several: Vec<SweepAxis> = axes.iter().map(|axis| axis.value.clone()).collect();
            check_axes(&several, axes.span).into_iter().for_each(|found| cx.push(found));
        }
    }
}

/// Reports what belongs to a single axis beside `axes`.
fn alone(sweep: &Sweep, axes: Span, cx: &mut Decoder) {
    let written = [
        ("vary", sweep.vary.as_ref().map(|it| it.span)),
        ("values", sweep.values.as_ref().map(|it| it.span)),
        ("from", sweep.from.as_ref().map(|it| it.span)),
        ("to", sweep.to.as_ref().map(|it| it.span)),
        ("points", sweep.points.map(|it| it.span)),
    ];
    let first = written.into_iter().find_map(|(key, span)| Some((key, span?)));
    if let Some((key, span)) = first {
        let found = Diagnostic::error(span, format!("`{key}` beside `axes`")).label("belongs into one of the axes");
        cx.push(found.note(axes, "the axes").help("write a single axis without `axes`, or all of them in it"));
    }
}

/// What is wrong with several axes together: a path that is varied twice, or too many points.
/// `span` is where they are written, if they are.
pub fn check_axes(axes: &[SweepAxis], span: Span) -> Vec<Diagnostic> {
    let paths: Vec<&At<String>> = axes.iter().flat_map(|axis| &axis.vary.value.0).collect();
    let again = paths.iter().enumerate().find_map(|(index, path)| {
        let first = paths[..index].iter().find(|other| other.value == path.value)?;
        Some((first.span, *path))
    });
    let mut found: Vec<Diagnostic> = Vec::new();
    found.extend(again.map(|(first, path)| {
        let twice = Diagnostic::error(path.span, format!("`{}` is varied twice", path.value));
        if first.is_written() { twice.note(first, "the first time") } else { twice }
    }));
    found.extend(too_many(axes, span));
    found
}

/// Says that there are more points than a sweep may have.
fn too_many(axes: &[SweepAxis], span: Span) -> Option<Diagnostic> {
    let points = axes.iter().map(SweepAxis::count).fold(1, u64::saturating_mul);
    let many = || {
        let many = Diagnostic::error(span, format!("too many points: {points}, and at most {MOST_POINTS}"));
        many.help("every combination of the axes' values is a point: take fewer of them")
    };
    (points > u64::from(MOST_POINTS)).then(many)
}
