//! What can go wrong with a graph statement, in the words of the openCypher TCK.

use crate::storage;
use crate::text::{Diagnostic, Model, Phase, Span};

/// Declares an enum whose variants carry the word shown to programs.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The word in the envelope.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// The type of an error; most are those of the TCK.
    Kind {
        /// The text, or what it says about variables and types, is wrong.
        Syntax = "SyntaxError",
        /// It is well formed but cannot be carried out.
        Semantic = "SemanticError",
        /// A value has the wrong type.
        Type = "TypeError",
        /// A value is of the right type but out of range.
        Argument = "ArgumentError",
        /// Integer overflow, division by zero.
        Arithmetic = "ArithmeticError",
        /// A deleted node or relationship was used.
        EntityNotFound = "EntityNotFound",
        /// A `$parameter` has no value.
        ParameterMissing = "ParameterMissing",
        /// A procedure is unknown or was called wrongly.
        Procedure = "ProcedureError",
        /// A rule about the whole graph is broken, such as deleting a node that has relationships.
        ConstraintVerification = "ConstraintVerificationFailed",
        /// A declared constraint refuses a write.
        ConstraintValidation = "ConstraintValidationFailed",
        /// An index or constraint exists already, or does not exist.
        Schema = "SchemaError",
        /// A bound of the program, such as the size of a result, was reached.
        Limit = "LimitExceeded",
        /// A file named by the statement cannot be read.
        File = "FileError",
        /// The user asked to stop.
        Interrupted = "Interrupted",
        /// The storage failed.
        Storage = "StorageError",
    }
}

words! {
    /// What exactly is wrong; most are the details of the TCK.
    Detail {
        /// The text does not follow the grammar, or an expression stands where it may not.
        UnexpectedSyntax = "UnexpectedSyntax",
        /// A number is written wrongly.
        InvalidNumberLiteral = "InvalidNumberLiteral",
        /// A `\u` escape is written wrongly.
        InvalidUnicodeLiteral = "InvalidUnicodeLiteral",
        /// A character that looks like syntax but is not.
        InvalidUnicodeCharacter = "InvalidUnicodeCharacter",
        /// A variable that no clause introduced.
        UndefinedVariable = "UndefinedVariable",
        /// A variable used as something it is not.
        VariableTypeConflict = "VariableTypeConflict",
        /// A variable introduced twice.
        VariableAlreadyBound = "VariableAlreadyBound",
        /// A value of the wrong type.
        InvalidArgumentType = "InvalidArgumentType",
        /// A value of the right type that means nothing here.
        InvalidArgumentValue = "InvalidArgumentValue",
        /// An aggregate where none may stand.
        InvalidAggregation = "InvalidAggregation",
        /// An expression mixes an aggregate with parts that are no grouping keys.
        AmbiguousAggregationExpression = "AmbiguousAggregationExpression",
        /// An aggregate inside an aggregate.
        NestedAggregation = "NestedAggregation",
        /// A column of WITH without a name.
        NoExpressionAlias = "NoExpressionAlias",
        /// Two columns of the same name.
        ColumnNameConflict = "ColumnNameConflict",
        /// `*` with nothing to stand for.
        NoVariablesInScope = "NoVariablesInScope",
        /// An integer beyond 64 bits.
        IntegerOverflow = "IntegerOverflow",
        /// A float beyond the range of doubles.
        FloatingPointOverflow = "FloatingPointOverflow",
        /// Division of an integer by zero.
        DivisionByZero = "DivisionByZero",
        /// A relationship pattern is written wrongly.
        InvalidRelationshipPattern = "InvalidRelationshipPattern",
        /// A relationship variable stands twice in one pattern.
        RelationshipUniquenessViolation = "RelationshipUniquenessViolation",
        /// A relationship to be created needs exactly one type.
        NoSingleRelationshipType = "NoSingleRelationshipType",
        /// A relationship to be created needs a direction.
        RequiresDirectedRelationship = "RequiresDirectedRelationship",
        /// A variable-length relationship cannot be created.
        CreatingVarLength = "CreatingVarLength",
        /// A parameter where a literal map is needed.
        InvalidParameterUse = "InvalidParameterUse",
        /// Clauses in an order that means nothing.
        InvalidClauseComposition = "InvalidClauseComposition",
        /// The parts of a UNION have different columns.
        DifferentColumnsInUnion = "DifferentColumnsInUnion",
        /// A value that varies where a constant is needed.
        NonConstantExpression = "NonConstantExpression",
        /// A negative number where none may be.
        NegativeIntegerArgument = "NegativeIntegerArgument",
        /// A number outside the range of its use.
        NumberOutOfRange = "NumberOutOfRange",
        /// A value that cannot be a property.
        InvalidPropertyType = "InvalidPropertyType",
        /// `DELETE` of something that is no node, relationship or path.
        InvalidDelete = "InvalidDelete",
        /// No function has this name.
        UnknownFunction = "UnknownFunction",
        /// Too few or too many arguments.
        InvalidNumberOfArguments = "InvalidNumberOfArguments",
        /// A procedure's arguments must be written out here.
        InvalidArgumentPassingMode = "InvalidArgumentPassingMode",
        /// No procedure has this name.
        ProcedureNotFound = "ProcedureNotFound",
        /// A parameter has no value.
        MissingParameter = "MissingParameter",
        /// A map is indexed by something that is no string.
        MapElementAccessByNonString = "MapElementAccessByNonString",
        /// A list is indexed by something that is no integer.
        ListElementAccessByNonInteger = "ListElementAccessByNonInteger",
        /// `x.key` of something that has no properties.
        PropertyAccessByNonMap = "PropertyAccessByNonMap",
        /// `x[i]` of something that is no list, map, node or relationship.
        InvalidElementAccess = "InvalidElementAccess",
        /// Properties or labels of a deleted entity.
        DeletedEntityAccess = "DeletedEntityAccess",
        /// A deleted node still has relationships.
        DeleteConnectedNode = "DeleteConnectedNode",
        /// MERGE on a null property.
        MergeReadOwnWrites = "MergeReadOwnWrites",
        /// A constraint refuses a new node or relationship.
        CreateBlockedByConstraint = "CreateBlockedByConstraint",
        /// What is there breaks a new constraint.
        CreateBlockedByData = "CreateBlockedByData",
        /// An index or constraint of this name or on these properties exists.
        AlreadyExists = "AlreadyExists",
        /// No such index or constraint.
        NotFound = "NotFound",
        /// A bound was reached; the message names it.
        TooLarge = "TooLarge",
        /// A file cannot be read.
        FileAccess = "FileAccess",
        /// A pattern of a regular expression is wrong.
        InvalidRegularExpression = "InvalidRegularExpression",
        /// The user asked to stop.
        Interrupted = "Interrupted",
        /// The storage failed.
        Storage = "Storage",
    }
}

/// The result of a graph statement or a part of it.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed graph statement: when, what, where, and what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Before anything ran, or while it ran.
    pub phase: Phase,
    /// The type.
    pub kind: Kind,
    /// What exactly.
    pub detail: Detail,
    /// One sentence.
    pub message: String,
    /// Where in the statement's text.
    pub span: Option<Span>,
    /// What to do next.
    pub hint: Option<String>,
}

impl Error {
    /// An error found before anything ran.
    pub fn compile(kind: Kind, detail: Detail, message: impl Into<String>) -> Self {
        Error { phase: Phase::Compile, kind, detail, message: message.into(), span: None, hint: None }
    }

    /// A SyntaxError found before anything ran: the type of nearly all semantic errors in the TCK.
    pub fn syntax(detail: Detail, message: impl Into<String>) -> Self {
        Error::compile(Kind::Syntax, detail, message)
    }

    /// An error found while it ran.
    pub fn runtime(kind: Kind, detail: Detail, message: impl Into<String>) -> Self {
        Error { phase: Phase::Runtime, ..Error::compile(kind, detail, message) }
    }

    /// A TypeError found while it ran.
    pub fn type_error(detail: Detail, message: impl Into<String>) -> Self {
        Error::runtime(Kind::Type, detail, message)
    }

    /// An ArgumentError found while it ran.
    pub fn argument(detail: Detail, message: impl Into<String>) -> Self {
        Error::runtime(Kind::Argument, detail, message)
    }

    /// Says where, unless that is known already.
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

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        let (kind, detail) = match error {
            storage::Error::Interrupted => (Kind::Interrupted, Detail::Interrupted),
            _ => (Kind::Storage, Detail::Storage),
        };
        Error::runtime(kind, detail, error.to_string())
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Diagnostic {
            span: error.span,
            hint: error.hint,
            phase: Some(error.phase),
            detail: Some(error.detail.name().to_owned()),
            ..Diagnostic::new(Model::Graph, error.kind.name(), error.message)
        }
    }
}
