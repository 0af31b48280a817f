//! The document engine: mongosh calls on a transaction.
