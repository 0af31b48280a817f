//! Binary data as text and back, by the `format` of `$convert`: `base64`, `base64url`, `hex`, `utf8`,
//! `uuid`, and `auto` (a UUID as such, else base64).

use bson::spec::BinarySubtype;
use bson::{Binary, Bson};

fn name(format: Option<&Bson>) -> &str {
    match format {
        Some(Bson::String(format)) => format,
        _ => "auto",
    }
}

/// The text of binary data.
pub(super) fn write(binary: &Binary, format: Option<&Bson>) -> Option<String> {
    let is_uuid = binary.subtype == BinarySubtype::Uuid && binary.bytes.len() == 16;
    match name(format) {
        "auto" | "uuid" if is_uuid => {
            let hex = hex(&binary.bytes);
            let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
            Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
        }
        "hex" => Some(hex(&binary.bytes).to_ascii_uppercase()),
        "utf8" => String::from_utf8(binary.bytes.clone()).ok(),
        "auto" | "base64" => Some(base64(&binary.bytes)),
        "base64url" => Some(base64(&binary.bytes).replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned()),
        _ => None,
    }
}

/// The binary data that a text stands for; `None` if it does not stand for any.
pub(super) fn parse(text: &str, format: Option<&Bson>, subtype: Option<u8>) -> Option<Bson> {
    let subtype = BinarySubtype::from(subtype.unwrap_or(0));
    let is_uuid = subtype == BinarySubtype::Uuid;
    let bytes = match name(format) {
        "uuid" | "auto" if is_uuid => bson::Uuid::parse_str(text).ok()?.bytes().to_vec(),
        "utf8" if !is_uuid => text.as_bytes().to_vec(),
        "hex" if !is_uuid => unhex(text)?,
        "base64" if !is_uuid => Binary::from_base64(text, None).ok()?.bytes,
        "base64url" if !is_uuid => {
            let mut padded = text.replace('-', "+").replace('_', "/");
            while !padded.len().is_multiple_of(4) {
                padded.push('=');
            }
            Binary::from_base64(padded, None).ok()?.bytes
        }
        _ => return None,
    };
    Some(Bson::Binary(Binary { subtype, bytes }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4usize {
            let digit = DIGITS.get(((group >> (18 - 6 * place)) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}
