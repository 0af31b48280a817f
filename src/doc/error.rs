//! Failures of the document engine, in MongoDB's words.

use crate::storage;
use crate::text::{Diagnostic, Model, Span};
use crate::value::collation::Invalid;
use std::borrow::Cow;

/// MongoDB's error codes (its `error_codes.yml`) and the client-side error classes of mongosh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by its codeName")]
pub enum Code {
    InternalError,
    BadValue,
    UnknownError,
    FailedToParse,
    TypeMismatch,
    Overflow,
    InvalidLength,
    IllegalOperation,
    NamespaceNotFound,
    IndexNotFound,
    PathNotViable,
    ConflictingUpdateOperators,
    NamespaceExists,
    DollarPrefixedFieldName,
    InvalidIdField,
    NotSingleValueField,
    EmptyFieldName,
    CommandNotFound,
    ImmutableField,
    CannotCreateIndex,
    InvalidOptions,
    InvalidIndexSpecificationOption,
    InvalidNamespace,
    IndexOptionsConflict,
    IndexKeySpecsConflict,
    CommandNotSupported,
    DocumentValidationFailure,
    CommandNotSupportedOnView,
    InvalidPipelineOperator,
    CannotIndexParallelArrays,
    InvalidViewDefinition,
    NotImplemented,
    ConversionFailure,
    QueryFeatureNotAllowed,
    NoQueryExecutionPlans,
    JSInterpreterFailure,
    NoSuchKey,
    BsonObjectTooLarge,
    DuplicateKey,
    Interrupted,
    ExceededMemoryLimit,
    QueryExceededMemoryLimitNoDiskUseAllowed,
    /// A numbered assertion of the server; its codeName is `Location` and the number.
    Location(i32),
    /// JavaScript's TypeError: no such method.
    TypeError,
    /// A failure that a stream reported as a diagnostic, whose code it keeps as text.
    Reported,
    /// A bad argument, found by the driver before anything ran.
    InvalidArgument,
    /// Storage failed; the message says how.
    Storage,
}

impl Code {
    /// The number, if MongoDB has one.
    pub const fn number(self) -> Option<i32> {
        Some(match self {
            Code::InternalError => 1,
            Code::BadValue => 2,
            Code::NoSuchKey => 4,
            Code::UnknownError => 8,
            Code::FailedToParse => 9,
            Code::TypeMismatch => 14,
            Code::Overflow => 15,
            Code::InvalidLength => 16,
            Code::IllegalOperation => 20,
            Code::NamespaceNotFound => 26,
            Code::IndexNotFound => 27,
            Code::PathNotViable => 28,
            Code::ConflictingUpdateOperators => 40,
            Code::NamespaceExists => 48,
            Code::DollarPrefixedFieldName => 52,
            Code::InvalidIdField => 53,
            Code::NotSingleValueField => 54,
            Code::EmptyFieldName => 56,
            Code::CommandNotFound => 59,
            Code::ImmutableField => 66,
            Code::CannotCreateIndex => 67,
            Code::InvalidOptions => 72,
            Code::InvalidIndexSpecificationOption => 197,
            Code::InvalidNamespace => 73,
            Code::IndexOptionsConflict => 85,
            Code::IndexKeySpecsConflict => 86,
            Code::CommandNotSupported => 115,
            Code::DocumentValidationFailure => 121,
            Code::CommandNotSupportedOnView => 166,
            Code::InvalidPipelineOperator => 168,
            Code::ExceededMemoryLimit => 146,
            Code::CannotIndexParallelArrays => 171,
            Code::InvalidViewDefinition => 182,
            Code::JSInterpreterFailure => 139,
            Code::NotImplemented => 238,
            Code::QueryFeatureNotAllowed => 224,
            Code::ConversionFailure => 241,
            Code::NoQueryExecutionPlans => 291,
            Code::QueryExceededMemoryLimitNoDiskUseAllowed => 292,
            Code::BsonObjectTooLarge => 10334,
            Code::DuplicateKey => 11000,
            Code::Interrupted => 11601,
            Code::Location(number) => number,
            Code::TypeError | Code::Reported | Code::InvalidArgument | Code::Storage => return None,
        })
    }

    /// The codeName.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Code::Location(number) => return Cow::Owned(format!("Location{number}")),
            Code::BsonObjectTooLarge => "BSONObjectTooLarge",
            Code::InvalidArgument => "MongoInvalidArgumentError",
            Code::Storage => "StorageError",
            named => return Cow::Owned(format!("{named:?}")),
        })
    }
}

/// A failed document statement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Which failure.
    pub code: Code,
    /// MongoDB's sentence.
    pub message: String,
    /// Where in the statement.
    pub span: Option<Span>,
    /// What to do next.
    pub hint: Option<String>,
    /// For [`Code::Reported`]: codeName and number.
    reported: Option<(String, Option<i32>)>,
}

/// The result of a document operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure with a code and a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), span: None, hint: None, reported: None }
    }

    /// Code 2, the commonest.
    pub fn bad_value(message: impl Into<String>) -> Self {
        Error::new(Code::BadValue, message)
    }

    /// Code 9.
    pub fn failed_to_parse(message: impl Into<String>) -> Self {
        Error::new(Code::FailedToParse, message)
    }

    /// Code 14.
    pub fn type_mismatch(message: impl Into<String>) -> Self {
        Error::new(Code::TypeMismatch, message)
    }

    /// Something MongoDB has and trine has not yet.
    pub fn not_yet(what: impl std::fmt::Display) -> Self {
        Error::new(Code::NotImplemented, format!("{what} is not supported yet"))
    }

    /// Something MongoDB has that has no meaning here; say why as a hint.
    pub fn unsupported(what: impl std::fmt::Display) -> Self {
        Error::new(Code::NotImplemented, format!("{what} is not supported"))
    }

    /// What a function inside a query or stage threw: code 139, unless the statement has to stop.
    pub fn in_function(diagnostic: Diagnostic) -> Self {
        if matches!(diagnostic.code.as_str(), "Interrupted" | "TooLarge" | "InternalError") {
            return Error::from_diagnostic(diagnostic);
        }
        let mut error = Error::new(Code::JSInterpreterFailure, format!("{}: {}", diagnostic.code, diagnostic.message));
        error.hint = diagnostic.hint;
        error
    }

    /// A stream's failure on its way back through the engine.
    pub fn from_diagnostic(diagnostic: Diagnostic) -> Self {
        Error {
            code: Code::Reported,
            message: diagnostic.message,
            span: diagnostic.span,
            hint: diagnostic.hint,
            reported: Some((diagnostic.code, diagnostic.number)),
        }
    }

    /// Says where, unless it is known already.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Error {
    /// Whether the store failed, or the user asked to stop: nothing that another statement could mend.
    pub fn is_storage(&self) -> bool {
        matches!(self.code, Code::Interrupted | Code::Storage)
    }

    /// Why a collation cannot be used.
    pub fn in_collation(invalid: Invalid) -> Self {
        let code = match invalid {
            Invalid::NoLocale => Code::Location(40414),
            Invalid::Unknown(_) => Code::Location(40415),
            Invalid::Locale(_) | Invalid::Value(_) => Code::BadValue,
            Invalid::Unsupported(_) => Code::NotImplemented,
        };
        Error::new(code, invalid.to_string())
    }
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Interrupted => Error::new(Code::Interrupted, "operation was interrupted"),
            other => Error::new(Code::Storage, other.to_string()),
        }
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let (name, number) = error.reported.unwrap_or_else(|| (error.code.name().into_owned(), error.code.number()));
        let mut diagnostic = Diagnostic::new(Model::Doc, name, error.message);
        diagnostic.number = number;
        diagnostic.span = error.span;
        diagnostic.hint = error.hint;
        diagnostic
    }
}
