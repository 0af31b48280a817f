//! Unicode's normal forms (UAX #15).

use super::scalar::wrong_type;
use crate::ast::graph::NormalForm;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc, is_nfd, is_nfkc, is_nfkd};

/// Whether a text is in a form.
pub fn is_normalized(text: &str, form: NormalForm) -> bool {
    match form {
        NormalForm::Nfc => is_nfc(text),
        NormalForm::Nfd => is_nfd(text),
        NormalForm::Nfkc => is_nfkc(text),
        NormalForm::Nfkd => is_nfkd(text),
    }
}

/// `normalize(text [, form])`: a form is a name such as `NFC`, which a call gives as a string or as a bare word.
pub(super) fn normalize(args: &[&Value]) -> Result<Value> {
    let [Value::String(text), rest @ ..] = args else {
        return Err(wrong_type("String", args.first().copied().unwrap_or(&Value::Null)));
    };
    let form = match rest {
        [Value::String(name), ..] => {
            let known = NormalForm::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known.map(|(_, form)| *form).ok_or_else(|| {
                Error::argument(Detail::InvalidArgumentValue, format!("There is no normal form `{name}`"))
                    .hint("the forms are NFC, NFD, NFKC and NFKD")
            })?
        }
        [other, ..] => return Err(wrong_type("String", other)),
        [] => NormalForm::Nfc,
    };
    let text: String = match form {
        NormalForm::Nfc => text.nfc().collect(),
        NormalForm::Nfd => text.nfd().collect(),
        NormalForm::Nfkc => text.nfkc().collect(),
        NormalForm::Nfkd => text.nfkd().collect(),
    };
    Ok(Value::string(text))
}
