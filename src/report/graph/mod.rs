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
    /// Lines end close together: their names are in a column of their own.
    pub(crate) column: bool,
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
            column: false,
        }
    }
}

/// A line in the colour of its index; beyond the palette, pale and without a name.
pub(crate) fn nth(name: &str, index: usize, points: Vec<Place>) -> Series {
    let color = color::PALETTE.get(index).copied();
    let name = if color.is_some() { name.to_owned() } else { String::new() };
    Series { name, color: color.unwrap_or(color::PALE), joined: true, dashed: false, points }
}
