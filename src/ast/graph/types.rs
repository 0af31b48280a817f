//! Names of value types, as in `x IS :: LIST<INTEGER NOT NULL>`.

/// A type of values. Unless it says `NOT NULL`, null belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeName {
    /// `ANY [VALUE]`
    Any,
    /// `NOTHING`: no value at all, not even null.
    Nothing,
    /// `NULL`
    Null,
    /// `BOOLEAN`, `BOOL`
    Boolean,
    /// `STRING`, `VARCHAR`
    String,
    /// `INTEGER`, `INT`, `SIGNED INTEGER`
    Integer,
    /// `FLOAT`
    Float,
    /// `DATE`
    Date,
    /// `LOCAL TIME`, `TIME WITHOUT TIMEZONE`
    LocalTime,
    /// `ZONED TIME`, `TIME WITH TIMEZONE`
    ZonedTime,
    /// `LOCAL DATETIME`, `TIMESTAMP WITHOUT TIMEZONE`
    LocalDateTime,
    /// `ZONED DATETIME`, `TIMESTAMP WITH TIMEZONE`
    ZonedDateTime,
    /// `DURATION`
    Duration,
    /// `POINT`
    Point,
    /// `NODE`, `VERTEX`, `ANY NODE`
    Node,
    /// `RELATIONSHIP`, `EDGE`
    Relationship,
    /// `PATH`
    Path,
    /// `MAP`, `ANY MAP`
    Map,
    /// `PROPERTY VALUE`: what a property can hold.
    PropertyValue,
    /// `LIST<…>`, `ARRAY<…>`
    List(Box<TypeName>),
    /// `A | B`, `ANY<A | B>`
    Union(Vec<TypeName>),
    /// `… NOT NULL`, `…!`
    NotNull(Box<TypeName>),
}

/// The form of a procedure: `name(input :: TYPE, …) :: (output :: TYPE, …)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The dotted name.
    pub name: String,
    /// Its arguments.
    pub inputs: Vec<(String, TypeName)>,
    /// Its columns.
    pub outputs: Vec<(String, TypeName)>,
}

impl std::fmt::Display for TypeName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self {
            TypeName::Any => "ANY",
            TypeName::Nothing => "NOTHING",
            TypeName::Null => "NULL",
            TypeName::Boolean => "BOOLEAN",
            TypeName::String => "STRING",
            TypeName::Integer => "INTEGER",
            TypeName::Float => "FLOAT",
            TypeName::Date => "DATE",
            TypeName::LocalTime => "LOCAL TIME",
            TypeName::ZonedTime => "ZONED TIME",
            TypeName::LocalDateTime => "LOCAL DATETIME",
            TypeName::ZonedDateTime => "ZONED DATETIME",
            TypeName::Duration => "DURATION",
            TypeName::Point => "POINT",
            TypeName::Node => "NODE",
            TypeName::Relationship => "RELATIONSHIP",
            TypeName::Path => "PATH",
            TypeName::Map => "MAP",
            TypeName::PropertyValue => "PROPERTY VALUE",
            TypeName::List(element) => return write!(out, "LIST<{element}>"),
            TypeName::Union(parts) => {
                out.write_str("ANY<")?;
                for (at, part) in parts.iter().enumerate() {
                    write!(out, "{}{part}", if at == 0 { "" } else { " | " })?;
                }
                return out.write_str(">");
            }
            TypeName::NotNull(inner) => return write!(out, "{inner} NOT NULL"),
        };
        out.write_str(word)
    }
}
