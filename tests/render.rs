//! Every output mode against the pictures in `tests/render/`: the same four answers, with ASCII, CJK,
//! emoji (joined ones too) and combining characters. `BLESS=1 cargo test --test render` draws them anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use bson::{Bson, doc};
use std::collections::BTreeMap;
use std::path::Path;
use trine::render::style::Painter;
use trine::render::{Look, Mode, write};
use trine::reply::{DocReply, GraphReply, GraphStats, Reply, Resp, ShellReply};
use trine::value::graph::{Entity, Node, Relationship, Value};

const NAMES: [&str; 5] = ["Ann", "日本語", "👩\u{200d}🚀 Mae", "Jose\u{301}", "<script>|\"quoted\", \u{1b}[31mred\n"];

fn node(id: u64, name: &str) -> Node {
    let properties = BTreeMap::from([("name".to_owned(), Value::String(name.into()))]);
    Node { id, labels: vec!["Person".to_owned()], properties }
}

fn answers() -> Vec<(&'static str, Reply<'static>)> {
    let strings = NAMES.iter().map(|name| Resp::bulk(*name)).collect();
    let documents = NAMES.iter().enumerate().map(|(at, name)| {
        Ok(doc! { "_id": at as i32, "name": *name, "score": at as f64 * 1.5, "tags": ["a", { "b": Bson::Null }] })
    });
    let odd = doc! { "_id": bson::oid::ObjectId::from_bytes([7; 12]), "only": Bson::DateTime(bson::DateTime::from_millis(0)) };
    let rows = NAMES.iter().enumerate().map(|(at, name)| {
        Ok(vec![
            Value::Int(at as i64 * 1000),
            Value::String((*name).into()),
            Value::Entity(Box::new(Entity::Node(node(at as u64, name)))),
        ])
    });
    let path = Entity::Path {
        nodes: vec![node(1, "Ann"), node(2, "Bob")],
        relationships: vec![Relationship {
            id: 3,
            kind: "KNOWS".to_owned(),
            start: 2,
            end: 1,
            properties: BTreeMap::from([("since".to_owned(), Value::Int(2020))]),
        }],
    };
    let stats = GraphStats { nodes_created: 1, properties_set: 3, labels_added: 1, ..GraphStats::default() };
    let graph = |columns: &[&str], rows: trine::reply::Stream<'static, Vec<Value>>, stats| {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Reply::Graph(GraphReply { columns, rows, stats, plan: None, drawn: false })
    };
    vec![
        ("kv status", Reply::Kv(Resp::ok())),
        ("kv integer", Reply::Kv(Resp::Integer(42))),
        ("kv nil", Reply::Kv(Resp::Nil)),
        ("kv bytes", Reply::Kv(Resp::bulk(vec![0xff, b'a', 0]))),
        ("kv strings", Reply::Kv(Resp::Array(strings))),
        (
            "kv nested",
            Reply::Kv(Resp::Array(vec![
                Resp::bulk("0"),
                Resp::Array(vec![Resp::Nil, Resp::Array(vec![]), Resp::Error("ERR no".to_owned())]),
            ])),
        ),
        ("kv empty", Reply::Kv(Resp::Array(vec![]))),
        ("doc none", Reply::Doc(DocReply::None)),
        ("doc null", Reply::Doc(DocReply::Value(Bson::Null))),
        ("doc number", Reply::Doc(DocReply::Value(Bson::Int32(7)))),
        ("doc result", Reply::Doc(DocReply::Value(doc! { "acknowledged": true, "deletedCount": 1 }.into()))),
        ("doc distinct", Reply::Doc(DocReply::Value(Bson::Array(vec!["a".into(), 2.into(), Bson::Int64(3)])))),
        ("doc cursor", Reply::Doc(DocReply::Cursor(Box::new(documents.chain([Ok(odd)]))))),
        ("doc empty cursor", Reply::Doc(DocReply::Cursor(Box::new(std::iter::empty())))),
        (
            "doc databases",
            Reply::Doc(DocReply::Listing(vec![
                ("admin".to_owned(), Some("40.00 KiB".to_owned())),
                ("学校".to_owned(), Some("1.25 MiB".to_owned())),
            ])),
        ),
        (
            "doc collections",
            Reply::Doc(DocReply::Listing(vec![("users".to_owned(), None), ("orders".to_owned(), None)])),
        ),
        ("graph rows", graph(&["n.age", "n.name", "n"], Box::new(rows), GraphStats::default())),
        ("graph path", graph(&["p"], Box::new(std::iter::once(Ok(vec![Value::Entity(Box::new(path))]))), stats)),
        ("graph write", graph(&[], Box::new(std::iter::empty()), stats)),
        ("graph no rows", graph(&["n"], Box::new(std::iter::empty()), GraphStats::default())),
        ("shell text", Reply::Shell(ShellReply::Text("two\nlines\n".to_owned()))),
    ]
}

fn picture(look: &Look) -> String {
    let mut out = Vec::new();
    for (name, mut reply) in answers() {
        out.extend_from_slice(format!("--- {name}\n").as_bytes());
        write(&mut out, &mut reply, look).unwrap();
    }
    String::from_utf8_lossy(&out).replace('\u{1b}', "␛").replace('\u{0}', "␀")
}

#[test]
fn every_mode_draws_what_it_drew() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render");
    let mut wrong = Vec::new();
    for (name, mode) in Mode::ALL {
        if mode == Mode::Envelope {
            continue;
        }
        for (place, look) in [
            ("pipe", Look { mode, ..Look::default() }),
            ("terminal", Look { mode, terminal: true, width: Some(60), ..Look::default() }),
            ("plain", Look { mode, terminal: true, plain: true, width: Some(60), ..Look::default() }),
        ] {
            let drawn = picture(&look);
            if place == "plain" && drawn == picture(&Look { plain: false, ..look }) {
                continue;
            }
            let file = folder.join(format!("{name}-{place}.txt"));
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&file, &drawn).unwrap();
            } else if std::fs::read_to_string(&file).ok().as_deref() != Some(&drawn) {
                wrong.push(format!("{}:\n{drawn}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "BLESS=1 redraws these pictures:\n{}", wrong.join("\n"));
}

#[test]
fn no_mode_lets_a_value_command_a_terminal() {
    for (_, mode) in Mode::ALL {
        if matches!(mode, Mode::Raw | Mode::Envelope) {
            continue;
        }
        for plain in [false, true] {
            let look = Look { mode, terminal: true, plain, width: Some(60), ..Look::default() };
            assert!(!picture(&look).contains('␛'), "{mode:?}");
        }
    }
}

#[test]
fn colour_comes_from_the_painter_and_changes_no_text() {
    let plain = Look { terminal: true, width: Some(60), ..Look::default() };
    let coloured = Look { painter: Painter::new(true), ..plain };
    let stripped = {
        let mut text = String::new();
        let mut rest = picture(&coloured);
        assert!(rest.contains('␛'));
        while let Some(at) = rest.find("␛[") {
            text.push_str(&rest[..at]);
            rest = rest[at..].split_once('m').unwrap().1.to_owned();
        }
        text + &rest
    };
    assert_eq!(stripped, picture(&plain));
}

#[test]
fn a_cursor_is_shown_in_pages() {
    let documents = (0..45).map(|at| Ok(doc! { "_id": at }));
    let mut reply = Reply::Doc(DocReply::Cursor(Box::new(documents)));
    let look = Look { terminal: true, page: Some(20), ..Look::default() };
    let mut seen = Vec::new();
    for expected in [true, true, false] {
        assert_eq!(write(&mut seen, &mut reply, &look).unwrap(), expected);
    }
    let text = String::from_utf8(seen).unwrap();
    for at in 0..45 {
        assert_eq!(text.matches(&format!("_id: {at} ")).count(), 1, "{at}");
    }
}

#[test]
fn blocks_of_a_long_table_are_one_table() {
    for count in [999, 1000, 1001, 2000] {
        let rows = (0..count).map(|at| Ok(vec![Value::Int(at)]));
        let mut reply = Reply::Graph(GraphReply {
            columns: vec!["number".to_owned()],
            rows: Box::new(rows),
            stats: GraphStats::default(),
            plan: None,
            drawn: false,
        });
        let mut out = Vec::new();
        write(&mut out, &mut reply, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), count as usize + 4, "{count}\n{}", lines[lines.len() - 3..].join("\n"));
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{count}");
    }
}

#[test]
fn an_answer_that_fails_halfway_says_so() {
    use trine::render::Stopped;
    use trine::text::{Diagnostic, Model};
    for (_, mode) in Mode::ALL {
        let documents = (0..30).map(|at| match at {
            25 => Err(Diagnostic::new(Model::Doc, "Interrupted", "stopped")),
            at => Ok(doc! { "_id": at }),
        });
        let mut reply = Reply::Doc(DocReply::Cursor(Box::new(documents)));
        let result = write(&mut Vec::new(), &mut reply, &Look { mode, ..Look::default() });
        assert!(matches!(result, Err(Stopped::Statement(_))), "{mode:?}");
    }
}
