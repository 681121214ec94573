//! Arguments, files, the terminal and exit codes: the only part that reads or writes anything.

mod builtin;
mod capacity;
mod check;
mod compare;
mod completions;
mod exit;
mod explain;
mod files;
mod fit;
mod input;
mod law;
mod limits;
mod list;
mod man;
mod memory;
mod new;
mod next;
mod optimize;
mod options;
mod output;
mod points;
mod progress;
mod run;
mod schema;
mod shipped;
mod sweep;
mod terminal;
mod verify;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{FromArgMatches, Parser, Subcommand};

use exit::{Exit, Failure};
use limits::LimitArgs;

const EXAMPLES: &str = "\
Examples:
  knee list                       the built-in scenarios and their questions
  knee run single-queue           run one of them
  knee new shop                   write shop.toml, a scenario to start from
  knee sweep shop.toml            where does the latency curve bend?
  knee capacity shop.toml         how much busier may it become?
  knee fit access.log             turn what was measured into a scenario

Exit codes: 0 done, and no objective failed (one that is too close to tell is a
warning); 1 an objective failed; 2 wrong usage or a bad scenario; 3 interrupted;
4 anything else.";

/// Finds the knee of the latency curve before your users do: simulates a system described in
/// one TOML file.
#[derive(Debug, Parser)]
#[command(name = "knee", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Sweep(sweep::Args),
    Explain(explain::Args),
    Capacity(capacity::Args),
    Compare(compare::Args),
    Law(law::Args),
    Optimize(optimize::Args),
    Check(check::Args),
    Fit(fit::Args),
    Verify(verify::Args),
    New(new::Args),
    List(list::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// How far it may go, unless that is clear.
    fn limits(&self) -> Option<&LimitArgs> {
        Some(match self {
            Command::Run(args) => &args.scenario.limits,
            Command::Sweep(args) => &args.scenario.limits,
            Command::Explain(args) => &args.scenario.limits,
            Command::Capacity(args) => &args.scenario.limits,
            Command::Compare(args) => &args.scenario.limits,
            Command::Optimize(args) => &args.scenario.limits,
            Command::Check(args) => &args.scenario.limits,
            Command::Verify(args) => &args.limits,
            _ => return None,
        })
    }
}

/// Does what the arguments say.
pub(crate) fn main() -> ExitCode {
    let parsed = fitted(command()).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(said) => return answer(&said),
    };
    arguments.command.limits().into_iter().for_each(LimitArgs::start_clock);
    let done = match arguments.command {
        Command::Run(args) => run::main(&args),
        Command::Sweep(args) => sweep::main(&args),
        Command::Explain(args) => explain::main(&args),
        Command::Capacity(args) => capacity::main(&args),
        Command::Compare(args) => compare::main(&args),
        Command::Law(args) => law::main(&args),
        Command::Optimize(args) => optimize::main(&args),
        Command::Check(args) => check::main(&args),
        Command::Fit(args) => fit::main(&args),
        Command::Verify(args) => verify::main(&args),
        Command::New(args) => new::main(&args),
        Command::List(args) => list::main(&args),
        Command::Schema(args) => schema::main(&args),
        Command::Completions(args) => completions::main(&args),
        Command::Man(args) => man::main(&args),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            files::take_back_folders();
            failure.report()
        }
    }
}

/// Help and the version are answers like others; all else that clap says is about wrong usage.
fn answer(said: &clap::Error) -> ExitCode {
    let done = said.print();
    let printed = if said.use_stderr() { Ok(()) } else { terminal::printed(done) };
    match printed {
        Ok(()) => ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2)),
        Err(failure) => failure.report(),
    }
}

/// As wide as what is not read on a terminal, unless somebody says how wide it is.
fn fitted(command: clap::Command) -> clap::Command {
    match std::io::stdout().is_terminal() || std::env::var_os("COLUMNS").is_some() {
        true => command,
        false => command.term_width(80),
    }
}

/// The whole command line, for shell completions and man pages.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
