//! The graph engine: Cypher queries on a transaction.
