//! The session as Redis' client: CLIENT and HELLO. There is no network, so what is told is what a
//! session has: a number, a name, its keyspace, its subscriptions.

use super::REDIS_VERSION;
use crate::exchange::Session;
use crate::kv::number::integer;
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// CLIENT and its subcommands.
pub const CLIENT: Container = Container {
    name: "client",
    subcommands: &[
        ("getname", 2),
        ("getredir", 2),
        ("help", 2),
        ("id", 2),
        ("info", 2),
        ("kill", -3),
        ("list", -2),
        ("no-evict", 3),
        ("no-touch", 3),
        ("reply", 3),
        ("setinfo", 4),
        ("setname", 3),
        ("trackinginfo", 2),
    ],
    help: &[
        "CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GETNAME",
        "    Return the name of the current connection.",
        "GETREDIR",
        "    Return the client ID we are redirecting to when tracking is enabled.",
        "ID",
        "    Return the ID of the current connection.",
        "INFO",
        "    Return information about the current client connection.",
        "LIST [options ...]",
        "    Return information about client connections. Options:",
        "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
        "      Return clients of specified type.",
        "NO-EVICT (ON|OFF)",
        "    Protect current client connection from eviction.",
        "NO-TOUCH (ON|OFF)",
        "    Will not touch LRU/LFU stats when this mode is on.",
        "REPLY (ON|OFF|SKIP)",
        "    Control the replies sent to the current connection.",
        "SETINFO <option> <value>",
        "    Set client meta attr.",
        "SETNAME <name>",
        "    Assign the name <name> to the current connection.",
        "TRACKINGINFO",
        "    Report tracking status for the current connection.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// CLIENT GETNAME|SETNAME|ID|INFO|LIST|…
pub fn client(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let subscriber = cx.subscriber;
    match CLIENT.choose(args)? {
        ("getname", _) => Ok(match subscriber.session().name {
            name if name.is_empty() => Resp::Nil,
            name => Resp::Bulk(name),
        }),
        ("setname", [name]) => {
            set_name(cx, name)?;
            Ok(Resp::ok())
        }
        ("id", _) => Ok(Resp::Integer(subscriber.session().id as i64)),
        ("info", _) => Ok(Resp::Text(line(&subscriber.session(), Some(cx.keyspace), "client|info"))),
        ("list", filter) => list(cx, filter),
        ("setinfo", [option, _]) => match option.to_ascii_lowercase().as_slice() {
            b"lib-name" | b"lib-ver" => Ok(Resp::ok()),
            _ => {
                let option = String::from_utf8_lossy(option);
                Err(Error::err(format_args!("Unrecognized option '{option}'")))
            }
        },
        ("no-evict" | "no-touch", [word]) => match word.to_ascii_uppercase().as_slice() {
            b"ON" | b"OFF" => Ok(Resp::ok()),
            _ => Err(Error::syntax()),
        },
        ("reply", [word]) if word.eq_ignore_ascii_case(b"ON") => Ok(Resp::ok()),
        ("reply", [word]) if word.eq_ignore_ascii_case(b"OFF") || word.eq_ignore_ascii_case(b"SKIP") => {
            Err(Error::err("every statement is answered here; --quiet leaves out the remarks"))
        }
        ("reply", _) => Err(Error::syntax()),
        ("kill", [_]) => Err(Error::err("No such client")),
        ("kill", filter) => kill(cx, filter),
        ("getredir", _) => Ok(Resp::Integer(-1)),
        ("trackinginfo", _) => Ok(Resp::Array(vec![
            Resp::bulk("flags"),
            Resp::Array(vec![Resp::bulk("off")]),
            Resp::bulk("redirect"),
            Resp::Integer(-1),
            Resp::bulk("prefixes"),
            Resp::Array(Vec::new()),
        ])),
        _ => Ok(CLIENT.help()),
    }
}

fn set_name(cx: &Context<'_>, name: &[u8]) -> Result<()> {
    if name.iter().any(|byte| !(b'!'..=b'~').contains(byte)) {
        return Err(Error::err("Client names cannot contain spaces, newlines or special characters."));
    }
    cx.subscriber.set_name(name);
    Ok(())
}

/// CLIENT LIST [TYPE type] [ID id …]
fn list(cx: &Context<'_>, filter: Args<'_>) -> Answer {
    let mut sessions = cx.subscriber.exchange().sessions();
    match filter {
        [] => {}
        [word, kind] if word.eq_ignore_ascii_case(b"TYPE") => match kind.to_ascii_lowercase().as_slice() {
            b"normal" => sessions.retain(|session| !session.is_subscribed()),
            b"pubsub" => sessions.retain(Session::is_subscribed),
            b"master" | b"replica" | b"slave" => sessions.clear(),
            _ => {
                let kind = String::from_utf8_lossy(kind);
                return Err(Error::err(format_args!("Unknown client type '{kind}'")));
            }
        },
        [word, ids @ ..] if word.eq_ignore_ascii_case(b"ID") && !ids.is_empty() => {
            let ids = ids.iter().map(|id| client_id(id)).collect::<Result<Vec<_>>>()?;
            sessions.retain(|session| ids.contains(&session.id));
        }
        _ => return Err(Error::syntax()),
    }
    let own = cx.subscriber.session().id;
    // Where others are is their own business.
    let keyspace = |session: &Session| (session.id == own).then_some(cx.keyspace);
    Ok(Resp::Text(sessions.iter().map(|session| line(session, keyspace(session), "client|list")).collect()))
}

fn client_id(word: &[u8]) -> Result<u64> {
    integer(word)
        .and_then(|id| u64::try_from(id).ok())
        .filter(|id| *id > 0)
        .ok_or_else(|| Error::err("Invalid client ID"))
}

/// CLIENT KILL with filters: a session is left from inside, so only those can be named that are not there.
fn kill(cx: &Context<'_>, filter: Args<'_>) -> Answer {
    let sessions = cx.subscriber.exchange().sessions();
    let (pairs, []) = filter.as_chunks::<2>() else { return Err(Error::syntax()) };
    for [filter, value] in pairs {
        let names_one = match filter.to_ascii_uppercase().as_slice() {
            b"ID" => {
                let id = client_id(value)?;
                sessions.iter().any(|session| session.id == id)
            }
            b"ADDR" | b"LADDR" => false,
            b"USER" | b"TYPE" | b"SKIPME" | b"MAXAGE" => true,
            _ => return Err(Error::syntax()),
        };
        if !names_one {
            return Ok(Resp::Integer(0));
        }
    }
    Err(Error::err("a session here is ended by itself only: exit"))
}

fn line(session: &Session, keyspace: Option<u8>, command: &str) -> String {
    let Session { id, name, channels, patterns, watched } = session;
    let name = String::from_utf8_lossy(name);
    let keyspace = keyspace.map(|keyspace| keyspace.to_string()).unwrap_or_default();
    format!(
        "id={id} addr= name={name} db={keyspace} sub={channels} psub={patterns} ssub=0 multi=-1 watch={watched} \
         cmd={command} user=default redir=-1 resp=2\n"
    )
}

/// HELLO [protover [AUTH username password] [SETNAME name]]: replies have the shapes of RESP2.
pub fn hello(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    if let [version, options @ ..] = args {
        let version = integer(version);
        let version = version.ok_or_else(|| Error::err("Protocol version is not an integer or out of range"))?;
        if version != 2 {
            return Err(Error::Reply("NOPROTO unsupported protocol version".to_owned()));
        }
        let mut words = options;
        while let [word, rest @ ..] = words {
            words = match (word.to_ascii_uppercase().as_slice(), rest) {
                (b"AUTH", [user, _, rest @ ..]) if user == b"default" => rest,
                (b"AUTH", [_, _, ..]) => {
                    let text = "WRONGPASS invalid username-password pair or user is disabled.";
                    return Err(Error::Reply(text.to_owned()));
                }
                (b"SETNAME", [name, rest @ ..]) => {
                    set_name(cx, name)?;
                    rest
                }
                _ => {
                    let word = String::from_utf8_lossy(word);
                    return Err(Error::err(format_args!("Syntax error in HELLO option '{word}'")));
                }
            };
        }
    }
    Ok(Resp::Array(vec![
        Resp::bulk("server"),
        Resp::bulk("redis"),
        Resp::bulk("version"),
        Resp::bulk(REDIS_VERSION),
        Resp::bulk("proto"),
        Resp::Integer(2),
        Resp::bulk("id"),
        Resp::Integer(cx.subscriber.session().id as i64),
        Resp::bulk("mode"),
        Resp::bulk("standalone"),
        Resp::bulk("role"),
        Resp::bulk("master"),
        Resp::bulk("modules"),
        Resp::Array(Vec::new()),
    ]))
}
