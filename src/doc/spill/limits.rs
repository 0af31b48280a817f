//! How much memory a stage may take: the server parameters of MongoDB that say so.

use crate::doc::{Code, Error, Result};
use std::cell::Cell;

/// A kind of stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as its stage")]
pub enum Part {
    Sort,
    Group,
    BucketAuto,
    Facet,
    Lookup,
    Window,
    /// One `$push`, `$addToSet` or the like.
    Push,
}

/// The parameters by name.
const PARAMETERS: [(&str, Part); 7] = [
    ("internalQueryMaxBlockingSortMemoryUsageBytes", Part::Sort),
    ("internalDocumentSourceGroupMaxMemoryBytes", Part::Group),
    ("internalDocumentSourceBucketAutoMaxMemoryBytes", Part::BucketAuto),
    ("internalQueryFacetBufferSizeBytes", Part::Facet),
    ("internalDocumentSourceLookupCacheSizeBytes", Part::Lookup),
    ("internalDocumentSourceSetWindowFieldsMaxMemoryBytes", Part::Window),
    ("internalQueryMaxPushBytes", Part::Push),
];

/// 100 MB, as in MongoDB.
const DEFAULT_BYTES: usize = 100 << 20;

/// How many bytes the stages of a session may take, each by itself.
#[derive(Debug, Clone)]
pub struct Memory([Cell<usize>; PARAMETERS.len()]);

impl Default for Memory {
    fn default() -> Self {
        Memory(std::array::from_fn(|_| Cell::new(DEFAULT_BYTES)))
    }
}

impl Memory {
    /// What a stage of this kind may take; `disk`: more of it may lie in a temporary file (`allowDiskUse`).
    pub fn budget(&self, part: Part, disk: bool) -> Budget {
        let bytes = self.0.iter().zip(PARAMETERS).find(|(_, (_, known))| *known == part);
        Budget { bytes: bytes.map_or(DEFAULT_BYTES, |(cell, _)| cell.get()), disk }
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.cell(name).map(Cell::get)
    }

    /// Sets a parameter, and answers what it was; `None` if there is no such parameter.
    pub fn set(&self, name: &str, bytes: usize) -> Option<usize> {
        self.cell(name).map(|cell| cell.replace(bytes))
    }

    /// All parameters and their values.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, usize)> {
        PARAMETERS.iter().zip(&self.0).map(|((name, _), cell)| (*name, cell.get()))
    }

    fn cell(&self, name: &str) -> Option<&Cell<usize>> {
        let at = PARAMETERS.iter().position(|(known, _)| *known == name)?;
        self.0.get(at)
    }
}

/// How much memory one stage may take.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Bytes in memory.
    pub bytes: usize,
    /// Whether more may lie in a temporary file.
    pub disk: bool,
}

impl Budget {
    /// More memory is needed: whether a temporary file may be used.
    ///
    /// # Errors
    /// QueryExceededMemoryLimitNoDiskUseAllowed (292).
    pub fn check_disk(self, stage: &str) -> Result<()> {
        if self.disk {
            return Ok(());
        }
        let message = match stage {
            "$sort" => format!(
                "Sort exceeded memory limit of {} bytes, but did not opt in to external sorting. Aborting operation. Pass allowDiskUse:true to opt in.",
                self.bytes
            ),
            _ => format!(
                "Exceeded memory limit for {stage}, but didn't allow external sort. Pass allowDiskUse:true to opt in."
            ),
        };
        Err(Error::new(Code::QueryExceededMemoryLimitNoDiskUseAllowed, message))
    }

    /// What a temporary file cannot help with.
    ///
    /// # Errors
    /// ExceededMemoryLimit (146) if it takes too much.
    pub fn check(self, what: &str, used: usize) -> Result<()> {
        if used <= self.bytes {
            return Ok(());
        }
        Err(Error::new(
            Code::ExceededMemoryLimit,
            format!(
                "{what} used too much memory and cannot spill to disk. Used: {used} bytes. Memory limit: {} bytes",
                self.bytes
            ),
        ))
    }
}
