//! Bytes one behind the other in large chunks: what many small rows are kept in.

/// The size of a chunk; longer bytes get one of their own.
const CHUNK: usize = 1 << 20;

/// Where bytes lie in an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    chunk: u32,
    at: u32,
    length: u32,
}

impl Slice {
    /// No bytes.
    pub(super) const EMPTY: Slice = Slice { chunk: 0, at: 0, length: 0 };

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.length as usize
    }
}

/// Bytes that are only ever added. They stay where they are until the arena is dropped.
#[derive(Debug, Default)]
pub(super) struct Arena {
    chunks: Vec<Vec<u8>>,
    bytes: usize,
}

impl Arena {
    /// Bytes in it.
    pub(super) fn len(&self) -> usize {
        self.bytes
    }

    /// Adds bytes; fewer than four billion.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Slice {
        let Ok(length) = u32::try_from(bytes.len()) else { return Slice::EMPTY };
        let fits = self.chunks.last().is_some_and(|chunk| chunk.capacity() - chunk.len() >= bytes.len());
        if !fits {
            // The first chunk of a small transaction is small.
            let size = (self.bytes * 2).clamp(4096, CHUNK).max(bytes.len());
            self.chunks.push(Vec::with_capacity(size));
        }
        let number = self.chunks.len().saturating_sub(1);
        let Some(chunk) = self.chunks.last_mut() else { return Slice::EMPTY };
        // A chunk is never longer than the longest bytes pushed, or a million.
        let slice = Slice { chunk: number as u32, at: chunk.len() as u32, length };
        chunk.extend_from_slice(bytes);
        self.bytes += bytes.len();
        slice
    }

    /// The bytes of a slice of this arena.
    pub(super) fn get(&self, slice: Slice) -> &[u8] {
        let (start, chunk) = (slice.at as usize, self.chunks.get(slice.chunk as usize));
        chunk.and_then(|chunk| chunk.get(start..start + slice.len())).unwrap_or_default()
    }
}
