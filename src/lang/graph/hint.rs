//! What to do about texts that the grammar refuses: habits of SQL, of other languages and of older forms of
//! the language, and brackets and quotes that were forgotten.

use super::clause::{CLAUSE, OPENERS};
use super::token::{Kind, Token};
use crate::text::suggest::nearest;

/// Words of other languages, and what is written in their place.
const FOREIGN: &[(&str, &str)] = &[
    ("LIKE", "write STARTS WITH, ENDS WITH or CONTAINS, or =~ with a regular expression"),
    ("ILIKE", "write =~ '(?i)…' with a regular expression"),
    ("BETWEEN", "write 1 <= n.x <= 3"),
    ("GROUP", "rows are grouped by the columns that hold no aggregate: leave GROUP BY out"),
    ("HAVING", "aggregate in WITH … AS x, and filter behind it: WITH … WHERE x > 1 RETURN …"),
    ("JOIN", "patterns join: MATCH (a)-[:TYPE]->(b)"),
    ("UNIQUE", "MERGE creates what is missing"),
    ("USER", "there are no users and roles here: a database is a file"),
    ("ROLE", "there are no users and roles here: a database is a file"),
    ("DATABASE", "a database is made by its first entry: use NAME, then CREATE …"),
];

/// Words that may stand where a clause may, besides those that open one.
const CONTINUATIONS: [&str; 5] = ["WHERE", "YIELD", "UNION", "ORDER", "NEXT"];

/// The hint for a text that could not be read from the token at `index` on, where `expected` could stand.
pub(super) fn hint(text: &str, tokens: &[Token], index: usize, expected: &[&str]) -> Option<String> {
    let kind = |index: usize| tokens.get(index).map(|token| &token.kind);
    let before = |count: usize| index.checked_sub(count).and_then(kind);
    let wants = |sign: &str| expected.contains(&sign);
    let is = |kind: Option<&Kind>, sign: &str| matches!(kind, Some(Kind::Sign(found)) if *found == sign);
    if let Some(string) = index.checked_sub(1).and_then(|index| tokens.get(index))
        && matches!(string.kind, Kind::String(_))
        && string.span.slice(text).contains('\n')
    {
        return Some("the string before it goes over several lines: is a closing quote missing there?".to_owned());
    }
    let said = match (kind(index)?, kind(index + 1)) {
        (Kind::Sign("!"), Some(Kind::Sign("=" | "=~"))) => "unequal is written <>",
        (Kind::Sign("="), Some(_)) | (Kind::Sign("=~"), Some(_)) if is(before(1), "=") => "equal is written =",
        (Kind::Sign("&"), Some(Kind::Sign("&"))) => "write AND",
        (Kind::Sign("="), _) if wants("`:`") => "a map is written {key: value}",
        (Kind::Sign(":"), _) if wants("`=`") => "a property is set with =",
        (Kind::Sign("}"), _) if wants("`:`") && is(before(2), "{") => {
            let Some(Kind::Word(name)) = before(1) else { return None };
            return Some(format!("a parameter is written ${name}"));
        }
        (Kind::Sign(">"), _) if wants("`-`") => "write --> or -[:TYPE]->",
        (Kind::Sign("("), _) if wants("`-`") => "write -[:TYPE]-> or -[:TYPE]-",
        (Kind::Sign("["), _) if is(before(1), "-") && is(before(2), "-") => {
            "write -[:TYPE]->, the brackets in the arrow"
        }
        (Kind::Sign("-"), Some(Kind::Int(_))) if matches!(before(1), Some(Kind::Int(_))) && is(before(2), "*") => {
            "a range is written *1..3"
        }
        (Kind::Sign("-"), _) if wants("`]`") => "is a ] missing before it?",
        (Kind::Word(word), _) if word.eq_ignore_ascii_case("NOT") && wants("NULL or NOT NULL") => {
            "IS tests for NULL or a type; values are compared with = and <>"
        }
        (Kind::Word(word), _) => return of_word(word, expected, before(1)),
        (Kind::End, _) if wants("`)`") => "is a ) missing?",
        _ => return None,
    };
    Some(said.to_owned())
}

fn of_word(word: &str, expected: &[&str], before: Option<&Kind>) -> Option<String> {
    let known = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if let Some((_, hint)) = FOREIGN.iter().find(|(foreign, _)| word.eq_ignore_ascii_case(foreign)) {
        return Some((*hint).to_owned());
    }
    if known(&OPENERS) {
        let missing = [("`)`", ')'), ("`]`", ']'), ("`}`", '}')].into_iter().find(|(sign, _)| expected.contains(sign));
        return missing.map(|(_, sign)| format!("is a {sign} missing before it?"));
    }
    if expected.contains(&CLAUSE) {
        let words = OPENERS.iter().chain(&CONTINUATIONS).copied();
        return nearest(word, words, 1).first().map(|near| format!("did you mean {near}?"));
    }
    let after_pattern_word = matches!(before, Some(Kind::Word(opener))
        if ["MATCH", "CREATE", "MERGE", "INSERT"].iter().any(|known| opener.eq_ignore_ascii_case(known)));
    after_pattern_word.then(|| format!("a node stands in brackets: ({word})"))
}
