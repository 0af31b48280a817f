//! Scripts without a database: what they may reach, and what stops them.

use super::{Halt, Host, Machine, Stop};
use crate::reply::Resp;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Answers each command with its words.
struct Echo;

impl Host for Echo {
    fn call(&mut self, words: Vec<Vec<u8>>) -> Result<Resp, Halt> {
        match words[0].as_slice() {
            b"fail" => Ok(Resp::Error("ERR refused".to_owned())),
            b"halt" => Err(Halt),
            _ => Ok(Resp::Array(words.into_iter().map(Resp::Bulk).collect())),
        }
    }

    fn knows(&self, _name: &[u8]) -> bool {
        true
    }

    fn show_number(&self, number: f64) -> String {
        number.to_string()
    }
}

fn machine() -> Machine {
    Machine::new(Arc::default()).unwrap()
}

fn run_on(machine: &mut Machine, text: &str) -> Result<Resp, Stop> {
    let sha = super::sha1(text.as_bytes());
    machine.compile(&sha, text.as_bytes()).unwrap();
    machine.run(&sha, &[], &[], &mut Echo)
}

fn run(text: &str) -> Resp {
    run_on(&mut machine(), text).unwrap()
}

fn text(answer: Resp) -> String {
    match answer {
        Resp::Bulk(bytes) => String::from_utf8(bytes).unwrap(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_script_leaves_nothing_behind() {
    let mut machine = machine();
    for attack in [
        "leak = 1",
        "rawset(_G, 'leak', 1)",
        "table.insert(_G, 1)",
        "table.insert(redis, 1)",
        "string.leak = 1",
        "getmetatable('').__index.leak = 1",
        "getmetatable(_G).leak = 1",
        "setmetatable(redis, {})",
        "rawset(string, 'leak', 1)",
        "cjson.encode_sparse_array(true) cjson.leak = 1",
        "collectgarbage('stop') collectgarbage('setpause', 100000)",
        "KEYS = 1",
    ] {
        run_on(&mut machine, attack).unwrap();
        let check =
            "return tostring(rawget(_G, 'leak') or rawget(_G, 1) or rawget(redis, 1) or string.leak or cjson.leak
            or getmetatable(_G).leak)";
        assert_eq!(text(run_on(&mut machine, check).unwrap()), "nil", "{attack}");
    }
    assert_eq!(run_on(&mut machine, "return #KEYS"), Ok(Resp::Integer(0)));
}

#[test]
fn nothing_outside_can_be_reached() {
    for name in ["io", "require", "dofile", "loadfile", "print", "debug", "package", "getfenv", "setfenv", "newproxy"] {
        let Resp::Error(message) = run(&format!("return {name}")) else { panic!("{name} is there") };
        assert!(message.contains(&format!("nonexistent global variable '{name}'")), "{message}");
    }
    assert_eq!(text(run("return tostring(loadstring(string.dump(function() end)))")), "nil");
    assert_eq!(text(run("local s = '' for k in pairs(os) do s = s .. k end return s .. type(os.clock)")), "function");
}

#[test]
fn a_stopped_script_stays_stopped() {
    let interrupt = Arc::new(AtomicBool::new(true));
    for script in [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "local c = coroutine.wrap(function() while true do end end) while true do pcall(c) end",
        "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
        "return string.find(string.rep('a', 40), string.rep('a-', 20) .. string.rep('a*', 20) .. 'b')",
        "return string.gsub(string.rep('a', 1000), 'a*a*a*a*a*a*a*a*b', function() end)",
        "while true do collectgarbage() end",
        "while true do redis.call('x') end",
    ] {
        let mut machine = Machine::new(Arc::clone(&interrupt)).unwrap();
        assert_eq!(run_on(&mut machine, script), Err(Stop::Interrupted), "{script}");
    }
    interrupt.store(false, Ordering::Relaxed);
    assert_eq!(run_on(&mut machine(), "pcall(redis.call, 'halt') return 1"), Err(Stop::Host));
}

#[test]
fn memory_and_depth_end() {
    // Without optimization a thousand levels of JSON take more than the stack of a test.
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    thread.spawn(check_memory_and_depth).unwrap().join().unwrap();
}

fn check_memory_and_depth() {
    for (script, why) in [
        ("local t = {} while true do t[#t + 1] = string.rep('x', 1000000) .. #t end", "not enough memory"),
        ("return string.rep('x', 1e10)", "resulting string too large"),
        ("return string.rep('', 1e15) .. 'end'", "end"),
        ("local s = 'x' while true do s = s .. s end", "not enough memory"),
        ("local function f() return 1 + f() end f()", "stack overflow"),
        ("return string.find(string.rep('a', 1000), string.rep('a?', 1000))", "pattern too complex"),
        ("local t = {} t[1] = t return cjson.encode(t)", "excessive depth"),
        ("return cjson.decode(string.rep('[', 100000))", "too many nested"),
        ("local t = {} t[1] = t return t", "reached lua stack limit"),
        ("local ok, why = pcall(string.rep, 'x', 1e10) return why", "too large"),
    ] {
        let answer = format!("{:?}", run_on(&mut machine(), script).map(text));
        assert!(answer.contains(why), "{script}: {answer}");
    }
}

#[test]
fn errors_are_seen_as_redis_shows_them() {
    for (script, answer) in [
        ("local ok, e = pcall(redis.call, 'fail') return type(e) .. e", "stringERR refused"),
        ("local e = redis.pcall('fail') return e.err", "ERR refused"),
        ("local ok, e = pcall(error, {code = 'x'}) return e.code", "x"),
        (
            "local ok, e = pcall(cjson.decode, '[1') return e",
            "Expected comma or array end but found T_END at character 3",
        ),
        (
            "local ok, e = pcall(function() return string.rep() end) return e",
            "user_script:1: bad argument #1 to 'rep' (string expected, got no value)",
        ),
        ("local ok, e = pcall(string.gsub, 'a', 'a', function() error({err = 'inner'}) end) return e", "inner"),
        ("local ok, e = xpcall(function() error('x', 0) end, function(e) return 'seen ' .. e end) return e", "seen x"),
    ] {
        assert_eq!(text(run(script)), answer, "{script}");
    }
    let sha = super::sha1(b"\nredis.call('fail')");
    let message = format!("ERR refused script: {sha}, on @user_script:2.");
    assert_eq!(run("\nredis.call('fail')"), Resp::Error(message));
}
