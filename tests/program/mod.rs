//! Running the real binary.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a run left.
pub struct Done {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The program, without a say of the surroundings.
pub fn trine() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trine"));
    command.env_remove("NO_COLOR").env_remove("FORCE_COLOR").env_remove("RUST_BACKTRACE");
    command
}

/// Runs with these arguments and nothing on standard input.
#[allow(dead_code, reason = "not every test needs both")]
pub fn run(arguments: &[&str]) -> Done {
    run_with_input(arguments, b"")
}

/// Runs with these arguments and this input.
pub fn run_with_input(arguments: &[&str], input: &[u8]) -> Done {
    let mut child =
        trine().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may leave before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Done {
        status: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}
