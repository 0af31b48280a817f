//! Temporal functions.

use super::signature::Signature;

pub(super) const FUNCTIONS: &[Signature] = &[];
