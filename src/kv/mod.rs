//! The key-value engine: Redis commands on a transaction.
