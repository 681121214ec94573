//! `knee new`: a scenario to start from.

use std::path::Path;

use knee::diagnostic::{is_printable, printable};

use super::{Exit, Failure, builtin, files, terminal};

const STARTER: &str = include_str!("starter.toml");

const EXAMPLES: &str = "\
Examples:
  knee new shop                       writes shop.toml
  knee new shop --from single-queue   starts from a built-in scenario";

/// Write a commented scenario that runs, to start from.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file to write, without .toml; a file that exists is left alone
    #[arg(value_name = "NAME")]
    name: String,
    /// Start from this built-in scenario (see `knee list`)
    #[arg(long, value_name = "SCENARIO")]
    from: Option<String>,
}

/// Writes the file and says what to do with it.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let name = args.name.strip_suffix(".toml").unwrap_or(&args.name);
    let file = format!("{name}.toml");
    create(&file, &text(args, name)?)?;
    terminal::print(&format!("wrote {}\nnext: knee run {}\n", printable(&file), terminal::quoted(&file)))?;
    Ok(Exit::Done)
}

fn text(args: &Args, name: &str) -> Result<String, Failure> {
    let Some(from) = &args.from else {
        let title = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
        let title = title.replace(|c| ['"', '\\'].contains(&c) || !is_printable(c), "");
        return Ok(STARTER.replace("NAME", &title));
    };
    let scenario = builtin::find(from).ok_or_else(|| {
        let advice = builtin::closest(from);
        Failure::Usage(format!("--from {from}: there is no such scenario{advice}"))
    });
    Ok(scenario?.text.to_owned())
}

fn create(file: &str, text: &str) -> Result<(), Failure> {
    let path = Path::new(file);
    if path.symlink_metadata().is_ok() {
        return Err(Failure::Usage(format!("{file} exists and is left alone: choose another name")));
    }
    files::write(&[(path.to_owned(), text.as_bytes().to_vec())])
}
