//! Where results go: standard output, and the files that were asked for.

use std::path::{Path, PathBuf};

use knee::experiment::law::Answer;
use knee::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use knee::report::{csv, json, openmetrics, terminal as text};

use super::options::{Form, OutputArgs};
use super::{Failure, files, terminal};

/// Results that can be shown in every form.
pub(crate) trait Report {
    /// For people.
    fn text(&self, color: bool) -> String;
    /// For programs.
    fn json(&self) -> Result<String, String>;
    /// For spreadsheets.
    fn csv(&self) -> Result<String, String>;
    /// Further files of a folder: their names, and what is in them.
    fn more(&self) -> Result<Vec<(&'static str, String)>, String> {
        Ok(Vec::new())
    }
    /// As a picture, in the format that the file's name asks for.
    fn picture(&self, file: &Path) -> Result<Vec<u8>, String>;
}

impl Report for [Results] {
    fn text(&self, color: bool) -> String {
        let texts: Vec<String> = self.iter().map(|result| text::run(result, color)).collect();
        texts.join("\n\n")
    }

    fn json(&self) -> Result<String, String> {
        json::runs(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::runs(self)
    }

    fn more(&self) -> Result<Vec<(&'static str, String)>, String> {
        let [result] = self else { return Ok(Vec::new()) };
        let mut files = vec![("metrics.txt", openmetrics::run(result))];
        if !result.series.is_empty() {
            files.push(("series.csv", csv::series(result)?));
        }
        Ok(files)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        match self {
            [result] => draw::run(result, file),
            _ => Err("a plot shows one scenario".into()),
        }
    }
}

impl Report for SweepResults {
    fn text(&self, color: bool) -> String {
        text::sweep(self, color)
    }

    fn json(&self) -> Result<String, String> {
        json::sweep(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::sweep(self)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        draw::sweep(self, file)
    }
}

pub(crate) use draw::architecture;

impl Report for CapacityResults {
    fn text(&self, color: bool) -> String {
        text::capacity(self, color)
    }

    fn json(&self) -> Result<String, String> {
        json::capacity(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::capacity(self)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        draw::capacity(self, file)
    }
}

impl Report for CompareResults {
    fn text(&self, color: bool) -> String {
        text::compare(self, color)
    }

    fn json(&self) -> Result<String, String> {
        json::compare(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::compare(self)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        draw::compare(self, file)
    }
}

impl Report for OptimizeResults {
    fn text(&self, color: bool) -> String {
        text::optimize(self, color)
    }

    fn json(&self) -> Result<String, String> {
        json::optimize(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::optimize(self)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        draw::optimize(self, file)
    }
}

impl Report for Answer {
    fn text(&self, color: bool) -> String {
        text::law(self, color)
    }

    fn json(&self) -> Result<String, String> {
        json::law(self)
    }

    fn csv(&self) -> Result<String, String> {
        csv::law(self)
    }

    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        draw::law(self, file)
    }
}

/// Prints the results in the form that was asked for.
pub(crate) fn print<R: Report + ?Sized>(report: &R, form: Form) -> Result<(), Failure> {
    let text = match form {
        Form::Text => Ok(report.text(terminal::color())),
        Form::Json => report.json(),
        Form::Csv => report.csv(),
    };
    terminal::print(&text.map_err(Failure::Other)?)
}

/// Prints what to try next, where a person reads the summary.
pub(crate) fn hint(args: &OutputArgs, command: &str) -> Result<(), Failure> {
    match args.format == Form::Text && !args.quiet {
        true => terminal::print(&format!("\nnext: {command}\n")),
        false => Ok(()),
    }
}

/// Finds out whether everything that was asked for can be written, before there is anything to write.
pub(crate) fn prepare(args: &OutputArgs) -> Result<(), Failure> {
    args.plot.as_deref().map_or(Ok(()), files::test)?;
    args.output.as_deref().map_or(Ok(()), files::folder)
}

/// The picture that `--plot` asks for, if it does.
pub(crate) fn plot<R: Report + ?Sized>(report: &R, args: &OutputArgs) -> Result<(), Failure> {
    let Some(path) = &args.plot else {
        return Ok(());
    };
    let picture = report.picture(path).map_err(Failure::Other)?;
    files::write(&[(path.clone(), picture)])
}

/// The results in every form, in a folder.
pub(crate) fn folder<R: Report + ?Sized>(report: &R, folder: &Path) -> Result<(), Failure> {
    files::folder(folder)?;
    let mut all = vec![
        (folder.join("result.json"), report.json().map_err(Failure::Other)?.into_bytes()),
        (folder.join("summary.txt"), report.text(false).into_bytes()),
        (folder.join("data.csv"), report.csv().map_err(Failure::Other)?.into_bytes()),
    ];
    for (name, text) in report.more().map_err(Failure::Other)? {
        all.push((folder.join(name), text.into_bytes()));
    }
    for path in pictures(folder) {
        let picture = report.picture(&path).map_err(Failure::Other)?;
        all.push((path, picture));
    }
    files::write(&all)
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let names: &[&str] = if cfg!(feature = "plot") { &["plot.svg", "plot.png"] } else { &[] };
    names.iter().map(|name| folder.join(name)).collect()
}

#[cfg(feature = "plot")]
pub(crate) mod draw {
    use std::path::Path;

    use knee::experiment::Explanation;
    use knee::experiment::law::Answer;
    use knee::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
    use knee::measure::Findings;
    use knee::report::plot::{self, Format};

    pub(crate) fn architecture(explanation: &Explanation, file: &Path) -> Result<Vec<u8>, String> {
        plot::architecture(explanation, format(file))
    }

    pub(super) fn run(results: &Results, file: &Path) -> Result<Vec<u8>, String> {
        plot::run(results, format(file))
    }

    pub(super) fn sweep(results: &SweepResults, file: &Path) -> Result<Vec<u8>, String> {
        plot::sweep(results, format(file))
    }

    pub(super) fn capacity(results: &CapacityResults, file: &Path) -> Result<Vec<u8>, String> {
        plot::capacity(results, format(file))
    }

    pub(super) fn compare(results: &CompareResults, file: &Path) -> Result<Vec<u8>, String> {
        plot::compare(results, format(file))
    }

    pub(super) fn optimize(results: &OptimizeResults, file: &Path) -> Result<Vec<u8>, String> {
        plot::optimize(results, format(file))
    }

    pub(super) fn law(answer: &Answer, file: &Path) -> Result<Vec<u8>, String> {
        plot::law(answer, format(file))
    }

    pub(crate) fn fit(findings: &Findings, file: &Path) -> Result<Vec<u8>, String> {
        plot::fit(findings, format(file))
    }

    fn format(file: &Path) -> Format {
        let is_png = file.extension().is_some_and(|extension| extension == "png");
        if is_png { Format::Png } else { Format::Svg }
    }
}

#[cfg(not(feature = "plot"))]
pub(crate) mod draw {
    use std::path::Path;

    use knee::experiment::Explanation;
    use knee::experiment::law::Answer;
    use knee::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
    use knee::measure::Findings;

    const MISSING: &str = "this knee cannot draw: build it with `--features plot`";

    pub(crate) fn architecture(_: &Explanation, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn run(_: &Results, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn sweep(_: &SweepResults, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn capacity(_: &CapacityResults, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn compare(_: &CompareResults, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn optimize(_: &OptimizeResults, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(super) fn law(_: &Answer, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }

    pub(crate) fn fit(_: &Findings, _: &Path) -> Result<Vec<u8>, String> {
        Err(MISSING.into())
    }
}
