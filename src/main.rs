//! The `trine` command.

use std::io::Write;
use std::process::ExitCode;

/// Deep queries are bounded by number, not by what a system's main thread happens to have; the memory is
/// only used when it is needed.
const STACK_BYTES: usize = 512 << 20;

fn main() -> ExitCode {
    // A defect is reported as the error of its statement; where it was is for those who look for it.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let program = || trine::cli::main(std::env::args_os());
    match std::thread::Builder::new().name("trine".to_owned()).stack_size(STACK_BYTES).spawn(program) {
        Ok(thread) => thread.join().unwrap_or_else(|_| {
            let _ = writeln!(
                std::io::stderr(),
                "trine: internal error: trine has a defect here (RUST_BACKTRACE=1 shows where)"
            );
            ExitCode::from(101)
        }),
        Err(_) => trine::cli::main(std::env::args_os()),
    }
}
