//! What there is to draw of results: axes, lines with names, marks. `plot` paints it on pages, `terminal` in the dots of
//! braille letters.

pub(crate) mod apart;
pub(crate) mod capacity;
pub(crate) mod color;
pub(crate) mod compare;
mod curves;
pub(crate) mod fit;
pub(crate) mod law;
pub(crate) mod optimize;
pub(crate) mod run;
mod scale;
pub(crate) mod sweep;

pub(crate) use color::Color;
pub(crate) use scale::Scale;

/// x, y and the interval around y, in the units of the axes.
pub(crate) type Place = (f64, f64, Option<[f64; 2]>);

/// One line: what it is called and how it runs.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// Written at its end; empty for a line in the background.
    pub(crate) name: String,
    /// Its colour, and the name's.
    pub(crate) color: Color,
    /// Drawn as a line: what lies between the points means something.
    pub(crate) joined: bool,
    /// Dashed rather than drawn through.
    pub(crate) dashed: bool,
    /// From the left.
    pub(crate) points: Vec<Place>,
}

/// A region that is shaded, and why.
#[derive(Debug, Clone)]
pub(crate) struct Shade {
    /// From this value of x.
    pub(crate) from: f64,
    /// To this one.
    pub(crate) to: f64,
    /// With what.
    pub(crate) color: Color,
    /// How much of it, from 0 to 1.
    pub(crate) opacity: f64,
    /// Written in it.
    pub(crate) why: String,
    /// At the bottom, or where others are shaded too in this row from the top.
    pub(crate) row: Option<usize>,
}

/// One pair of axes with all that is drawn on them.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    /// The heading, the meaning of y, the meaning of x.
    pub(crate) says: [String; 3],
    /// From left to right.
    pub(crate) x: Scale,
    /// From the bottom.
    pub(crate) y: Scale,
    /// Behind everything.
    pub(crate) shades: Vec<Shade>,
    /// Dashed verticals with names.
    pub(crate) verticals: Vec<(f64, String)>,
    /// Dashed horizontals with names.
    pub(crate) horizontals: Vec<(f64, String)>,
    /// From the back.
    pub(crate) lines: Vec<Series>,
    /// Points that are ringed.
    pub(crate) rings: Vec<(f64, f64, Color)>,
    /// The intervals of lines are drawn, as bands.
    pub(crate) bands: bool,
    /// Where the names of the lines are.
    pub(crate) names: Names,
    /// Said where there is no line at all.
    pub(crate) nothing: &'static str,
}

/// Where the names of lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// To the right of each line's end.
    AtEnds,
    /// Below each line's end, where others pass beside it.
    BelowEnds,
    /// In a column of their own, where lines end close together.
    InColumn,
}

impl Graph {
    /// Axes with lines, and nothing else yet.
    pub(crate) fn new(says: [&str; 3], (x, y): (Scale, Scale), lines: Vec<Series>) -> Self {
        let says = says.map(str::to_owned);
        Self {
            says,
            x,
            y,
            lines,
            shades: Vec::new(),
            verticals: Vec::new(),
            horizontals: Vec::new(),
            rings: Vec::new(),
            bands: true,
            names: Names::AtEnds,
            nothing: "there is nothing to draw",
        }
    }

    /// Whether no line has a point.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.points.is_empty())
    }

    /// Whether the name of a line stands where its last point is: of dots, only if there are no others between which it
    /// would have no room.
    pub(crate) fn is_named_at_its_end(&self, line: &Series) -> bool {
        line.joined || self.lines.iter().filter(|line| !line.joined).count() == 1
    }
}
