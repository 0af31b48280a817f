//! What the program leaves with, and what it writes where, through the real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

mod program;

use program::{run, run_with_input, trine};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

#[test]
fn all_well_is_zero() {
    let done = run(&["-e", "SET a 1", "-e", "GET a"]);
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "OK\n1\n", ""));
}

#[test]
fn a_failed_statement_is_one_and_stops_the_batch() {
    let done = run(&["-e", "SET a x\nINCR a\nGET a"]);
    assert_eq!((done.status, done.out.as_str()), (1, "OK\n"));
    assert_eq!(done.err, "-e:2:1: ERR value is not an integer or out of range\n");
    let done = run(&["--keep-going", "-e", "SET a x\nINCR a\nGET a"]);
    assert_eq!((done.status, done.out.as_str()), (1, "OK\nx\n"));
}

#[test]
fn the_envelope_goes_on_and_answers_errors_on_standard_output() {
    let done = run_with_input(&["-o", "envelope"], b"INCR a b\nPING\n:reset\n");
    assert_eq!(done.status, 1);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", done.out);
    assert!(lines[0].starts_with("{\"ok\":false,\"model\":\"kv\",\"error\":{\"code\":\"ERR\","));
    assert_eq!(lines[1], "{\"ok\":true,\"model\":\"kv\",\"reply\":\"PONG\"}");
    assert_eq!(lines[2], "{\"ok\":true,\"model\":\"shell\",\"result\":null}");
    assert_eq!(done.err, "");
}

#[test]
fn an_answer_is_there_before_the_next_statement_is_sent() {
    let mut child = trine().args(["-o", "envelope"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(stdin, "INCR n").unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"ok\":true,\"model\":\"kv\",\"reply\":{number}}}\n"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn wrong_usage_is_two() {
    assert_eq!(run(&["--no-such-option"]).status, 2);
    assert_eq!(run(&["-o", "nonsense", "-e", "PING"]).status, 2);
    assert_eq!(run(&["--param", "novalue", "-e", "PING"]).status, 2);
    let done = run(&["-f", "no/such/script.trine"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("no/such/script.trine") && done.err.contains("no such file"), "{}", done.err);
    let folder = tempfile::tempdir().unwrap();
    let done = run(&["-f", folder.path().to_str().unwrap()]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("folder"), "{}", done.err);
}

#[test]
fn help_and_version_are_zero() {
    assert_eq!(run(&["--help"]).status, 0);
    assert!(run(&["--version"]).out.starts_with("trine "));
}

#[test]
fn sources_run_in_the_order_given() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("two.trine");
    fs::write(&script, "APPEND a 2\n").unwrap();
    let script = script.to_str().unwrap();
    let done = run_with_input(
        &["-e", "APPEND a 1", "-f", script, "-e", "APPEND a 3", "-f", "-", "-f", script, "-e", "GET a"],
        b"APPEND a 4",
    );
    assert_eq!((done.status, done.out.lines().last()), (0, Some("12342")));
}

#[test]
fn a_script_says_where_it_failed_and_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("bad.trine");
    let database = folder.path().join("a.redb");
    fs::write(&script, "SET a 1\n\n# two\nINCR a b\nSET a 3\n").unwrap();
    let (script, database) = (script.to_str().unwrap(), database.to_str().unwrap());
    let done = run(&[database, "-f", script]);
    assert_eq!(done.status, 1);
    assert!(done.err.starts_with(&format!("{script}:4:1: ERR wrong number of arguments")), "{}", done.err);
    assert!(done.err.contains("through line 1"), "{}", done.err);
    assert_eq!(run(&[database, "-e", "GET a"]).out, "1\n");
}

#[test]
fn a_transaction_run_keeps_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.redb");
    let database = database.to_str().unwrap();
    let done = run(&["--transaction", database, "-e", "SET a 1\nINCR a b\nSET b 2"]);
    assert_eq!(done.status, 1);
    assert!(done.err.contains("nothing of this run was kept"), "{}", done.err);
    assert_eq!(run(&[database, "-e", "EXISTS a"]).out, "0\n");
    assert_eq!(run(&["--transaction", database, "-e", "SET a 1"]).status, 0);
    assert_eq!(run(&[database, "-e", "GET a"]).out, "1\n");
}

#[test]
fn leaving_an_open_transaction_rolls_it_back_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.redb");
    let database = database.to_str().unwrap();
    let done = run(&[database, "-e", "SET a 1\nBEGIN\nSET a 2"]);
    assert_eq!(done.status, 0);
    assert!(done.err.contains("rolled back"), "{}", done.err);
    assert_eq!(run(&[database, "-e", "GET a"]).out, "1\n");
}

#[test]
fn exit_leaves_at_once() {
    let done = run(&["-e", "SET a 1\nexit\nSET a 2", "-e", "GET a"]);
    assert_eq!((done.status, done.out.as_str()), (0, "OK\n"));
}

#[test]
fn durability_none_keeps_what_was_said_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.redb");
    let database = database.to_str().unwrap();
    for (durability, value) in [("none", "1"), ("group", "2"), ("statement", "3")] {
        assert_eq!(run(&["--durability", durability, database, "-e", &format!("SET a {value}")]).status, 0);
        assert_eq!(run(&[database, "-e", "GET a"]).out, format!("{value}\n"));
    }
}

#[test]
fn parameters_are_variables() {
    let done = run(&[
        "--param",
        "n=41",
        "--param",
        "city=New York",
        "-e",
        "SET a ${n}",
        "-e",
        "SET b ${city}",
        "-e",
        "MGET a b",
    ]);
    assert!(done.out.ends_with("41\nNew York\n"), "{}", done.out);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child =
        trine().args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        for _ in 0..200_000 {
            if stdin.write_all(b"ECHO 0123456789012345678901234567890123456789\n").is_err() {
                break;
            }
        }
    });
    let mut first = [0; 41];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_closed_pipe_is_no_error_in_any_mode() {
    for mode in ["auto", "table", "json", "jsonl", "csv", "markdown", "line", "raw", "envelope"] {
        let mut child = trine()
            .args(["-o", mode, "-e", "UNWIND range(1, 60000) AS number RETURN number;"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 4]).unwrap();
        drop(stdout);
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.as_str()), (Some(0), ""), "{mode}");
    }
}

#[test]
fn a_file_of_spoilt_pages_is_three() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.redb");
    assert_eq!(run(&[database.to_str().unwrap(), "-e", "SET a 1"]).status, 0);
    let mut bytes = fs::read(&database).unwrap();
    for byte in bytes.iter_mut().skip(4096).step_by(97) {
        *byte ^= 0x5a;
    }
    fs::write(&database, bytes).unwrap();
    let done = run(&[database.to_str().unwrap(), "-e", "GET a"]);
    assert_eq!(done.status, 3, "{}", done.err);
    assert!(done.err.starts_with("trine: ") && done.err.contains("damaged"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_130() {
    let mut child = trine().args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "PING").unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    answers.read_line(&mut String::new()).unwrap();
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdin);
}
