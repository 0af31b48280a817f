//! Bad input through the real binary: a clear error or a clean end, never a panic, never half a statement.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

mod program;

use program::{Done, run, run_with_input, trine};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// Runs a script with `--keep-going`; nothing may panic, and the last statement must have been reached.
fn survives(input: &[u8]) -> Done {
    let mut all = input.to_vec();
    all.extend_from_slice(b"\nPING\n");
    let done = run_with_input(&["--keep-going"], &all);
    assert!(!done.err.contains("panicked") && !done.err.contains("internal error"), "{}", done.err);
    assert!(done.status == 0 || done.status == 1, "status {}: {}", done.status, done.err);
    done
}

fn reached(done: &Done) {
    assert!(done.out.ends_with("PONG\n"), "out: {:?} err: {:?}", done.out, done.err);
}

#[test]
fn unclosed_strings() {
    for line in ["SET a \"open", "SET a 'open", "db.x.find({a: \"open})", "db.x.find({a: 'open"] {
        let done = survives(line.as_bytes());
        reached(&done);
        assert!(done.err.starts_with("stdin:1:"), "{line}: {}", done.err);
    }
    // A graph string goes on over lines, a template string too: they take the rest.
    for line in ["RETURN 'open", "db.x.find({a: `open})"] {
        let done = survives(line.as_bytes());
        assert_eq!((done.status, done.out.as_str()), (1, ""), "{line}");
    }
}

#[test]
fn unclosed_and_stray_brackets() {
    for line in
        ["db.x.find({a: [1, 2})", "db.x.find({a: 1)", "RETURN 1);", "RETURN [1, 2};", "db.x.find)", "db.x.find("]
    {
        let done = survives(line.as_bytes());
        assert_eq!(done.status, 1, "{line}: {}", done.out);
        assert!(done.err.contains("stdin:1:"), "{line}: {}", done.err);
    }
}

#[test]
fn ten_thousand_nested_brackets() {
    let nested = |before: &str, open: &str, close: &str, after: &str| {
        format!("{before}{}{}{after}", open.repeat(10_000), close.repeat(10_000))
    };
    for text in [
        nested("db.x.insertOne({a: ", "[", "]", "})"),
        nested("db.x.insertOne(", "{a:", "}", ")"),
        nested("db.x.find(", "(", ")", ")"),
        nested("RETURN ", "[", "]", " AS x;"),
        nested("RETURN ", "(", ")", " AS x;"),
        nested("RETURN ", "{a:", "}", " AS x;"),
        nested("MATCH ", "(", ")", " RETURN 1;"),
        format!("RETURN {} true AS x;", "NOT ".repeat(10_000)),
        format!("RETURN {}1 AS x;", "-".repeat(10_001)),
        format!("RETURN {}1{} AS x;", "CASE WHEN true THEN ".repeat(10_000), " END".repeat(10_000)),
        nested("let x = ", "[", "]", ""),
        nested(":param x => ", "[", "]", ""),
        nested("SET a ", "[", "]", ""),
        nested("", "[", "]", ""),
        nested("EVAL \"return ", "(", ")", "\" 0"),
    ] {
        reached(&survives(text.as_bytes()));
    }
    for open in ["db.x.find(", "RETURN (", "RETURN [", "let x = ["] {
        let done = survives(open.repeat(10_000).as_bytes());
        assert_eq!(done.status, 1, "{open}");
    }
}

#[test]
fn long_chains_without_brackets() {
    for text in [
        format!("RETURN 1{} AS x;", " + 1".repeat(10_000)),
        format!("RETURN a{} AS x;", ".a".repeat(10_000)),
        format!("RETURN true{} AS x;", " AND true".repeat(10_000)),
        format!("db.x{}", ".find()".repeat(10_000)),
        format!("db{}", ".x".repeat(10_000)),
        format!("MATCH (a){} RETURN 1;", "-->()".repeat(1_000)),
        format!("{} RETURN 1;", "WITH 1 AS x ".repeat(2_000)),
        format!("{}GET a", "EXPLAIN ".repeat(10_000)),
        format!("let x = {}1", "-".repeat(10_000)),
        format!("let x = 1{}", " + 1".repeat(10_000)),
    ] {
        reached(&survives(text.as_bytes()));
    }
}

#[test]
fn nul_bytes_and_invalid_utf8() {
    for line in [
        &b"\0"[..],
        b"GET \0",
        b"SET a \0b",
        b"\xff\xfe\xfd",
        b"SET a \xff",
        b"db.x.find({a: '\xff'})",
        b"db.\xff.find()",
        b"db.x.find({a: \0})",
        b"RETURN '\xff';",
        b"RETURN \0;",
        b"let \xff = 1",
        b":\xff",
        b"use \xff",
        b"show \0",
        b"BEGIN \xff",
        b"\xc3",
    ] {
        reached(&survives(line));
    }
    let done = run_with_input(&[], b"SET a \xff\nGET a\nSTRLEN a\n");
    assert_eq!((done.status, done.out.lines().last()), (0, Some("1")));
}

#[test]
fn words_that_mean_nothing() {
    let done = survives(b"foo\n}\n)\n]\n\"\n'\n.\n;\n;;;\n:\n::\n@\n=>\n-- note\n1\n-1\n\\\n`x`\n...\n$x\n?");
    reached(&done);
}

#[test]
fn every_opener_alone() {
    for word in [
        "db",
        "db.",
        "db.x",
        "db.x.",
        "show",
        "use",
        "it",
        "MATCH",
        "OPTIONAL",
        "CREATE",
        "MERGE",
        "UNWIND",
        "WITH",
        "RETURN",
        "FOREACH",
        "CALL",
        "LOAD",
        "DROP",
        "SHOW INDEXES",
        "EXPLAIN",
        "PROFILE",
        "EXPLAIN EXPLAIN GET a",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "let",
        "let x",
        "let x =",
        "const x =",
        "var",
        ":param",
        ":param x",
        ":param x =>",
        ":help",
        "help nothing",
        "EXPLAIN let x = 1",
        "let x = let y = 1",
        "let x = BEGIN",
        "EXPLAIN BEGIN",
        "let x = show dbs",
    ] {
        reached(&survives(format!("{word};").as_bytes()));
    }
}

#[test]
fn a_line_of_100_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("long.trine");
    let size = 100 << 20;
    for (before, fill, after, status) in
        [("SET a ", b'x', "", 0), ("db.x.find({a: \"", b'y', "", 1), ("", b'z', " ", 1)]
    {
        {
            let mut file = fs::File::create(&script).unwrap();
            file.write_all(before.as_bytes()).unwrap();
            let piece = vec![fill; 1 << 20];
            for _ in 0..size >> 20 {
                file.write_all(&piece).unwrap();
            }
            writeln!(file, "{after}\nPING").unwrap();
        }
        let done = run(&["--keep-going", "-f", script.to_str().unwrap()]);
        assert_eq!(done.status, status, "{before}: {}", done.err.get(..500).unwrap_or(&done.err));
        reached(&done);
        assert!(done.err.len() < 10_000, "{before}: {} bytes of error", done.err.len());
    }
}

#[test]
fn odd_line_ends_and_marks() {
    let done = run_with_input(&[], b"\xef\xbb\xbfSET a 1\r\nGET a\r\n\r\nGET a");
    assert_eq!((done.status, done.out.as_str()), (0, "OK\n1\n1\n"));
}

#[test]
fn nothing_at_all() {
    for input in ["", "\n", "   \n\t\n", "# only a note", "// note\n/* note */", ";"] {
        let done = run_with_input(&[], input.as_bytes());
        assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "", ""), "{input:?}");
    }
}

/// Opens a file that cannot be opened: status 3, one clear line, and the file is as it was.
fn refused(path: &Path, arguments: &[&str], words: &str) {
    let before = fs::read(path).ok();
    let mut all = vec![path.to_str().unwrap(), "-e", "PING"];
    all.extend(arguments);
    let done = run(&all);
    assert_eq!(done.status, 3, "{words}: {}", done.err);
    assert!(done.err.contains(words) && done.err.lines().count() == 1, "{words}: {}", done.err);
    assert_eq!(done.out, "");
    assert!(before.is_none() || fs::read(path).ok() == before, "{words}: the file was changed");
}

#[test]
fn files_that_are_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    refused(folder.path(), &[], "folder");
    refused(&path("missing.redb"), &["--read-only"], "no database");
    refused(&path("no/such/folder.redb"), &[], "folder");
    fs::write(path("empty.redb"), b"").unwrap();
    refused(&path("empty.redb"), &[], "empty");
    fs::write(path("text.redb"), "SET a 1\n".repeat(1000)).unwrap();
    refused(&path("text.redb"), &[], "not a trine database");
    fs::write(path("short.redb"), b"redb").unwrap();
    refused(&path("short.redb"), &[], "database");
}

#[test]
fn a_damaged_first_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    assert_eq!(run(&[path.to_str().unwrap(), "-e", "SET a 1"]).status, 0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[..64].fill(0);
    fs::write(&path, bytes).unwrap();
    refused(&path, &[], "not a trine database");
}

#[test]
fn a_database_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    assert_eq!(run(&[path.to_str().unwrap(), "-e", "SET a 1"]).status, 0);
    let bytes = fs::read(&path).unwrap();
    for length in [512, 4096, bytes.len() / 2] {
        fs::write(&path, &bytes[..length]).unwrap();
        let done = run(&[path.to_str().unwrap(), "-e", "GET a"]);
        assert_eq!(done.status, 3, "{length} bytes: {} {}", done.out, done.err);
        assert!(!done.err.contains("panicked"), "{}", done.err);
    }
}

#[test]
fn a_file_that_another_process_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    let mut holder = trine()
        .args([path.to_str().unwrap(), "-o", "envelope"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = holder.stdin.take().unwrap();
    writeln!(stdin, "SET a 1").unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(holder.stdout.as_mut().unwrap()), &mut line).unwrap();
    let done = run(&[path.to_str().unwrap(), "-e", "GET a"]);
    assert_eq!(done.status, 3, "{}", done.err);
    assert!(done.err.contains("another process"), "{}", done.err);
    drop(stdin);
    assert!(holder.wait().unwrap().success());
    assert_eq!(run(&[path.to_str().unwrap(), "-e", "GET a"]).out, "1\n");
}

#[test]
fn reading_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    let path = path.to_str().unwrap();
    assert_eq!(run(&[path, "-e", "SET a 1"]).status, 0);
    let done = run(&["--read-only", "--keep-going", path, "-e", "GET a\nSET a 2\nGET a\nuse other\nGET a"]);
    assert_eq!((done.status, done.out.as_str()), (1, "1\n1\nswitched to db other\n\n"), "{}", done.err);
    assert!(done.err.contains("reading only"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn files_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    assert_eq!(run(&[path.to_str().unwrap(), "-e", "SET a 1"]).status, 0);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator may read everything; then there is nothing to see here.
    if fs::File::open(&path).is_ok() {
        return;
    }
    let done = run(&[path.to_str().unwrap(), "-e", "GET a"]);
    assert_eq!(done.status, 3);
    assert!(done.err.contains("permission"), "{}", done.err);
}

/// `/dev/full` takes nothing, like a full disk under a redirected answer.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let done = trine().args(["-e", "PING"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let err = String::from_utf8_lossy(&done.stderr);
    assert!(err.contains("cannot write the answer") && !err.contains("panicked"), "{err}");
}
