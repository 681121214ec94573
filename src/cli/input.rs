//! Scenarios and the files that they name.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use knee::diagnostic::{Diagnostics, printable};
use knee::experiment::{self, Options};
use knee::model::{self, Model};
use knee::scenario::Source;

use super::{Failure, builtin, terminal};

/// The most that is read of a scenario, in bytes.
const MOST_TEXT: u64 = 16 << 20;
/// The same of a file that it names, or of measurements.
pub(crate) const MOST_DATA: u64 = 1 << 30;

/// A scenario's text, and the folder that its paths are relative to.
pub(crate) struct Input {
    /// Its name, its text and what the command line replaces in it.
    pub(crate) source: Source,
    folder: PathBuf,
    /// The files that were read for it.
    read: Mutex<BTreeSet<PathBuf>>,
}

impl Input {
    /// Reads a file, or standard input for `-`, or takes the built-in scenario of that name.
    pub(crate) fn read(file: &str, overrides: Vec<String>) -> Result<Self, Failure> {
        let path = Path::new(file);
        let (text, folder, read) = match builtin::find(file) {
            Some(scenario) if !path.is_file() => (scenario.text.to_owned(), PathBuf::new(), None),
            _ if file == "-" => (standard_input()?, PathBuf::new(), None),
            _ => {
                let text = File::open(path).and_then(|opened| read_text(opened, MOST_TEXT));
                let text = text.map_err(|error| unreadable(file, &error))?;
                (text, path.parent().unwrap_or(Path::new("")).to_owned(), Some(path.to_owned()))
            }
        };
        let source = Source { name: printable(file), text, overrides };
        Ok(Self { source, folder, read: Mutex::new(read.into_iter().collect()) })
    }

    /// The same scenario, with these values replaced instead.
    pub(crate) fn with(&self, overrides: Vec<String>) -> Self {
        let source = Source { overrides, ..self.source.clone() };
        Self { source, folder: self.folder.clone(), read: Mutex::new(self.paths().into_iter().collect()) }
    }

    /// The files that were read for it so far: its own, and those that it names.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The text of a file that the scenario names, uncompressed if it ends in `.gz`.
    ///
    /// # Errors
    /// Where it cannot be read; the text says why.
    pub(crate) fn file(&self, name: &str) -> Result<String, String> {
        let path = self.folder.join(name);
        let is_zipped = path.extension().is_some_and(|extension| extension == "gz");
        let text = open_file(&path).and_then(|opened| match is_zipped {
            true => read_text(flate2::read::MultiGzDecoder::new(io::BufReader::new(opened)), MOST_DATA),
            false => read_text(opened, MOST_DATA),
        });
        let text = text.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
        Ok(text)
    }

    /// The model, and what there is to say about it.
    pub(crate) fn model(&self) -> (Option<Model>, Diagnostics) {
        model::load(&self.source, &|name| self.file(name))
    }

    /// The model; problems are shown, warnings only unless `quiet`.
    pub(crate) fn load(&self, quiet: bool) -> Result<Model, Failure> {
        let (model, diagnostics) = self.model();
        if diagnostics.has_errors() || (!quiet && !diagnostics.is_empty()) {
            terminal::complain(&diagnostics.render(terminal::error_color()));
        }
        model.ok_or(Failure::Shown)
    }
}

/// Reads every scenario and builds its model, so that all problems are shown at once.
pub(crate) fn load_all(inputs: &[Input], quiet: bool) -> Result<Vec<Model>, Failure> {
    let loaded: Vec<Result<Model, Failure>> = inputs.iter().map(|input| input.load(quiet)).collect();
    loaded.into_iter().collect()
}

/// The files that were read for all of them.
pub(crate) fn paths(inputs: &[Input]) -> Vec<PathBuf> {
    inputs.iter().flat_map(Input::paths).collect()
}

/// Refuses models that are certain to need more than they may.
pub(crate) fn admit(models: &[Model], options: &Options) -> Result<(), Failure> {
    experiment::admit(models, options).map_err(|diagnostics| terminal::refusal(&diagnostics))
}

/// A file, and nothing else: a pipe that a scenario names would let it wait for ever, and a device has no end.
fn open_file(path: &Path) -> io::Result<File> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if found.len() > MOST_DATA {
        return Err(too_long(MOST_DATA));
    }
    File::open(path)
}

fn standard_input() -> Result<String, Failure> {
    let text = read_text(io::stdin().lock(), MOST_TEXT);
    text.map_err(|error| Failure::Other(format!("cannot read standard input: {error}")))
}

/// Everything that there is to read, if that is not more than `most` bytes.
///
/// # Errors
/// Where it cannot be read, is longer, or is no UTF-8.
pub(crate) fn read_text(from: impl Read, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_long(most));
    }
    let broken = |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
    String::from_utf8(bytes).map_err(broken)
}

fn too_long(most: u64) -> io::Error {
    let what = format!("there is more of it than {} MiB", most >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}

fn unreadable(file: &str, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => builtin::closest(file),
        _ => String::new(),
    };
    Failure::Usage(format!("cannot read {file}: {error}{advice}"))
}
