//! Where results go: standard output, and the files that were asked for.

use std::path::{Path, PathBuf};

use knee::experiment;
use knee::experiment::law::Answer;
use knee::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use knee::model::Model;
use knee::report::{About, ScenarioText, csv, json, openmetrics, terminal as text};
#[cfg(feature = "plot")]
use knee::report::{html, plot};

use super::files::Content;
use super::input::Input;
use super::options::{Form, OutputArgs};
use super::{Failure, files, terminal};

/// The files of a folder with results, all that there may be.
const FILES: [&str; 9] = [
    "result.json",
    "summary.txt",
    "data.csv",
    "plot.svg",
    "plot.png",
    "report.html",
    "metrics.txt",
    "series.csv",
    "architecture.mmd",
];

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
    /// As a page.
    fn page(&self, _about: &About) -> Result<String, String> {
        Err("this knee cannot make reports: build it with `--features plot`".into())
    }
    /// As a drawing in the terminal.
    fn drawing(&self, color: bool) -> Result<String, String>;
    /// As a picture, in the format that the file's name asks for.
    fn picture(&self, _file: &Path) -> Result<Vec<u8>, String> {
        Err("this knee cannot draw: build it with `--features plot`".into())
    }
}

impl Report for [Results] {
    fn text(&self, color: bool) -> String {
        let texts: Vec<String> = self.iter().map(|result| text::run(result, color)).collect();
        texts.join("\n\n")
    }

    fn json(&self) -> Result<String, String> {
        json::several(self)
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

    fn drawing(&self, color: bool) -> Result<String, String> {
        match self {
            [result] => Ok(text::drawing::run(result, color)),
            _ => Err("a plot shows one scenario".into()),
        }
    }

    #[cfg(feature = "plot")]
    fn page(&self, about: &About) -> Result<String, String> {
        match self {
            [result] => Ok(html::run(result, about)),
            _ => Err("a report is about one scenario".into()),
        }
    }

    #[cfg(feature = "plot")]
    fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
        match self {
            [result] => plot::run(result, format(file)),
            _ => Err("a plot shows one scenario".into()),
        }
    }
}

/// Results whose forms are functions of one name.
macro_rules! reports {
    ($($results:ty: $name:ident),+ $(,)?) => {$(
        impl Report for $results {
            fn text(&self, color: bool) -> String {
                text::$name(self, color)
            }

            fn json(&self) -> Result<String, String> {
                json::object(self)
            }

            fn csv(&self) -> Result<String, String> {
                csv::$name(self)
            }

            fn drawing(&self, color: bool) -> Result<String, String> {
                Ok(text::drawing::$name(self, color))
            }

            #[cfg(feature = "plot")]
            fn page(&self, about: &About) -> Result<String, String> {
                Ok(html::$name(self, about))
            }

            #[cfg(feature = "plot")]
            fn picture(&self, file: &Path) -> Result<Vec<u8>, String> {
                plot::$name(self, format(file))
            }
        }
    )+};
}

reports! {
    SweepResults: sweep,
    CapacityResults: capacity,
    CompareResults: compare,
    OptimizeResults: optimize,
    Answer: law,
}

/// The format that a picture's file name asks for.
#[cfg(feature = "plot")]
pub(crate) fn format(file: &Path) -> plot::Format {
    let is_png = file.extension().is_some_and(|extension| extension == "png");
    if is_png { plot::Format::Png } else { plot::Format::Svg }
}

/// Prints the results in the form that was asked for, and below them what `--plot -` draws.
pub(crate) fn print<R: Report + ?Sized>(report: &R, args: &OutputArgs) -> Result<(), Failure> {
    let color = terminal::color();
    let text = match args.format {
        Form::Text => Ok(report.text(color)),
        Form::Json => report.json(),
        Form::Csv => report.csv(),
    };
    terminal::print(&text.map_err(Failure::Other)?)?;
    let drawing = args.draws().then(|| report.drawing(color)).transpose().map_err(Failure::Other)?;
    match drawing.filter(|drawing| !drawing.is_empty()) {
        Some(drawing) => terminal::print(&format!("\n{drawing}")),
        None => Ok(()),
    }
}

/// Prints what to try next, where a person reads the summary.
pub(crate) fn hint(args: &OutputArgs, command: &str) -> Result<(), Failure> {
    match args.format == Form::Text && !args.quiet {
        true => terminal::next(command),
        false => Ok(()),
    }
}

/// Finds out whether everything that was asked for, and these files `more`, can be written, before there is anything to
/// write.
pub(crate) fn prepare(args: &OutputArgs, more: Vec<PathBuf>, inputs: &[PathBuf]) -> Result<(), Failure> {
    if args.draws() && args.format != Form::Text {
        let advice = "write --plot FILE.svg, or leave one of the two out";
        return Err(Failure::Usage(format!("--plot - would draw into what --format is to print: {advice}")));
    }
    args.output.as_deref().map_or(Ok(()), files::folder)?;
    files::prepare(&asked(args).chain(more).collect::<Vec<_>>(), inputs)
}

/// The files that the flags ask for, all that there may be.
pub(crate) fn asked(args: &OutputArgs) -> impl Iterator<Item = PathBuf> {
    let folder = args.output.iter().flat_map(|folder| in_folder(folder));
    args.picture().into_iter().chain(&args.report).cloned().chain(folder)
}

/// All files that there may be in a folder with results.
pub(crate) fn in_folder(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FILES.iter().map(move |name| folder.join(name))
}

/// Where the numbers are from: the command, the scenarios, and what is known of the first without a run.
pub(crate) fn about(args: &OutputArgs, inputs: &[&Input], models: &[Model]) -> About {
    let words = std::env::args().skip(1).map(|word| terminal::quoted(&word));
    let command = std::iter::once("knee".into()).chain(words).collect::<Vec<_>>().join(" ");
    let is_asked = args.report.is_some() || args.output.is_some();
    let text = |input: &&Input| ScenarioText { name: input.source.name.clone(), text: input.source.text.clone() };
    let mut scenarios: Vec<ScenarioText> = inputs.iter().map(text).collect();
    // Variants of a scenario have the same text.
    scenarios.dedup_by(|a, b| a.name == b.name && a.text == b.text);
    let explanation = models.first().filter(|_| is_asked).map(experiment::explain);
    About { command, scenarios, explanation }
}

/// Writes what was asked for, and prints the results in any case, so that those of a long run are not lost because a disk
/// is full.
pub(crate) fn deliver<R: Report + ?Sized>(
    report: &R,
    args: &OutputArgs,
    about: &About,
    more: Vec<Content>,
) -> Result<(), Failure> {
    let written = write(report, args, about, more);
    print(report, args).and(written)
}

/// Writes what was asked for, and these files `more`: all of them or nothing.
pub(crate) fn write<R: Report + ?Sized>(
    report: &R,
    args: &OutputArgs,
    about: &About,
    more: Vec<Content>,
) -> Result<(), Failure> {
    contents(report, args, about).and_then(|asked| files::write(&[asked, more].concat()))
}

/// The picture, the report and the folder, whichever are asked for.
fn contents<R: Report + ?Sized>(report: &R, args: &OutputArgs, about: &About) -> Result<Vec<Content>, Failure> {
    let mut all = Vec::new();
    if let Some(path) = args.picture() {
        all.push((path.clone(), report.picture(path).map_err(Failure::Other)?));
    }
    if let Some(path) = &args.report {
        all.push((path.clone(), report.page(about).map_err(Failure::Other)?.into_bytes()));
    }
    if let Some(folder) = &args.output {
        all.extend(folder_files(report, folder, about)?);
    }
    Ok(all)
}

/// The results in every form, in a folder.
pub(crate) fn folder_files<R: Report + ?Sized>(
    report: &R,
    folder: &Path,
    about: &About,
) -> Result<Vec<Content>, Failure> {
    let mut all = vec![
        (folder.join("result.json"), report.json().map_err(Failure::Other)?.into_bytes()),
        (folder.join("summary.txt"), report.text(false).into_bytes()),
        (folder.join("data.csv"), report.csv().map_err(Failure::Other)?.into_bytes()),
    ];
    for (name, text) in report.more().map_err(Failure::Other)? {
        all.push((folder.join(name), text.into_bytes()));
    }
    if cfg!(feature = "plot") {
        all.push((folder.join("report.html"), report.page(about).map_err(Failure::Other)?.into_bytes()));
    }
    for path in pictures(folder) {
        let picture = report.picture(&path).map_err(Failure::Other)?;
        all.push((path, picture));
    }
    Ok(all)
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let names: &[&str] = if cfg!(feature = "plot") { &["plot.svg", "plot.png"] } else { &[] };
    names.iter().map(|name| folder.join(name)).collect()
}
