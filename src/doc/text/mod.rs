//! Text search (MongoDB manual, "Text Search" and "Text Indexes"; scores as the server's `fts_spec` computes them).
//!
//! | room | what it knows |
//! |---|---|
//! | `language`, `stop_words` | stems (Snowball) and words that say nothing |
//! | `token` | texts → words |
//! | `weights` | which fields of a document are indexed, and the score of each of its terms |
//! | `search` | the language of `$search`: terms, phrases, negations |

mod language;
mod search;
mod stop_words;
mod token;
mod weights;

pub(super) use language::Language;
pub(super) use search::{Terms, TextQuery, unsupported};
pub(super) use weights::{EVERYTHING, Weights, checked_weight};
