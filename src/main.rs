//! The `knee` program: see `knee help`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
