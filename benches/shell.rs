//! Whole commands against their peers: `cargo bench --bench shell [-- NAME…]`.
//!
//! Every figure is the median of several runs, taken in turn with the peer's in the same minutes, since
//! absolute times of a shared machine say little; read the ratios. Peers that are not installed are
//! left out. GET and mixed read what SET has left. `TRINE_BENCH_N` sets the number of statements
//! (default 1,000,000), `TRINE_BENCH_ROUNDS` the number of rounds (default 3).

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TRINE: &str = env!("CARGO_BIN_EXE_trine");

type Failure = Box<dyn std::error::Error>;

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs a command to its end, with a file as its standard input, and says how long it took.
fn time(mut command: Command, input: Option<&Path>) -> Result<Duration, Failure> {
    command.stdout(Stdio::null());
    command.stdin(match input {
        Some(path) => File::open(path)?.into(),
        None => Stdio::null(),
    });
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if !status.success() {
        return Err(format!("{command:?} failed: {status}").into());
    }
    Ok(took)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How a peer keeps its data: not at all, on disk each second, on disk before it answers.
const PERSISTENCE: [&str; 3] = ["no", "everysec", "always"];

/// A redis-server of our own on a free port.
struct Redis {
    process: Child,
    port: u16,
    persistence: &'static str,
}

impl Redis {
    /// Starts one, with a word of [`PERSISTENCE`].
    fn start(folder: &Path, persistence: &'static str) -> Option<Redis> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let folder = folder.join(persistence);
        fs::create_dir_all(&folder).ok()?;
        let (append, sync) = if persistence == "no" { ("no", "no") } else { ("yes", persistence) };
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", append, "--appendfsync", sync, "--dir"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let redis = Redis { process, port, persistence };
        for _ in 0..100 {
            if redis.cli(&["PING"]).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?.success() {
                return Some(redis);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }

    fn cli(&self, args: &[&str]) -> Command {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string()]).args(args);
        command
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn trine(args: &[&str]) -> Command {
    let mut command = Command::new(TRINE);
    command.args(args);
    command
}

fn report(name: &str, ours: Duration, peer: Option<(&str, Duration)>) {
    let ours_ms = ours.as_secs_f64() * 1e3;
    match peer {
        Some((peer, theirs)) => {
            let theirs_ms = theirs.as_secs_f64() * 1e3;
            println!(
                "{name:<34} trine {ours_ms:>9.1} ms   {peer} {theirs_ms:>9.1} ms   ratio {:.3}",
                ours_ms / theirs_ms
            );
        }
        None => println!("{name:<34} trine {ours_ms:>9.1} ms"),
    }
}

/// `n` statements of a workload, one a line.
fn lines(workload: &str, n: usize) -> String {
    let mut text = String::with_capacity(n * 30);
    for i in 0..n {
        let _ = match workload {
            "SET" => writeln!(text, "SET key:{i} value:{i:06}"),
            "GET" => writeln!(text, "GET key:{}", i.wrapping_mul(7_919) % n),
            "INCR" => writeln!(text, "INCR counter:{}", i % 1000),
            "LPUSH" => writeln!(text, "LPUSH list:{} {i}", i % 100),
            "SADD" => writeln!(text, "SADD set:{} member:{i}", i % 100),
            "HSET" => writeln!(text, "HSET hash:{} field:{} {i}", i % 1000, i / 1000),
            "ZADD" => writeln!(text, "ZADD zset:{} {} member:{i}", i % 100, i.wrapping_mul(7_919) % n),
            // What a cache and a leaderboard are asked: mostly reads, of keys that the workloads before have made.
            _ => match i % 10 {
                0..5 => writeln!(text, "GET key:{}", i.wrapping_mul(7_919) % n),
                5 | 6 => writeln!(text, "SET key:{} changed", i.wrapping_mul(7_919) % n),
                7 => writeln!(text, "HSET session:{} seen {i}", i % 5000),
                8 => writeln!(text, "ZINCRBY board 1 player:{}", i % 5000),
                _ => writeln!(text, "ZREVRANGE board 0 9 WITHSCORES"),
            },
        };
    }
    text
}

fn resp(lines: &str) -> String {
    let mut text = String::with_capacity(lines.len() * 3);
    for line in lines.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let _ = write!(text, "*{}\r\n", words.len());
        for word in words {
            let _ = write!(text, "${}\r\n{word}\r\n", word.len());
        }
    }
    text
}

fn kv(folder: &Path, n: usize, rounds: usize, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let servers: Vec<Redis> = PERSISTENCE.iter().filter_map(|how| Redis::start(folder, how)).collect();
    let database = folder.join("kv.redb");
    let database_arg = database.to_string_lossy().into_owned();
    for workload in ["SET", "GET", "INCR", "LPUSH", "SADD", "HSET", "ZADD", "mixed"] {
        if !wanted(workload) {
            continue;
        }
        let keeps_data = ["GET", "mixed"].contains(&workload);
        let text = lines(workload, n);
        let (plain, piped) = (folder.join("lines.txt"), folder.join("lines.resp"));
        fs::write(&piped, resp(&text))?;
        fs::write(&plain, text)?;
        let (mut ours, mut pipes) = (Vec::new(), vec![Vec::new(); servers.len()]);
        for _ in 0..rounds {
            if !keeps_data {
                let _ = fs::remove_file(&database);
            }
            ours.push(time(trine(&[&database_arg]), Some(&plain))?);
            for (redis, times) in servers.iter().zip(&mut pipes) {
                if !keeps_data {
                    time(redis.cli(&["FLUSHALL"]), None)?;
                }
                times.push(time(redis.cli(&["--pipe"]), Some(&piped))?);
            }
        }
        for (redis, times) in servers.iter().zip(pipes) {
            let peer = format!("redis-cli --pipe, append {}", redis.persistence);
            report(&format!("{n} {workload}, one pipe"), median(ours.clone()), Some((&peer, median(times))));
        }
        match servers.first() {
            None => report(&format!("{n} {workload}, one pipe"), median(ours), None),
            Some(redis) if workload == "SET" => {
                time(redis.cli(&["FLUSHALL"]), None)?;
                let theirs = time(redis.cli(&[]), Some(&plain))?;
                report(&format!("{n} SET, lines"), median(ours), Some(("redis-cli < file", theirs)));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Statements that are each on disk before the next one begins.
fn durable(folder: &Path, rounds: usize) -> Result<(), Failure> {
    const N: usize = 1000;
    let redis = Redis::start(folder, "always");
    let (plain, database) = (folder.join("durable.txt"), folder.join("durable.redb"));
    fs::write(&plain, lines("SET", N))?;
    let database = database.to_string_lossy().into_owned();
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(time(trine(&["--durability", "statement", &database]), Some(&plain))?);
        if let Some(redis) = &redis {
            peer.push(time(redis.cli(&[]), Some(&plain))?);
        }
    }
    let peer = (!peer.is_empty()).then(|| ("redis-cli < file, append always", median(peer)));
    report(&format!("{N} SET, each on disk"), median(ours), peer);
    Ok(())
}

fn start(folder: &Path, rounds: usize) -> Result<(), Failure> {
    let redis = Redis::start(folder, "no");
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..rounds * 7 {
        ours.push(time(trine(&["-e", "PING"]), None)?);
        if let Some(redis) = &redis {
            peer.push(time(redis.cli(&["PING"]), None)?);
        }
    }
    report("start to first answer, memory", median(ours), (!peer.is_empty()).then(|| ("redis-cli PING", median(peer))));
    Ok(())
}

/// One collection scan and one two-hop MATCH over 100,000 items, each less an empty run on the same file.
fn queries(folder: &Path, rounds: usize) -> Result<(), Failure> {
    let n = 100_000;
    let database = folder.join("queries.redb").to_string_lossy().into_owned();
    let script = folder.join("queries.trine");
    let mut text = String::new();
    for chunk in 0..n / 1000 {
        text.push_str("db.orders.insertMany([");
        for i in chunk * 1000..(chunk + 1) * 1000 {
            let _ = write!(
                text,
                "{{_id:{i},customer:{},total:{},status:\"{}\",city:\"c{}\"}},",
                i % 997,
                i % 1003,
                ["new", "paid", "sent"][i % 3],
                i % 50
            );
        }
        text.push_str("])\n");
    }
    let _ = writeln!(text, "UNWIND range(0, {}) AS i CREATE (:P {{id: i}});", n - 1);
    text.push_str("CREATE INDEX FOR (p:P) ON (p.id);\n");
    let _ = writeln!(
        text,
        "UNWIND range(0, {}) AS i MATCH (a:P {{id: i}}), (b:P {{id: (i * 7919 + 1) % {n}}}) CREATE (a)-[:T]->(b);",
        n - 1
    );
    fs::write(&script, text)?;
    report("load 100,000 documents and nodes", time(trine(&[&database, "-f", &script.to_string_lossy()]), None)?, None);
    for (name, statement) in [
        ("nothing (open the file)", "PING"),
        ("document scan, 100,000", "db.orders.countDocuments({ total: { $gt: 500 }, status: \"paid\" })"),
        (
            "document group, 100,000",
            "db.orders.aggregate([{ $group: { _id: \"$status\", sum: { $sum: \"$total\" } } }])",
        ),
        ("two hops from one node", "MATCH (a:P {id: 1})-->()-->(c) RETURN c.id;"),
        ("two hops from everywhere, 100,000", "MATCH (a:P)-->()-->(c) RETURN count(c);"),
    ] {
        let times: Result<Vec<_>, _> = (0..rounds).map(|_| time(trine(&[&database, "-e", statement]), None)).collect();
        report(name, median(times?), None);
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    // `cargo bench` passes --bench; other words choose workloads.
    let names: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let folder: PathBuf = std::env::temp_dir().join(format!("trine-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let (n, rounds) = (setting("TRINE_BENCH_N", 1_000_000), setting("TRINE_BENCH_ROUNDS", 3));
    if wanted("start") {
        start(&folder, rounds)?;
    }
    if wanted("durable") {
        durable(&folder, rounds)?;
    }
    kv(&folder, n, rounds, &wanted)?;
    if wanted("queries") {
        queries(&folder, rounds)?;
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}
