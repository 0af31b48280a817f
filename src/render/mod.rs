//! Rendering: replies to text, one file per output mode.
