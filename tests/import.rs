//! `trine import` through the real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

mod program;

use program::{Done, run, run_with_input};
use std::fs;
use std::path::Path;

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Scratch {
        Scratch(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Imports into `d.redb`.
    fn import(&self, arguments: &[&str]) -> Done {
        run(&[&["import", &self.path("d.redb")], arguments].concat())
    }

    /// What a statement answers, on one line.
    fn ask(&self, statement: &str) -> String {
        let done = run(&[&self.path("d.redb"), "-o", "jsonl", "-e", statement]);
        assert_eq!((done.status, done.err.as_str()), (0, ""), "{statement}");
        done.out.trim_end().replace('\n', " ")
    }
}

fn well(done: &Done, said: &str) {
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, format!("{said}\n").as_str(), ""));
}

fn failed(done: &Done, status: i32, said: &str) {
    assert_eq!((done.status, done.out.as_str()), (status, ""), "{}", done.err);
    assert!(done.err.contains(said), "{}", done.err);
}

#[test]
fn json_lines_arrays_and_pipes() {
    let scratch = Scratch::new();
    let file = scratch.write("books.ndjson", "{\"_id\":2,\"t\":\"Emma\"}\n{\"t\":\"Dune\",\"_id\":1}\n");
    well(&scratch.import(&[&file]), "2 documents imported");
    assert_eq!(scratch.ask("db.books.find().sort({_id: 1})"), r#"{"_id":1,"t":"Dune"} {"_id":2,"t":"Emma"}"#);
    assert_eq!(scratch.ask("db.books.find({_id: 1})"), r#"{"_id":1,"t":"Dune"}"#);

    let array = scratch.write("a.json", "[{\"_id\": {\"$oid\": \"5f0000000000000000000001\"},\n \"n\": 7}]");
    well(&scratch.import(&["-c", "other", "-d", "shop", &array]), "1 document imported");
    assert_eq!(
        scratch.ask("use shop\ndb.other.find()").trim_start_matches("null "),
        r#"{"_id":{"$oid":"5f0000000000000000000001"},"n":7}"#
    );

    let done = run_with_input(&["import", &scratch.path("d.redb"), "-c", "books"], b"{\"_id\": 3} {\"x\": 1}");
    well(&done, "2 documents imported");
    assert_eq!(scratch.ask("db.books.countDocuments()"), "4");
    assert_eq!(scratch.ask("db.books.stats().count"), "4");
    well(&scratch.import(&["--drop", &file]), "2 documents imported");
    assert_eq!(scratch.ask("db.books.countDocuments()"), "2");
}

#[test]
fn it_is_all_or_nothing_and_errors_name_the_line() {
    let scratch = Scratch::new();
    let good = scratch.write("t.json", "{\"_id\":1}\n{\"_id\":5}\n");
    well(&scratch.import(&[&good]), "2 documents imported");
    for (text, line, why) in [
        ("{\"_id\":2}\n{\"_id\":3,}\n", 2, "this is no JSON"),
        (
            "{\"_id\":2}\n{\"_id\":2}\n",
            2,
            "E11000 duplicate key error collection: test.t index: _id_ dup key: { _id: 2 }",
        ),
        ("{\"_id\":9}\n{\"_id\":5}\n", 2, "dup key: { _id: 5 }"),
        ("{\"_id\":[1]}\n", 1, "The '_id' value cannot be of type array"),
        ("{\"_id\":2}\n7\n", 2, "a document is expected, not a number"),
    ] {
        let file = scratch.write("t.json", text);
        let done = scratch.import(&[&file]);
        failed(&done, 1, &format!("t.json:{line}:"));
        failed(&done, 1, why);
        assert!(done.err.ends_with("trine: nothing was imported\n"), "{}", done.err);
        assert_eq!(scratch.ask("db.t.find()"), r#"{"_id":1} {"_id":5}"#);
    }
    // --drop is undone too.
    let file = scratch.write("t.json", "{\"_id\":2}\n!");
    failed(&scratch.import(&["--drop", &file]), 1, "t.json:2:1:");
    assert_eq!(scratch.ask("db.t.countDocuments()"), "2");
}

#[test]
fn what_is_refused_can_be_left_out() {
    let scratch = Scratch::new();
    let file = scratch.write("t.json", "{\"_id\":2,\"n\":1}\n{\"_id\":1}\n{\"_id\":2}\n{\"_id\":3}\n");
    let done = scratch.import(&["--keep-going", &file]);
    assert_eq!((done.status, done.out.as_str()), (0, "3 documents imported, 1 document left out\n"));
    assert!(done.err.contains("t.json:3: E11000"), "{}", done.err);
    assert_eq!(scratch.ask("db.t.find().sort({_id: 1})"), r#"{"_id":1} {"_id":2,"n":1} {"_id":3}"#);
    assert_eq!(scratch.ask("db.t.validate().nrecords"), "3");
}

#[test]
fn indexes_validators_and_caps_are_heeded() {
    let scratch = Scratch::new();
    scratch.ask(
        "db.u.createIndex({e: 1}, {unique: true}); db.createCollection('v', {validator: {n: {$gt: 0}}}); \
         db.createCollection('c', {capped: true, size: 4096, max: 2})",
    );
    let file = scratch.write("u.json", "{\"_id\":1,\"e\":\"a\"}\n{\"_id\":2,\"e\":\"a\"}\n{\"_id\":3,\"e\":\"b\"}\n");
    failed(&scratch.import(&[&file]), 1, "u.json:2: E11000 duplicate key error collection: test.u index: e_1");
    let done = scratch.import(&["--keep-going", &file]);
    assert_eq!(done.out, "2 documents imported, 1 document left out\n");
    assert_eq!(scratch.ask("db.u.find({e: 'b'})"), r#"{"_id":3,"e":"b"}"#);
    assert_eq!(
        scratch.ask("db.u.find({e: {$gte: ''}}).explain().queryPlanner.winningPlan.inputStage.stage"),
        "\"IXSCAN\""
    );

    let file = scratch.write("v.json", "{\"n\":1}\n{\"n\":0}\n");
    failed(&scratch.import(&[&file]), 1, "v.json:2: Document failed validation");
    let file = scratch.write("c.json", "{\"_id\":1}{\"_id\":2}{\"_id\":3}");
    well(&scratch.import(&[&file]), "3 documents imported");
    assert_eq!(scratch.ask("db.c.find()"), r#"{"_id":2} {"_id":3}"#);
}

#[test]
fn rows_of_csv_and_tsv() {
    let scratch = Scratch::new();
    let file = scratch.write("people.csv", "_id,name,at.city\n1,\"Lee, Ann\",Oslo\n2,Bo,\n");
    well(&scratch.import(&["--ignoreBlanks", &file]), "2 documents imported");
    assert_eq!(
        scratch.ask("db.people.find()"),
        r#"{"_id":1,"name":"Lee, Ann","at":{"city":"Oslo"}} {"_id":2,"name":"Bo"}"#
    );
    let file = scratch.write("zip.tsv", "007\tBonn\n1\t\"x\n");
    well(&scratch.import(&["-f", "zip.string(),city.string()", "--columnsHaveTypes", &file]), "2 documents imported");
    assert_eq!(scratch.ask("db.zip.find({}, {_id: 0})"), r#"{"zip":"007","city":"Bonn"} {"zip":"1","city":"\"x"}"#);
    let file = scratch.write("n.csv", "a.int32()\n1\nx\n");
    failed(&scratch.import(&["--columns-have-types", &file]), 1, "n.csv:3: a: 'x' is no int32");
}

#[test]
fn modes_change_what_is_there() {
    let scratch = Scratch::new();
    scratch.ask("db.t.insertMany([{_id: 1, k: 'a', x: 1}, {_id: 2, k: 'b', x: 1}])");
    let file = scratch.write("t.json", "{\"k\":\"a\",\"y\":2}\n{\"k\":\"c\",\"_id\":3}\n");
    well(
        &scratch.import(&["--mode", "merge", "--upsert-fields", "k", &file]),
        "1 document imported, 1 document updated",
    );
    assert_eq!(
        scratch.ask("db.t.find()"),
        r#"{"_id":1,"k":"a","x":1,"y":2} {"_id":2,"k":"b","x":1} {"_id":3,"k":"c"}"#
    );
    let file = scratch.write("t.json", "{\"_id\":2,\"z\":1}\n{\"_id\":4}\n");
    well(&scratch.import(&["--mode", "upsert", &file]), "1 document imported, 1 document updated");
    assert_eq!(scratch.ask("db.t.find({_id: {$in: [2, 4]}})"), r#"{"_id":2,"z":1} {"_id":4}"#);
    let file = scratch.write("t.json", "{\"_id\":2}\n{\"_id\":77}\n{\"_id\":3}");
    well(&scratch.import(&["--mode", "delete", &file]), "2 documents deleted");
    assert_eq!(scratch.ask("db.t.countDocuments()"), "2");
}

#[test]
fn wrong_usage_is_told() {
    let scratch = Scratch::new();
    failed(&scratch.import(&[&scratch.path("none.json")]), 2, "none.json: no such file");
    failed(&run(&["import", &scratch.path("d.redb")]), 2, "name the collection with --collection");
    failed(&run(&["import"]), 2, "DATABASE");
    let file = scratch.write("t.json", "{}");
    failed(&scratch.import(&["--headerline", &file]), 2, "options of --type csv");
    failed(&scratch.import(&["-c", "a$b", &file]), 1, "Invalid collection name");
    failed(&run(&["import", scratch.0.path().to_str().unwrap(), &file]), 3, "trine:");
    // A file of that name is opened by its path.
    let inside = Path::new(&scratch.path("x")).with_file_name("import");
    assert_eq!(run(&[inside.to_str().unwrap(), "-e", "SET a 1"]).out, "OK\n");
}

#[test]
fn more_than_one_run_of_ids_in_any_order() {
    let scratch = Scratch::new();
    let mut text = String::new();
    let count = 250_000_u32;
    for n in 0..count {
        // Each number once, far from its neighbours.
        let id = n.wrapping_mul(2_654_435_761) & 0x3ffff;
        text.push_str(&format!("{{\"_id\":\"key of some length {id:08}\"}}\n"));
    }
    let ids: std::collections::HashSet<u32> = (0..count).map(|n| n.wrapping_mul(2_654_435_761) & 0x3ffff).collect();
    assert_eq!(ids.len(), count as usize);
    let file = scratch.write("k.json", &text);
    well(&scratch.import(&[&file]), &format!("{count} documents imported"));
    assert_eq!(scratch.ask("db.k.find({_id: {$gte: 'key'}}, {_id: 1}).hint('_id_').itcount()"), count.to_string());
    let file = scratch.write("k.json", &format!("{{\"_id\":\"x\"}}\n{}", text.lines().last().unwrap()));
    failed(&scratch.import(&[&file]), 1, "k.json:2: E11000");
}
