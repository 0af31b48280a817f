//! Conditions back to filter documents, in the server's normal form (`parsedQuery`).

use super::array::ElementMatch;
use super::comparison::Comparison;
use super::{Filter, Node, Predicate};
use bson::{Bson, Document, doc};

impl Filter {
    /// The filter in normal form: every condition with its operator, several of them under `$and`.
    pub fn parsed(&self) -> Document {
        self.node.to_document()
    }
}

impl Node {
    /// The filter document that it was, in normal form.
    pub fn to_document(&self) -> Document {
        match self {
            Node::And(parts) => match parts.as_slice() {
                [] => Document::new(),
                parts => doc! { "$and": clauses(parts) },
            },
            Node::Or(parts) => doc! { "$or": clauses(parts) },
            Node::Not(part) => negated(part),
            Node::Field(field) => {
                let mut document = Document::new();
                document.insert(field.0.as_str(), condition(&field.1));
                document
            }
            Node::Expression { source, .. } => doc! { "$expr": source.clone() },
            Node::Function(function) => {
                doc! { "$where": Bson::JavaScriptCode(function.source().to_owned()) }
            }
            Node::Schema { source, .. } => doc! { "$jsonSchema": source.clone() },
            Node::Constant(true) => doc! { "$alwaysTrue": 1 },
            Node::Constant(false) => doc! { "$alwaysFalse": 1 },
            Node::Sample(rate) => doc! { "$sampleRate": *rate },
            Node::Text(text) => doc! { "$text": text.source().clone() },
        }
    }
}

fn clauses(parts: &[Node]) -> Bson {
    Bson::Array(parts.iter().map(|part| Bson::Document(part.to_document())).collect())
}

fn negated(part: &Node) -> Document {
    match part {
        Node::Or(parts) => doc! { "$nor": clauses(parts) },
        Node::Field(field) => {
            let mut document = Document::new();
            document.insert(field.0.as_str(), doc! { "$not": condition(&field.1) });
            document
        }
        other => doc! { "$nor": [other.to_document()] },
    }
}

fn condition(predicate: &Predicate) -> Bson {
    let mut document = Document::new();
    match predicate {
        Predicate::Compare(comparison, operand) => {
            let name = match comparison {
                Comparison::Equal => "$eq",
                Comparison::Greater => "$gt",
                Comparison::GreaterOrEqual => "$gte",
                Comparison::Less => "$lt",
                Comparison::LessOrEqual => "$lte",
            };
            document.insert(name, operand.clone());
        }
        Predicate::In(one_of) => {
            let mut values = one_of.values.clone();
            values.extend(one_of.patterns.iter().map(|pattern| pattern.to_bson()));
            document.insert("$in", values);
        }
        Predicate::Exists => drop(document.insert("$exists", true)),
        Predicate::Type(types) => drop(document.insert("$type", types.to_bson())),
        Predicate::Matches(pattern) => {
            if let Bson::RegularExpression(regex) = pattern.to_bson() {
                document.insert("$regex", regex.pattern.as_str());
                if !regex.options.as_str().is_empty() {
                    document.insert("$options", regex.options.as_str());
                }
            }
        }
        Predicate::Modulo { divisor, remainder } => {
            document.insert("$mod", vec![Bson::Int64(*divisor), Bson::Int64(*remainder)]);
        }
        Predicate::Size(size) => drop(document.insert("$size", *size)),
        Predicate::Element(ElementMatch::Object(node)) => drop(document.insert("$elemMatch", node.to_document())),
        Predicate::Element(ElementMatch::Value(parts)) => drop(document.insert("$elemMatch", every(parts))),
        Predicate::Bits(bits) => {
            let (name, operand) = bits.to_bson();
            document.insert(name, operand);
        }
        Predicate::Region { source, .. } | Predicate::Near { source, .. } => return Bson::Document(source.clone()),
        Predicate::Every(parts) => return every(parts),
    }
    Bson::Document(document)
}

fn every(parts: &[(Predicate, bool)]) -> Bson {
    let mut document = Document::new();
    for (part, negated) in parts {
        match (condition(part), negated) {
            (Bson::Document(fields), false) => document.extend(fields),
            (fields, _) => drop(document.insert("$not", fields)),
        }
    }
    Bson::Document(document)
}
