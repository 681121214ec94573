//! `knee completions`: what a shell needs to complete arguments.

use clap_complete::Shell;

use super::{Exit, Failure, command, terminal};

const EXAMPLES: &str = "\
Examples:
  knee completions bash > ~/.local/share/bash-completion/completions/knee
  knee completions zsh > ~/.zfunc/_knee
  knee completions fish > ~/.config/fish/completions/knee.fish";

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "knee", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
