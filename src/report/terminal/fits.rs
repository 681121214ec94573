//! Fitted laws of scaling: their parameters with intervals, and the serial part.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::wrap;
use crate::experiment::results::{AmdahlFit, Fits, Quality, SerialPart, UslFit};
use crate::report::quantity::{Kind, show};
use crate::report::reading::{digits, number};

/// A parameter or what follows from it: its name, and its value if there is one.
type Row = (&'static str, Option<f64>);

/// What a sweep over a size says: fits, or why there are none; nothing where the axis is no size.
pub(super) fn section(fits: &Fits, ink: Ink) -> Option<String> {
    let laws = [fits.usl.as_ref().map(usl_rows), fits.amdahl.as_ref().map(amdahl_rows)];
    let laws: Vec<Fitted> = laws.into_iter().flatten().collect();
    let said = warnings(&fits.warnings, ink);
    match laws.is_empty() {
        true => Some(said).filter(|said| !said.is_empty()),
        false => Some(table(&laws, ink) + "\n" + &serial_part(fits, ink) + &said),
    }
}

/// One law's name, its rows and its quality.
pub(super) type Fitted<'a> = (&'static str, Vec<Row>, &'a Quality);

/// The rows of the universal scalability law.
pub(super) fn usl_rows(fit: &UslFit) -> Fitted<'_> {
    let rows = vec![
        ("lambda", Some(fit.lambda)),
        ("alpha", Some(fit.alpha)),
        ("beta", Some(fit.beta)),
        ("peak", fit.peak),
        ("peak-throughput", fit.peak_throughput),
        ("asymptote", fit.asymptote),
    ];
    ("USL", rows, &fit.quality)
}

/// The rows of Amdahl's law.
pub(super) fn amdahl_rows(fit: &AmdahlFit) -> Fitted<'_> {
    let rows = vec![
        ("lambda", Some(fit.lambda)),
        ("serial", Some(fit.serial)),
        ("limit", fit.limit),
        ("asymptote", fit.asymptote),
    ];
    ("Amdahl", rows, &fit.quality)
}

/// A line for each parameter: what it is, from where to where it may be, what to know of it.
pub(super) fn table(laws: &[Fitted], ink: Ink) -> String {
    let mut table = Table::new(&["fit", "", "value", "95 % from", "to"]);
    for (law, rows, quality) in laws {
        for (index, (name, value)) in rows.iter().enumerate() {
            let law = if index == 0 { Cell::new(*law, Tone::Head) } else { Cell::default() };
            table.row(row(law, name, *value, quality));
        }
        table.row(vec![Cell::default(), Cell::left("R²"), rounded(quality.r_squared)]);
    }
    table.render(ink)
}

fn row(law: Cell, name: &'static str, value: Option<f64>, quality: &Quality) -> Vec<Cell> {
    let interval = quality.ci95.get(name).filter(|_| value.is_some());
    let end = |which: usize| match interval.map(|interval| interval[which]) {
        Some(end) if end.is_finite() => number(end).into(),
        Some(_) => "no end".into(),
        None => Cell::from("–"),
    };
    let value = value.map_or_else(|| "none".into(), |value| Cell::from(digits(value, 6)));
    let mut cells = vec![law, Cell::left(name), value, end(0), end(1)];
    if quality.at_bound.contains(&name) {
        cells.push(Cell::left("at its bound"));
    }
    cells
}

fn rounded(ratio: Option<f64>) -> Cell {
    ratio.map_or_else(|| "–".into(), |ratio| Cell::from(four_decimals(ratio)))
}

/// Zero has no sign: a law that explains nothing may do so by less than rounding shows.
fn four_decimals(ratio: f64) -> String {
    let text = format!("{ratio:.4}");
    if text == "-0.0000" { "0.0000".into() } else { text }
}

/// What limits however large the size is.
fn serial_part(fits: &Fits, ink: Ink) -> String {
    let said = match &fits.serial {
        Some(part) => named(part, fits.amdahl.as_ref()),
        None => format!("{NO_STATION}{}", elsewhere(fits.amdahl.as_ref())),
    };
    let lines: Vec<String> = wrap(&said, 2).lines().map(|line| ink.paint(Tone::Head, line)).collect();
    lines.join("\n") + "\n"
}

const NO_STATION: &str =
    "serial part: no station is one: the demand on each shrinks as the size grows, or it has no limit";

/// Where a serial share that no station explains may come from.
fn elsewhere(amdahl: Option<&AmdahlFit>) -> String {
    let least = |fit: &&AmdahlFit| fit.quality.ci95.get("serial").map_or(fit.serial, |[low, _]| *low);
    amdahl.filter(|fit| least(fit) > 0.0).map_or_else(String::new, |fit| {
        let share = show(Kind::Ratio, Some(fit.serial));
        format!("; the {share} of Amdahl's fit is what each request does by itself, as the `serial` of a `speedup`")
    })
}

fn named(part: &SerialPart, amdahl: Option<&AmdahlFit>) -> String {
    let limit = show(Kind::Rate, Some(part.limit));
    let busy = show(Kind::Ratio, Some(part.utilization));
    let station = format!("serial part: {}: at most {limit} ({busy} busy at the greatest size)", part.station);
    let (Some(share), Some(fit)) = (part.share, amdahl) else { return station };
    let [share, fitted] = [share, fit.serial].map(|share| show(Kind::Ratio, Some(share)));
    let comes_to = fit
        .asymptote
        .map_or_else(String::new, |rate| format!(", which would come to {}", show(Kind::Rate, Some(rate))));
    format!("{station}; alone it makes a serial share of {share}, Amdahl's fit has {fitted}{comes_to}")
}

/// A line for each warning.
pub(super) fn warnings(warnings: &[String], ink: Ink) -> String {
    let lines = warnings.iter().map(|warning| ink.paint(Tone::Close, &wrap(&format!("warning: {warning}"), 2)) + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::usl_fit::{Form, fit};

    fn fits(points: &[(f64, f64)]) -> Fits {
        let law = |form| fit(points, form).unwrap();
        let part = SerialPart { station: "lock".into(), limit: 120.0, utilization: 0.97, share: Some(0.08) };
        Fits {
            usl: Some((&law(Form::Usl)).into()),
            amdahl: Some((&law(Form::Amdahl)).into()),
            serial: Some(part),
            warnings: vec!["few points".into()],
        }
    }

    #[test]
    fn parameters_have_intervals_and_the_serial_part_a_name() {
        let points = [(1.0, 10.0), (2.0, 18.9), (4.0, 33.0), (8.0, 55.0), (16.0, 75.0)];
        let text = section(&fits(&points), Ink(false)).unwrap();
        assert!(text.contains("USL     lambda"), "{text}");
        assert!(text.contains("\nserial part: lock: at most 120/s (97.0 % busy"), "{text}");
        assert!(text.contains("a serial share of 8.0 %"), "{text}");
        assert!(text.ends_with("warning: few points\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn what_is_serial_without_a_station_is_said_to_be() {
        let points = [(1.0, 10.0), (2.0, 18.9), (4.0, 33.0), (8.0, 55.0), (16.0, 75.0)];
        let text = section(&Fits { serial: None, ..fits(&points) }, Ink(false)).unwrap().replace("\n  ", " ");
        assert!(text.contains("serial part: no station is one") && text.contains(" of Amdahl's fit is what"), "{text}");
        let linear = [(1.0, 10.0), (2.0, 20.0), (4.0, 40.0), (8.0, 80.0), (16.0, 160.0)];
        let text = section(&Fits { serial: None, ..fits(&linear) }, Ink(false)).unwrap().replace("\n  ", " ");
        assert!(text.contains("serial part: no station is one") && !text.contains("Amdahl's fit"), "{text}");
    }

    /// Least squares would have α = 1 and a little coherency: a greatest throughput at a size of 0.
    #[test]
    fn there_is_no_peak_below_one() {
        let falls = [(1.0, 100.0), (2.0, 99.0), (4.0, 97.0), (8.0, 94.0), (16.0, 89.0)];
        let fitted = UslFit::from(&fit(&falls, Form::Usl).unwrap());
        assert!(fitted.beta > 0.0 && fitted.peak.is_none() && fitted.peak_throughput.is_none(), "{fitted:?}");
        assert!(!section(&fits(&falls), Ink(false)).unwrap().contains("NaN"));
    }

    #[test]
    fn what_cannot_be_said_is_not() {
        let exact = [(1.0, 10.0), (2.0, 18.0), (4.0, 30.0)];
        let text = section(&fits(&exact), Ink(false)).unwrap();
        let alpha = text.lines().find(|line| line.contains("alpha")).unwrap();
        assert!(alpha.ends_with('–'), "{text}");
        assert_eq!(section(&Fits::default(), Ink(false)), None);
        let withheld = Fits { warnings: vec!["nothing depends on the size".into()], ..Fits::default() };
        assert_eq!(section(&withheld, Ink(false)).unwrap(), "warning: nothing depends on the size\n");
        assert_eq!([-0.000_01, -0.2, 0.98765].map(four_decimals), ["0.0000", "-0.2000", "0.9877"]);
    }
}
