//! Static types: what is known of a value before the run.

use crate::graph::functions::Types;

/// The types a value may have, null always among them; and what is known of a list's elements.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ty {
    /// `None`: nothing but null.
    types: Option<Types>,
    /// Of lists; `None`: not known.
    element: Option<Box<Ty>>,
}

/// What can be stored as a property, lists aside.
const STORABLE: Types =
    Types::BOOLEAN.or(Types::NUMBER).or(Types::STRING).or(Types::INSTANT).or(Types::DURATION).or(Types::POINT);
/// All that has properties.
pub(super) const ENTITY: Types = Types::NODE.or(Types::RELATIONSHIP);

impl Ty {
    /// Only null.
    pub(super) const NULL: Ty = Ty { types: None, element: None };
    /// Nothing is known.
    pub(super) const ANY: Ty = Ty::of(Types::ANY);

    /// One of these.
    pub(super) const fn of(types: Types) -> Self {
        Ty { types: Some(types), element: None }
    }

    /// A list of such values.
    pub(super) fn list(element: Ty) -> Self {
        Ty { types: Some(Types::LIST), element: Some(Box::new(element)) }
    }

    /// May it be one of these? Null may be anything.
    pub(super) fn may_be(&self, types: Types) -> bool {
        self.types.is_none_or(|own| own.intersects(types))
    }

    /// Is it one of these for certain (or null)?
    pub(super) fn must_be(&self, types: Types) -> bool {
        self.types.is_none_or(|own| own.or(types) == types)
    }

    /// Either.
    pub(super) fn or(self, other: Ty) -> Ty {
        let (Some(one), Some(two)) = (self.types, other.types) else {
            return if self.types.is_none() { other } else { self };
        };
        let element = match (one.intersects(Types::LIST), two.intersects(Types::LIST)) {
            (true, true) => self.element.zip(other.element).map(|(one, two)| Box::new(one.or(*two))),
            (true, false) => self.element,
            _ => other.element,
        };
        Ty { types: Some(one.or(two)), element }
    }

    /// The type of its elements, if it is a list.
    pub(super) fn element(&self) -> Ty {
        self.element.as_deref().cloned().unwrap_or(Ty::ANY)
    }

    /// May it be the value of a property? Lists must hold plain values.
    pub(super) fn storable(&self) -> bool {
        self.may_be(STORABLE)
            || self.may_be(Types::LIST) && self.element.as_deref().is_none_or(|element| element.may_be(STORABLE))
    }

    /// The types, as they are named in messages.
    pub(super) fn describe(&self) -> String {
        self.types.map_or_else(|| "Null".to_owned(), Types::describe)
    }

    /// Is there a pair of types of which this holds?
    pub(super) fn pairs_with(&self, other: &Ty, holds: fn(Types, Types) -> bool) -> bool {
        const SINGLE: [Types; 16] = [
            Types::BOOLEAN,
            Types::INTEGER,
            Types::FLOAT,
            Types::STRING,
            Types::LIST,
            Types::MAP,
            Types::NODE,
            Types::RELATIONSHIP,
            Types::PATH,
            Types::DATE,
            Types::LOCAL_TIME,
            Types::TIME,
            Types::LOCAL_DATE_TIME,
            Types::DATE_TIME,
            Types::DURATION,
            Types::POINT,
        ];
        let (Some(own), Some(others)) = (self.types, other.types) else { return true };
        SINGLE
            .iter()
            .filter(|one| own.intersects(**one))
            .any(|one| SINGLE.iter().filter(|two| others.intersects(**two)).any(|two| holds(*one, *two)))
    }
}
