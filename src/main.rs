//! The `trine` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    trine::cli::main(std::env::args_os())
}
