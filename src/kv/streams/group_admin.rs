//! XGROUP: making and removing groups and consumers.

use super::groups::Group;
use super::{Answer, Args, Context, Error, Id, Resp, Result, Stream};
use crate::kv::number::integer_argument;
use crate::kv::subcommand::Container;

/// XGROUP and its subcommands.
pub const XGROUP: Container = Container {
    name: "xgroup",
    subcommands: &[
        ("create", -5),
        ("createconsumer", 5),
        ("delconsumer", 5),
        ("destroy", 4),
        ("help", 2),
        ("setid", -5),
    ],
    help: &[
        "XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CREATE <key> <groupname> <id|$> [option]",
        "    Create a new consumer group. Options are:",
        "    * MKSTREAM",
        "      Create the empty stream if it does not exist.",
        "    * ENTRIESREAD entries_read",
        "      Set the group's entries_read counter (internal use).",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "    Create a new consumer in the specified group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "    Remove the specified consumer.",
        "DESTROY <key> <groupname>",
        "    Remove the specified group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
        "    Set the current group ID and entries_read counter.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// XGROUP CREATE|SETID|DESTROY|CREATECONSUMER|DELCONSUMER key group …, XGROUP HELP
pub fn xgroup(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let typed = args.first().map(|typed| typed.get(..128).unwrap_or(typed)).unwrap_or_default();
    match XGROUP.choose(args)? {
        ("create", [key, group, id, options @ ..]) => {
            let options = Options::parse(options, typed, true)?;
            create(cx, key, group, id, options)
        }
        ("setid", [key, group, id, options @ ..]) => {
            let options = Options::parse(options, typed, false)?;
            let stream = existing(cx, key)?;
            let mut group = existing_group(cx, &stream, key, group)?;
            group.last = if id == b"$" { stream.last } else { Id::parse_open(id, 0)? };
            group.read = options.read;
            group.save(cx, &stream)?;
            cx.unwatched(|cx| stream.save(cx, key))?;
            Ok(Resp::ok())
        }
        ("destroy", [key, group]) => {
            let stream = existing(cx, key)?;
            let Some(group) = Group::open(cx, &stream, group)? else { return Ok(Resp::Integer(0)) };
            group.destroy(cx, &stream)?;
            cx.unwatched(|cx| stream.save(cx, key))?;
            Ok(Resp::Integer(1))
        }
        ("createconsumer", [key, group, consumer]) => {
            let mut stream = existing(cx, key)?;
            let group = existing_group(cx, &stream, key, group)?;
            if group.consumer(cx, &stream, consumer)?.is_some() {
                return Ok(Resp::Integer(0));
            }
            group.taking_part(cx, &mut stream, consumer)?;
            cx.unwatched(|cx| stream.save(cx, key))?;
            Ok(Resp::Integer(1))
        }
        ("delconsumer", [key, group, consumer]) => {
            let stream = existing(cx, key)?;
            let group = existing_group(cx, &stream, key, group)?;
            let Some(consumer) = group.consumer(cx, &stream, consumer)? else { return Ok(Resp::Integer(0)) };
            let pending = group.remove_consumer(cx, &stream, &consumer)?;
            cx.unwatched(|cx| stream.save(cx, key))?;
            Ok(Resp::Integer(pending as i64))
        }
        _ => Ok(XGROUP.help()),
    }
}

/// The words behind the id of CREATE and SETID.
struct Options {
    make_stream: bool,
    read: Option<u64>,
}

impl Options {
    fn parse(words: Args<'_>, subcommand: &[u8], create: bool) -> Result<Self> {
        let mut options = Options { make_stream: false, read: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match (word.to_ascii_uppercase().as_slice(), words.len()) {
                (b"MKSTREAM", _) if create => options.make_stream = true,
                (b"ENTRIESREAD", 1..) => {
                    let read = words.next().map_or(Ok(-1), |word| integer_argument(word))?;
                    if read < -1 {
                        return Err(Error::err("value for ENTRIESREAD must be positive or -1"));
                    }
                    options.read = u64::try_from(read).ok();
                }
                _ => {
                    let typed = String::from_utf8_lossy(subcommand);
                    return Err(Error::err(format_args!(
                        "unknown subcommand or wrong number of arguments for '{typed}'. Try XGROUP HELP."
                    )));
                }
            }
        }
        Ok(options)
    }
}

fn create(cx: &mut Context<'_>, key: &[u8], group: &[u8], id: &[u8], options: Options) -> Answer {
    let stream = if options.make_stream { Stream::open(cx, key)? } else { Some(existing(cx, key)?) };
    let last = match (id, &stream) {
        (b"$", stream) => stream.as_ref().map_or(Id::ZERO, |stream| stream.last),
        (id, _) => Id::parse(id, 0)?,
    };
    let is_there = stream.is_some();
    let mut stream = match stream {
        Some(stream) => stream,
        None => Stream::create(cx)?,
    };
    if Group::open(cx, &stream, group)?.is_some() {
        return Err(Error::Reply("BUSYGROUP Consumer Group name already exists".to_owned()));
    }
    Group::create(&mut stream, group, last, options.read).save(cx, &stream)?;
    // A new stream is a change for WATCH, a new group is none.
    match is_there {
        true => cx.unwatched(|cx| stream.save(cx, key))?,
        false => stream.save(cx, key)?,
    }
    Ok(Resp::ok())
}

fn existing(cx: &Context<'_>, key: &[u8]) -> Result<Stream> {
    Stream::open(cx, key)?.ok_or_else(|| {
        Error::err(
            "The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM \
             option to create an empty stream automatically.",
        )
    })
}

/// A group that must be there.
pub fn existing_group(cx: &Context<'_>, stream: &Stream, key: &[u8], group: &[u8]) -> Result<Group> {
    Group::open(cx, stream, group)?.ok_or_else(|| {
        let (group, key) = (String::from_utf8_lossy(group), String::from_utf8_lossy(key));
        Error::Reply(format!("NOGROUP No such consumer group '{group}' for key name '{key}'"))
    })
}
