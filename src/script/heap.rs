//! What scripts allocate, and how much of it is alive.

use super::scope::Scope;
use super::value::Value;
use crate::ast::script::{Function, Name};
use crate::text::Diagnostic;
use bson::Bson;
use indexmap::IndexMap;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

thread_local! {
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    static MUTATIONS: Cell<u64> = const { Cell::new(0) };
}

/// How many bytes the values of all scripts of this thread take, roughly.
pub fn alive() -> usize {
    ALIVE.get()
}

/// A number that is another one whenever an array or an object has changed.
pub fn mutations() -> u64 {
    MUTATIONS.get()
}

/// Bytes that are given back when their owner goes.
#[derive(Debug, Default)]
struct Weight(Cell<usize>);

impl Weight {
    fn new(bytes: usize) -> Weight {
        let weight = Weight::default();
        weight.set(bytes);
        weight
    }

    fn set(&self, bytes: usize) {
        ALIVE.set(ALIVE.get().wrapping_sub(self.0.get()).wrapping_add(bytes));
        self.0.set(bytes);
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// A string.
#[derive(Debug, Clone)]
pub struct Text(Rc<(Box<str>, Weight)>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let weight = Weight::new(text.len() + 48);
        Text(Rc::new((text.into_boxed_str(), weight)))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::from(text.to_owned())
    }
}

/// The elements of an array.
#[derive(Debug)]
pub struct Array {
    items: RefCell<Vec<Value>>,
    weight: Weight,
}

impl Array {
    /// An array of these.
    pub fn new(items: Vec<Value>) -> Array {
        Array { weight: Weight::new(items.capacity() * size_of::<Value>() + 64), items: RefCell::new(items) }
    }

    /// Its elements.
    pub fn items(&self) -> Ref<'_, Vec<Value>> {
        self.items.borrow()
    }

    /// A copy of its elements, for walking while functions run.
    pub fn copy(&self) -> Vec<Value> {
        self.items.borrow().clone()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// The element at a place.
    pub fn get(&self, at: usize) -> Option<Value> {
        self.items.borrow().get(at).cloned()
    }

    /// Changes the elements.
    pub fn change<T>(&self, change: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        MUTATIONS.set(MUTATIONS.get().wrapping_add(1));
        let mut items = self.items.borrow_mut();
        let answer = change(&mut items);
        self.weight.set(items.capacity() * size_of::<Value>() + 64);
        answer
    }
}

/// What an object is beside its fields.
#[derive(Debug, Default)]
pub enum Class {
    /// Nothing more.
    #[default]
    Plain,
    /// An error; of the engine, with what it was.
    Error(Option<Box<Diagnostic>>),
}

/// The fields of an object, in the order they were made.
#[derive(Debug)]
pub struct Object {
    fields: RefCell<IndexMap<Name, Value>>,
    weight: Weight,
    /// What it is.
    pub class: Class,
    /// `Object.freeze`
    pub is_frozen: Cell<bool>,
}

impl Object {
    /// An object of these.
    pub fn new(fields: IndexMap<Name, Value>) -> Object {
        Object {
            weight: Weight::new(Object::bytes(&fields)),
            fields: RefCell::new(fields),
            class: Class::Plain,
            is_frozen: Cell::new(false),
        }
    }

    /// An error.
    pub fn error(fields: IndexMap<Name, Value>, cause: Option<Box<Diagnostic>>) -> Object {
        Object { class: Class::Error(cause), ..Object::new(fields) }
    }

    fn bytes(fields: &IndexMap<Name, Value>) -> usize {
        fields.capacity() * (size_of::<Name>() + size_of::<Value>() + 32) + 128
    }

    /// Its fields.
    pub fn fields(&self) -> Ref<'_, IndexMap<Name, Value>> {
        self.fields.borrow()
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.fields.borrow().get(name).cloned()
    }

    /// Sets a field.
    pub fn set(&self, name: Name, value: Value) {
        self.change(|fields| drop(fields.insert(name, value)));
    }

    /// Changes the fields.
    pub fn change<T>(&self, change: impl FnOnce(&mut IndexMap<Name, Value>) -> T) -> T {
        MUTATIONS.set(MUTATIONS.get().wrapping_add(1));
        let mut fields = self.fields.borrow_mut();
        let answer = change(&mut fields);
        self.weight.set(Object::bytes(&fields));
        answer
    }
}

/// What a `Map` or `Set` knows a key by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Identity {
    Nothing(bool),
    Boolean(bool),
    Number(u64),
    Text(String),
    Place(usize),
}

fn identity(key: &Value) -> Identity {
    fn place<T: ?Sized>(of: &Rc<T>) -> Identity {
        Identity::Place(Rc::as_ptr(of).cast::<()>() as usize)
    }
    match key {
        Value::Undefined => Identity::Nothing(false),
        Value::Null => Identity::Nothing(true),
        Value::Boolean(value) => Identity::Boolean(*value),
        // -0 is 0, and there is one NaN.
        Value::Number(number) if number.is_nan() => Identity::Number(f64::NAN.to_bits()),
        Value::Number(number) => Identity::Number((number + 0.0).to_bits()),
        Value::Text(text) => Identity::Text(text.to_string()),
        Value::Date(date) => place(date),
        Value::Typed(value) => match &**value {
            Bson::Double(number) => Identity::Number((number + 0.0).to_bits()),
            _ => place(value),
        },
        Value::Regex(regex) => place(regex),
        Value::Array(array) => place(array),
        Value::Object(object) => place(object),
        Value::Dictionary(dictionary) => place(dictionary),
        Value::Function(closure) => place(closure),
        Value::Builtin(name) => Identity::Text(format!("\0{name}")),
        Value::Host(object) => place(object),
    }
}

/// A `Map`, or a `Set` whose values are its keys.
#[derive(Debug, Default)]
pub struct Dictionary {
    entries: RefCell<IndexMap<u64, (Value, Value)>>,
    places: RefCell<HashMap<Identity, u64>>,
    next: Cell<u64>,
    weight: Weight,
    /// It is a `Set`.
    pub is_set: bool,
}

impl Dictionary {
    /// An empty one.
    pub fn new(is_set: bool) -> Dictionary {
        Dictionary { is_set, ..Dictionary::default() }
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// The value of a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let place = *self.places.borrow().get(&identity(key))?;
        self.entries.borrow().get(&place).map(|(_, value)| value.clone())
    }

    /// Sets the value of a key.
    pub fn set(&self, key: Value, value: Value) {
        MUTATIONS.set(MUTATIONS.get().wrapping_add(1));
        let place = *self.places.borrow_mut().entry(identity(&key)).or_insert_with(|| {
            self.next.set(self.next.get() + 1);
            self.next.get()
        });
        let mut entries = self.entries.borrow_mut();
        entries.entry(place).and_modify(|entry| entry.1 = value.clone()).or_insert((key, value));
        self.weight.set(entries.capacity() * 160 + 64);
    }

    /// Removes a key; whether it was there.
    pub fn remove(&self, key: &Value) -> bool {
        MUTATIONS.set(MUTATIONS.get().wrapping_add(1));
        match self.places.borrow_mut().remove(&identity(key)) {
            Some(place) => self.entries.borrow_mut().shift_remove(&place).is_some(),
            None => false,
        }
    }

    /// Removes all.
    pub fn clear(&self) {
        self.places.borrow_mut().clear();
        self.entries.borrow_mut().clear();
    }

    /// A copy of keys and values.
    pub fn copy(&self) -> Vec<(Value, Value)> {
        self.entries.borrow().values().cloned().collect()
    }
}

/// A function with what it sees.
#[derive(Debug)]
pub struct Closure {
    /// The function.
    pub function: Rc<Function>,
    /// Where it was made.
    pub scope: Rc<Scope>,
    /// `this` of an arrow function.
    pub this: Option<Value>,
    /// The script that made it: its places count in that text.
    pub script: u64,
}

/// A regular expression.
pub struct Pattern {
    /// Between the slashes.
    pub source: String,
    /// Behind them.
    pub flags: String,
    /// Where the next match of a `g` or `y` expression begins, in UTF-16 units.
    pub last_index: Cell<usize>,
}

impl Pattern {
    /// An expression, compiled when it is used.
    pub fn new(source: impl Into<String>, flags: impl Into<String>) -> Pattern {
        Pattern { source: source.into(), flags: flags.into(), last_index: Cell::new(0) }
    }

    /// Whether a flag is set.
    pub fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The compiled expression.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn compiled(&self) -> Result<Rc<crate::text::pattern::Pattern>, String> {
        crate::text::pattern::Pattern::remembered(&self.source, &self.flags)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, self.flags)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
