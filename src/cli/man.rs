//! `knee man`: pages of the manual.

use clap_mangen::Man;

use super::{Exit, Failure, command, terminal};

const EXAMPLES: &str = "\
Examples:
  knee man > ~/.local/share/man/man1/knee.1
  knee man sweep > ~/.local/share/man/man1/knee-sweep.1
  knee man law queue | man -l -      read one at once";

/// Print a page of the manual, for `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The command that it is about, such as `sweep` or `law queue`; without one, the page is about knee
    #[arg(value_name = "COMMAND", num_args = 0..=2)]
    command: Vec<String>,
}

/// Prints the page as roff.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let man = Man::new(find(&args.command)?).source(concat!("knee ", env!("CARGO_PKG_VERSION")));
    man.render(&mut page).map_err(|error| Failure::Other(error.to_string()))?;
    terminal::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}

/// The command with these names, one below the other, under the name of its page: `knee-law-queue`.
fn find(names: &[String]) -> Result<clap::Command, Failure> {
    let mut found = command();
    found.build();
    for name in names {
        let known = found.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help");
        let known: Vec<&str> = known.collect();
        let next = found.find_subcommand(name).ok_or_else(|| match known.is_empty() {
            true => Failure::Usage(format!("{} has no commands of its own, such as {name}", found.get_name())),
            false => Failure::Usage(format!("there is no command {name}; there are {}", known.join(", "))),
        })?;
        found = next.clone();
    }
    let name = found.get_bin_name().unwrap_or("knee").replace(' ', "-");
    Ok(found.display_name(name))
}
