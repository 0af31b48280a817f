//! The exchange: what the sessions of one store tell each other.
//!
//! A session joins as a [`Subscriber`], which has subscriptions and a mailbox. What a statement wants to
//! tell is a [`Signal`]; the session posts it when the statement has gone well, and to the other
//! sessions when it is committed. Semantics of channels and patterns:
//! redis.io/docs/latest/develop/pubsub.
//!
//! Nothing here knows transactions, engines or text: who posts decides when, and who reads decides how a
//! message is shown.

mod line;
mod watch;

pub use line::Place;
pub use watch::{Touch, WatchedKey};

use crate::reply::Event;
use crate::text::glob;
use bson::Document;
use line::Line;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use watch::Watch;

/// A mailbox holds at most so many letters; of more, the oldest are lost and counted.
pub const MAILBOX: usize = 1 << 16;

/// What a statement tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// PUBLISH, or a keyspace notification.
    Message {
        /// The channel's name.
        channel: Vec<u8>,
        /// The message.
        payload: Vec<u8>,
    },
    /// Documents have changed.
    Change(Arc<Change>),
}

/// A change of a collection or database, for change streams.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The database's name.
    pub database: String,
    /// The collection's name; empty where the database itself has changed.
    pub collection: String,
    /// The change event (mongodb.com/docs/manual/reference/change-events).
    pub event: Document,
}

/// What lies in a mailbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Letter {
    /// A message of a channel or pattern that the session subscribed to.
    Event(Event),
    /// A change; the session's open change streams say whether it concerns them.
    Change(Arc<Change>),
}

/// Who receives what is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The posting session.
    Oneself,
    /// All sessions but the posting one.
    Others,
}

/// Shared by all sessions of a store.
#[derive(Debug, Default)]
pub struct Exchange {
    members: Mutex<Members>,
    line: Arc<Line>,
    /// Held while a session tells what it has changed and commits it: nobody begins to watch in between.
    committing: Mutex<()>,
}

#[derive(Debug, Default)]
struct Members {
    next_id: u64,
    by_id: BTreeMap<u64, Member>,
}

/// What others may know of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number, from 1.
    pub id: u64,
    /// Its name; empty if it has none.
    pub name: Vec<u8>,
    /// Channels subscribed to.
    pub channels: usize,
    /// Patterns subscribed to.
    pub patterns: usize,
    /// Keys watched.
    pub watched: usize,
}

impl Session {
    /// Whether it is subscribed to anything.
    pub fn is_subscribed(&self) -> bool {
        self.channels + self.patterns > 0
    }
}

#[derive(Debug, Default)]
struct Member {
    name: Vec<u8>,
    channels: BTreeSet<Vec<u8>>,
    /// In the order of their subscription, in which a message that several match is delivered.
    patterns: Vec<Vec<u8>>,
    /// Keys watched for EXEC.
    watch: Watch,
    /// Open change streams.
    change_streams: usize,
    mailbox: VecDeque<Letter>,
    lost: u64,
    /// Set while something lies in the mailbox: its owner looks here before every statement.
    has_mail: Arc<AtomicBool>,
}

impl Member {
    fn receive(&mut self, letter: Letter) {
        if self.mailbox.len() == MAILBOX {
            self.mailbox.pop_front();
            self.lost += 1;
        }
        self.mailbox.push_back(letter);
        self.has_mail.store(true, Ordering::Release);
    }

    fn deliver(&mut self, signal: &Signal) {
        match signal {
            Signal::Message { channel, payload } => {
                if self.channels.contains(channel) {
                    let message = Event::Message { channel: channel.clone(), payload: payload.clone() };
                    self.receive(Letter::Event(message));
                }
                let matching: Vec<_> =
                    self.patterns.iter().filter(|pattern| glob::matches(pattern, channel)).cloned().collect();
                for pattern in matching {
                    let (channel, payload) = (channel.clone(), payload.clone());
                    self.receive(Letter::Event(Event::PatternMessage { pattern, channel, payload }));
                }
            }
            Signal::Change(change) if self.change_streams > 0 => self.receive(Letter::Change(Arc::clone(change))),
            Signal::Change(_) => {}
        }
    }

    fn as_session(&self, id: u64) -> Session {
        Session {
            id: id + 1,
            name: self.name.clone(),
            channels: self.channels.len(),
            patterns: self.patterns.len(),
            watched: self.watch.len(),
        }
    }

    fn subscriptions(&self) -> usize {
        self.channels.len() + self.patterns.len()
    }
}

impl Exchange {
    fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often a message of this channel would be delivered: once for each subscribed session and once
    /// for each matching pattern, as PUBLISH answers.
    pub fn receivers(&self, channel: &[u8]) -> usize {
        let received = |member: &Member| {
            let patterns = member.patterns.iter().filter(|pattern| glob::matches(pattern, channel)).count();
            usize::from(member.channels.contains(channel)) + patterns
        };
        self.members().by_id.values().map(received).sum()
    }

    /// The channels that somebody is subscribed to, in order.
    pub fn channels(&self) -> BTreeSet<Vec<u8>> {
        self.members().by_id.values().flat_map(|member| member.channels.iter().cloned()).collect()
    }

    /// How many sessions are subscribed to a channel, patterns not counted.
    pub fn subscribers(&self, channel: &[u8]) -> usize {
        self.members().by_id.values().filter(|member| member.channels.contains(channel)).count()
    }

    /// How many different patterns somebody is subscribed to.
    pub fn patterns(&self) -> usize {
        self.members().by_id.values().flat_map(|member| &member.patterns).collect::<BTreeSet<_>>().len()
    }

    /// All sessions, in the order in which they came.
    pub fn sessions(&self) -> Vec<Session> {
        self.members().by_id.iter().map(|(id, member)| member.as_session(*id)).collect()
    }

    /// Whether there is more than one session.
    pub fn is_shared(&self) -> bool {
        self.members().by_id.len() > 1
    }

    /// Held while changes are told and committed, and while a watch begins.
    pub fn committing(&self) -> MutexGuard<'_, ()> {
        self.committing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether some session has a change stream open: changes are not described for nobody.
    pub fn is_watched(&self) -> bool {
        self.members().by_id.values().any(|member| member.change_streams > 0)
    }
}

/// One session's place in the exchange; dropping it leaves.
#[derive(Debug)]
pub struct Subscriber {
    exchange: Arc<Exchange>,
    id: u64,
    has_mail: Arc<AtomicBool>,
}

impl Subscriber {
    /// Joins an exchange without subscriptions.
    pub fn join(exchange: Arc<Exchange>) -> Self {
        let mut members = exchange.members();
        let id = members.next_id;
        members.next_id += 1;
        let member = Member::default();
        let has_mail = Arc::clone(&member.has_mail);
        members.by_id.insert(id, member);
        drop(members);
        Subscriber { exchange, id, has_mail }
    }

    /// Leaves for another exchange, with its subscriptions and its mail.
    pub fn move_to(&mut self, exchange: Arc<Exchange>) {
        let member = self.with(std::mem::take);
        *self = Subscriber::join(exchange);
        self.has_mail = Arc::clone(&member.has_mail);
        self.with(|new| *new = member);
    }

    /// The exchange.
    pub fn exchange(&self) -> &Arc<Exchange> {
        &self.exchange
    }

    fn with<T>(&self, act: impl FnOnce(&mut Member) -> T) -> T {
        act(self.exchange.members().by_id.entry(self.id).or_default())
    }

    /// Subscribes to a channel; answers the number of subscriptions then.
    pub fn subscribe(&self, channel: &[u8]) -> usize {
        self.with(|member| {
            member.channels.insert(channel.to_vec());
            member.subscriptions()
        })
    }

    /// Ends a subscription to a channel; answers the number of subscriptions then.
    pub fn unsubscribe(&self, channel: &[u8]) -> usize {
        self.with(|member| {
            member.channels.remove(channel);
            member.subscriptions()
        })
    }

    /// Subscribes to all channels whose name matches a glob; answers the number of subscriptions then.
    pub fn subscribe_pattern(&self, pattern: &[u8]) -> usize {
        self.with(|member| {
            if !member.patterns.iter().any(|known| known == pattern) {
                member.patterns.push(pattern.to_vec());
            }
            member.subscriptions()
        })
    }

    /// Ends a subscription to a pattern; answers the number of subscriptions then.
    pub fn unsubscribe_pattern(&self, pattern: &[u8]) -> usize {
        self.with(|member| {
            member.patterns.retain(|known| known != pattern);
            member.subscriptions()
        })
    }

    /// The channels subscribed to, in order.
    pub fn channels(&self) -> Vec<Vec<u8>> {
        self.with(|member| member.channels.iter().cloned().collect())
    }

    /// The patterns subscribed to, in the order of their subscription.
    pub fn patterns(&self) -> Vec<Vec<u8>> {
        self.with(|member| member.patterns.clone())
    }

    /// This session as others see it.
    pub fn session(&self) -> Session {
        self.with(|member| member.as_session(self.id))
    }

    /// Gives the session a name; an empty one takes it away.
    pub fn set_name(&self, name: &[u8]) {
        self.with(|member| member.name = name.to_vec());
    }

    /// Ends the subscriptions, forgets the watched keys and the name.
    pub fn start_over(&self) {
        self.with(|member| {
            member.channels.clear();
            member.patterns.clear();
            member.name.clear();
            member.watch = Watch::default();
        });
    }

    /// Watches a key.
    pub fn watch(&self, key: WatchedKey) {
        self.with(|member| member.watch.add(key));
    }

    /// Forgets all watched keys.
    pub fn unwatch(&self) {
        self.with(|member| member.watch = Watch::default());
    }

    /// Whether a key is watched.
    pub fn is_watching(&self) -> bool {
        self.with(|member| !member.watch.is_empty())
    }

    /// Whether a watched key has been changed.
    pub fn is_touched(&self) -> bool {
        self.with(|member| member.watch.is_touched())
    }

    /// The names of the keys that this session watches, in whatever keyspace.
    pub fn watched_keys(&self) -> Vec<Vec<u8>> {
        self.with(|member| member.watch.keys().map(<[u8]>::to_vec).collect())
    }

    /// Tells those who watch keys of a database what was changed in it.
    pub fn touch(&self, database: &str, touches: &[Touch], audience: Audience) {
        for (id, member) in &mut self.exchange.members().by_id {
            if (*id == self.id) == (audience == Audience::Oneself) {
                member.watch.touch(database, touches, audience);
            }
        }
    }

    /// Takes a place in the line of those who wait for data under one of these keys of a database's keyspace.
    pub fn stand_in_line(&self, database: &[u8], keyspace: u8, keys: &[Vec<u8>]) -> Place {
        let keys = keys.iter().map(|key| (database.to_vec(), keyspace, key.clone()));
        Place::take(Arc::clone(&self.exchange.line), keys.collect())
    }

    /// How many change streams this session has open.
    pub fn set_change_streams(&self, open: usize) {
        self.with(|member| member.change_streams = open);
    }

    /// Ends all subscriptions and empties the mailbox.
    pub fn reset(&self) {
        self.with(|member| *member = Member { has_mail: Arc::clone(&member.has_mail), ..Member::default() });
    }

    /// Posts signals, in order.
    pub fn post<'s>(&self, signals: impl IntoIterator<Item = &'s Signal>, audience: Audience) {
        let mut members = self.exchange.members();
        for signal in signals {
            for (id, member) in &mut members.by_id {
                if (*id == self.id) == (audience == Audience::Oneself) {
                    member.deliver(signal);
                }
            }
        }
    }

    /// Empties the mailbox; answers what lay in it and how many older letters were lost.
    pub fn collect(&self) -> (Vec<Letter>, u64) {
        if !self.has_mail.swap(false, Ordering::Acquire) {
            return (Vec::new(), 0);
        }
        self.with(|member| (member.mailbox.drain(..).collect(), std::mem::take(&mut member.lost)))
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.exchange.members().by_id.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(channel: &str, payload: &str) -> Signal {
        Signal::Message { channel: channel.into(), payload: payload.into() }
    }

    fn taken(subscriber: &Subscriber) -> Vec<String> {
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let letters = subscriber.collect().0;
        letters
            .iter()
            .map(|letter| match letter {
                Letter::Event(Event::Message { channel, payload }) => format!("{} {}", show(channel), show(payload)),
                Letter::Event(Event::PatternMessage { pattern, channel, payload }) => {
                    format!("{}: {} {}", show(pattern), show(channel), show(payload))
                }
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_message_comes_once_for_the_channel_and_once_for_each_pattern() {
        let exchange = Arc::new(Exchange::default());
        let (ann, bob) = (Subscriber::join(Arc::clone(&exchange)), Subscriber::join(Arc::clone(&exchange)));
        assert_eq!(ann.subscribe(b"news"), 1);
        assert_eq!(ann.subscribe(b"news"), 1);
        assert_eq!(ann.subscribe_pattern(b"n*"), 2);
        assert_eq!(bob.subscribe_pattern(b"n?ws"), 1);
        assert_eq!(exchange.receivers(b"news"), 3);
        assert_eq!((exchange.subscribers(b"news"), exchange.patterns()), (1, 2));
        let signals = [message("news", "a"), message("weather", "b")];
        ann.post(&signals, Audience::Oneself);
        assert_eq!(taken(&ann), ["news a", "n*: news a"]);
        assert_eq!(taken(&bob), [""; 0]);
        ann.post(&signals, Audience::Others);
        assert_eq!(taken(&ann), [""; 0]);
        assert_eq!(taken(&bob), ["n?ws: news a"]);
        drop(ann);
        assert_eq!(exchange.receivers(b"news"), 1);
        assert_eq!(exchange.channels().len(), 0);
    }

    #[test]
    fn changes_go_to_open_change_streams_only() {
        let exchange = Arc::new(Exchange::default());
        let watcher = Subscriber::join(Arc::clone(&exchange));
        let change = Change { database: "test".to_owned(), collection: "c".to_owned(), event: bson::doc! { "_id": 1 } };
        let signal = Signal::Change(Arc::new(change));
        watcher.post([&signal], Audience::Oneself);
        assert!(!exchange.is_watched() && watcher.collect().0.is_empty());
        watcher.set_change_streams(1);
        watcher.post([&signal], Audience::Oneself);
        assert!(exchange.is_watched() && watcher.collect().0.len() == 1);
    }

    #[test]
    fn a_mailbox_that_nobody_empties_loses_the_oldest() {
        let subscriber = Subscriber::join(Arc::default());
        subscriber.subscribe(b"c");
        let signals: Vec<Signal> = (0..MAILBOX + 2).map(|n| message("c", &n.to_string())).collect();
        subscriber.post(&signals, Audience::Oneself);
        let (letters, lost) = subscriber.collect();
        assert_eq!((letters.len(), lost), (MAILBOX, 2));
        assert!(matches!(&letters[0], Letter::Event(Event::Message { payload, .. }) if payload == b"2"));
        assert_eq!(subscriber.collect(), (Vec::new(), 0));
    }
}
