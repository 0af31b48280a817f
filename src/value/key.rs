//! Order-preserving bytes of BSON values, for indexes: comparing the bytes of two keys is comparing the
//! values in BSON order ([`super::order`]), and equal values have equal bytes.
//!
//! ```text
//! value    = bracket byte, then
//!   number   class (NaN, −∞, negative, 0, positive, +∞); magnitude: 8 bytes of the nearest double towards zero,
//!            0 if it is exact, else 1 and the decimal digits        (all complemented below zero)
//!   string   bytes with 00 → 00 FF, then 00 00
//!   object   per field: bracket, name as a string, value; then 00
//!   array    per element: value; then 00
//!   others   fixed width, big-endian, sign bit flipped where there is a sign
//! ```
//!
//! No key is a prefix of another, so keys can be put behind each other, and a descending field is the
//! complement of the ascending one.

use super::decimal::Decimal;
use super::order::{bracket, pointer_text};
use super::view::{DocumentView, View};
use bson::Bson;
use std::cmp::Ordering;

/// Appends the key of a value.
pub fn encode<'a>(value: impl Into<View<'a>>, out: &mut Vec<u8>) {
    let value = value.into();
    out.push(bracket(value));
    encode_content(value, out);
}

/// Appends the key of a value for a descending field.
pub fn encode_descending<'a>(value: impl Into<View<'a>>, out: &mut Vec<u8>) {
    let start = out.len();
    encode(value, out);
    complement(&mut out[start..]);
}

/// Appends the key of a value, and to `types` what the key does not tell: of which type a number is, and whether a
/// text is a symbol. [`Decoder`] makes the value of both again.
///
/// ```text
/// a number   0 int32, 1 int64, 2 double, 3 decimal ++ its 16 bytes, 4 the double −0
/// a text     0 string, 1 symbol
/// ```
pub fn encode_typed(value: View<'_>, descending: bool, out: &mut Vec<u8>, types: &mut Vec<u8>) {
    if descending {
        encode_descending(value, out)
    } else {
        encode(value, out)
    }
    note_types(value, types);
}

fn note_types(value: View<'_>, types: &mut Vec<u8>) {
    match value {
        View::Int32(_) | View::String(_) => types.push(0),
        View::Int64(_) | View::Symbol(_) => types.push(1),
        View::Double(number) => types.push(if number == 0.0 && number.is_sign_negative() { 4 } else { 2 }),
        View::Decimal(number) => {
            types.push(3);
            types.extend_from_slice(&number.bytes());
        }
        View::Document(document) => document.fields().for_each(|(_, field)| note_types(field, types)),
        View::Array(items) => items.iter().for_each(|item| note_types(item, types)),
        View::CodeWithScope(_, scope) => scope.fields().for_each(|(_, field)| note_types(field, types)),
        _ => {}
    }
}

/// The key of one value.
pub fn of<'a>(value: impl Into<View<'a>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(16);
    encode(value, &mut out);
    out
}

fn complement(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = !*byte;
    }
}

fn encode_content(value: View<'_>, out: &mut Vec<u8>) {
    match value {
        View::MinKey | View::MaxKey | View::Null | View::Undefined => {}
        View::Int32(number) => encode_integer(i64::from(number), out),
        View::Int64(number) => encode_integer(number, out),
        View::Double(number) => encode_double(number, out),
        View::Decimal(number) => encode_decimal(Decimal::from_bson(number), out),
        View::String(text) | View::Symbol(text) | View::Code(text) => encode_bytes(text, out),
        View::Document(document) => encode_document(document, out),
        View::Array(items) => {
            for item in items.iter() {
                encode(item, out);
            }
            out.push(0);
        }
        View::Binary(subtype, bytes) => {
            out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.push(subtype);
            out.extend_from_slice(bytes);
        }
        View::ObjectId(id) => out.extend_from_slice(&id),
        View::Boolean(value) => out.push(u8::from(value)),
        View::Date(millis) => out.extend_from_slice(&(millis as u64 ^ (1 << 63)).to_be_bytes()),
        View::Timestamp(time, increment) => {
            out.extend_from_slice(&time.to_be_bytes());
            out.extend_from_slice(&increment.to_be_bytes());
        }
        View::Regex(pattern, options) => {
            encode_bytes(pattern, out);
            encode_bytes(options, out);
        }
        View::DbPointer(pointer) => encode_bytes(pointer_text(pointer).as_bytes(), out),
        View::CodeWithScope(code, scope) => {
            encode_bytes(code, out);
            encode_document(scope, out);
        }
    }
}

fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        out.push(byte);
        if byte == 0 {
            out.push(0xff);
        }
    }
    out.extend_from_slice(&[0, 0]);
}

fn encode_document(document: DocumentView<'_>, out: &mut Vec<u8>) {
    for (name, value) in document.fields() {
        out.push(bracket(value));
        encode_bytes(name.as_bytes(), out);
        encode_content(value, out);
    }
    out.push(0);
}

const NAN: u8 = 1;
const NEGATIVE_INFINITY: u8 = 2;
const NEGATIVE: u8 = 3;
const ZERO: u8 = 4;
const POSITIVE: u8 = 5;
const POSITIVE_INFINITY: u8 = 6;

fn encode_integer(number: i64, out: &mut Vec<u8>) {
    let double = number as f64;
    // Below 2^53 every integer is a double.
    if number.unsigned_abs() <= 1 << 53 {
        encode_double(double, out)
    } else {
        encode_decimal(Decimal::from(number), out)
    }
}

fn encode_double(number: f64, out: &mut Vec<u8>) {
    if number.is_nan() {
        out.push(NAN);
    } else if number == 0.0 {
        out.push(ZERO);
    } else if number.is_infinite() {
        out.push(if number > 0.0 { POSITIVE_INFINITY } else { NEGATIVE_INFINITY });
    } else {
        encode_finite(number < 0.0, number.abs(), None, out);
    }
}

fn encode_decimal(number: Decimal, out: &mut Vec<u8>) {
    if number.is_nan() {
        return out.push(NAN);
    }
    if number.is_zero() {
        return out.push(ZERO);
    }
    let negative = number.is_negative();
    if number.is_infinite() {
        return out.push(if negative { NEGATIVE_INFINITY } else { POSITIVE_INFINITY });
    }
    let magnitude = number.abs();
    let mut double = magnitude.to_f64();
    if double.is_infinite() {
        double = f64::MAX;
    }
    let mut order = magnitude.compare_f64(double);
    if order == Ordering::Less {
        double = f64::from_bits(double.to_bits().saturating_sub(1));
        order = magnitude.compare_f64(double);
    }
    encode_finite(negative, double, (order != Ordering::Equal).then_some(magnitude), out);
}

/// A magnitude: a double, and the exact decimal if the double is only the nearest one below it.
fn encode_finite(negative: bool, double: f64, exact: Option<Decimal>, out: &mut Vec<u8>) {
    out.push(if negative { NEGATIVE } else { POSITIVE });
    let start = out.len();
    out.extend_from_slice(&double.to_bits().to_be_bytes());
    match exact.map(Decimal::normalized) {
        Some(Decimal::Finite { coefficient, exponent, .. }) => {
            out.push(1);
            let digits = coefficient.to_string();
            let leading = i64::from(exponent) + digits.len() as i64;
            out.extend_from_slice(&((leading + 0x8000) as u16).to_be_bytes());
            out.extend(digits.bytes().map(|digit| digit - b'0' + 1));
            out.push(0);
        }
        _ => out.push(0),
    }
    if negative {
        complement(&mut out[start..]);
    }
}

/// Keys being read again.
pub struct Decoder<'k> {
    key: &'k [u8],
    types: &'k [u8],
}

impl<'k> Decoder<'k> {
    /// Reads the values of `key`, whose types are told by `types`; behind its end they are all 0.
    pub fn new(key: &'k [u8], types: &'k [u8]) -> Self {
        Decoder { key, types }
    }

    /// The next value, whose field descends or does not; `None` for a value that is not kept whole (a DBPointer), or
    /// bytes that are no key.
    pub fn next(&mut self, descending: bool) -> Option<Bson> {
        let mut reader = Reader { rest: self.key, descending };
        let bracket = reader.byte()?;
        let value = reader.value(bracket, &mut self.types)?;
        self.key = reader.rest;
        Some(value)
    }
}

struct Reader<'k> {
    rest: &'k [u8],
    descending: bool,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(if self.descending { !byte } else { byte })
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Some(bytes)
    }

    /// Bytes up to their end mark.
    fn bytes(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            match self.byte()? {
                0 if self.byte()? == 0 => return Some(bytes),
                byte => bytes.push(byte),
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?).ok()
    }

    fn value(&mut self, bracket: u8, types: &mut &[u8]) -> Option<Bson> {
        Some(match bracket {
            1 => Bson::MinKey,
            2 => Bson::Undefined,
            5 => Bson::Null,
            10 => self.number(types)?,
            15 => {
                let text = self.text()?;
                if take_type(types) == 1 { Bson::Symbol(text) } else { Bson::String(text) }
            }
            20 => Bson::Document(self.document(types)?),
            25 => {
                let mut items = Vec::new();
                loop {
                    match self.byte()? {
                        0 => return Some(Bson::Array(items)),
                        bracket => items.push(self.value(bracket, types)?),
                    }
                }
            }
            30 => {
                let length = u32::from_be_bytes(self.fixed()?);
                let subtype = self.byte()?;
                let bytes = (0..length).map(|_| self.byte()).collect::<Option<Vec<u8>>>()?;
                Bson::Binary(bson::Binary { subtype: subtype.into(), bytes })
            }
            35 => Bson::ObjectId(bson::oid::ObjectId::from_bytes(self.fixed()?)),
            40 => Bson::Boolean(self.byte()? != 0),
            45 => {
                let millis = u64::from_be_bytes(self.fixed()?) ^ (1 << 63);
                Bson::DateTime(bson::DateTime::from_millis(millis as i64))
            }
            47 => Bson::Timestamp(bson::Timestamp {
                time: u32::from_be_bytes(self.fixed()?),
                increment: u32::from_be_bytes(self.fixed()?),
            }),
            50 => Bson::RegularExpression(bson::Regex {
                pattern: self.text()?.try_into().ok()?,
                options: self.text()?.try_into().ok()?,
            }),
            60 => Bson::JavaScriptCode(self.text()?),
            65 => Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope {
                code: self.text()?,
                scope: self.document(types)?,
            }),
            127 => Bson::MaxKey,
            _ => return None,
        })
    }

    fn document(&mut self, types: &mut &[u8]) -> Option<bson::Document> {
        let mut document = bson::Document::new();
        loop {
            match self.byte()? {
                0 => return Some(document),
                bracket => {
                    let name = self.text()?;
                    document.insert(name, self.value(bracket, types)?);
                }
            }
        }
    }

    fn number(&mut self, types: &mut &[u8]) -> Option<Bson> {
        let class = self.byte()?;
        let double = match class {
            NAN => f64::NAN,
            NEGATIVE_INFINITY => f64::NEG_INFINITY,
            ZERO => 0.0,
            POSITIVE_INFINITY => f64::INFINITY,
            _ => {
                let (magnitude, digits) = self.magnitude(class == NEGATIVE)?;
                let sign = if class == NEGATIVE { -1.0 } else { 1.0 };
                if let (Some(digits), 1) = (digits, types.first().copied().unwrap_or(0)) {
                    take_type(types);
                    let number: i128 = digits.parse().ok()?;
                    return i64::try_from(if class == NEGATIVE { -number } else { number }).ok().map(Bson::Int64);
                }
                magnitude * sign
            }
        };
        Some(match take_type(types) {
            0 => Bson::Int32(double as i32),
            1 => Bson::Int64(double as i64),
            3 => {
                let bytes = std::array::from_fn(|_| take_type(types));
                Bson::Decimal128(bson::Decimal128::from_bytes(bytes))
            }
            4 => Bson::Double(-0.0),
            _ => Bson::Double(double),
        })
    }

    /// The double of a magnitude, and the digits of a whole number that is no double.
    fn magnitude(&mut self, negative: bool) -> Option<(f64, Option<String>)> {
        let mut byte = || self.byte().map(|byte| if negative { !byte } else { byte });
        let mut bits = [0; 8];
        for slot in &mut bits {
            *slot = byte()?;
        }
        let double = f64::from_bits(u64::from_be_bytes(bits));
        if byte()? == 0 {
            return Some((double, None));
        }
        let leading = i64::from(u16::from_be_bytes([byte()?, byte()?])) - 0x8000;
        let mut digits = String::new();
        loop {
            match byte()? {
                0 => break,
                digit => digits.push(char::from(b'0' + digit.checked_sub(1)?)),
            }
        }
        let zeros = usize::try_from(leading).ok().and_then(|leading| leading.checked_sub(digits.len()));
        let zeros = zeros.filter(|zeros| *zeros < 40);
        Some((double, zeros.map(|zeros| digits + &"0".repeat(zeros))))
    }
}

/// The next type; 0 behind the end.
fn take_type(types: &mut &[u8]) -> u8 {
    match types.split_first() {
        Some((&kind, rest)) => {
            *types = rest;
            kind
        }
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::order;
    use super::*;
    use bson::{bson, doc};
    use proptest::prelude::*;

    fn decimal(text: &str) -> Bson {
        Bson::Decimal128(text.parse().unwrap())
    }

    fn same_order(a: &Bson, b: &Bson) {
        assert_eq!(of(a).cmp(&of(b)), order::compare(a, b), "{a} against {b}");
        let (mut left, mut right) = (Vec::new(), Vec::new());
        encode_descending(a, &mut left);
        encode_descending(b, &mut right);
        assert_eq!(right.cmp(&left), order::compare(a, b), "descending, {a} against {b}");
    }

    #[test]
    fn keys_stand_in_bson_order() {
        let values = [
            Bson::MinKey,
            Bson::Null,
            Bson::Double(f64::NAN),
            Bson::Double(f64::NEG_INFINITY),
            Bson::Int32(-1),
            Bson::Double(-0.5),
            Bson::Int32(0),
            Bson::Double(0.1),
            decimal("0.1"),
            decimal("0.2"),
            Bson::Int32(1),
            Bson::Double(1.0),
            decimal("1.00"),
            Bson::Int64(1),
            Bson::Int64(9_007_199_254_740_993),
            Bson::Double(9_007_199_254_740_992.0),
            decimal("9007199254740992.5"),
            Bson::Int64(i64::MAX),
            Bson::Int64(i64::MIN),
            Bson::Double(9.223_372_036_854_776e18),
            decimal("1E+400"),
            decimal("-1E+400"),
            decimal("1E-400"),
            Bson::Double(f64::MAX),
            Bson::Double(f64::INFINITY),
            decimal("Infinity"),
            decimal("NaN"),
            bson!(""),
            bson!("a"),
            bson!("a\0"),
            bson!("a\0b"),
            bson!("ab"),
            bson!({}),
            bson!({"a": 1}),
            bson!({"a": 1, "b": 1}),
            bson!({"a": "x"}),
            bson!({"b": 1}),
            bson!([]),
            bson!([1]),
            bson!([1, 2]),
            bson!([Bson::MinKey]),
            bson!([[]]),
            Bson::Boolean(true),
            Bson::DateTime(bson::DateTime::from_millis(-5)),
            Bson::DateTime(bson::DateTime::from_millis(5)),
            Bson::MaxKey,
        ];
        for a in &values {
            for b in &values {
                same_order(a, b);
            }
            comes_back(a);
        }
    }

    fn comes_back(value: &Bson) {
        for descending in [false, true] {
            let (mut key, mut types) = (Vec::new(), Vec::new());
            encode_typed(value.into(), descending, &mut key, &mut types);
            while types.last() == Some(&0) {
                types.pop();
            }
            let found = Decoder::new(&key, &types).next(descending);
            assert_eq!(format!("{found:?}"), format!("{:?}", Some(value)));
        }
    }

    fn any_value() -> impl Strategy<Value = Bson> {
        let leaf = prop_oneof![
            Just(Bson::Null),
            any::<i32>().prop_map(Bson::Int32),
            any::<i64>().prop_map(Bson::Int64),
            any::<f64>().prop_map(Bson::Double),
            (any::<i64>(), -30i32..30).prop_map(|(digits, exponent)| decimal(&format!("{digits}E{exponent:+}"))),
            "[a-b\\x00]{0,3}".prop_map(Bson::String),
            any::<bool>().prop_map(Bson::Boolean),
            any::<i64>().prop_map(|ms| Bson::DateTime(bson::DateTime::from_millis(ms))),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Bson::Array),
                prop::collection::vec(("[ab]", inner), 0..3).prop_map(|fields| {
                    let mut document = doc! {};
                    for (name, value) in fields {
                        document.insert(name, value);
                    }
                    Bson::Document(document)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn keys_and_values_agree(a in any_value(), b in any_value()) {
            same_order(&a, &b);
            comes_back(&a);
        }
    }
}
