//! The `trine` command.

use std::process::ExitCode;

/// Deep queries are bounded by number, not by what a system's main thread happens to have; the memory is
/// only used when it is needed.
const STACK_BYTES: usize = 512 << 20;

fn main() -> ExitCode {
    let program = || trine::cli::main(std::env::args_os());
    match std::thread::Builder::new().name("trine".to_owned()).stack_size(STACK_BYTES).spawn(program) {
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(101)),
        Err(_) => trine::cli::main(std::env::args_os()),
    }
}
