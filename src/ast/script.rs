//! Scripts: the part of JavaScript that users of mongosh write.

use crate::text::Span;
use bson::Bson;
use std::rc::Rc;

/// A name of a variable, a field or a method.
pub type Name = Rc<str>;

/// Statements, one after another; the answer is the value of the last expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// The statements.
    pub body: Vec<Statement>,
}

/// A statement of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `;`
    Empty,
    /// An expression by itself.
    Expression(Expression),
    /// `let`, `const`, `var`
    Declare(Declaration),
    /// `function f(…) { … }`
    Function(Rc<Function>),
    /// `{ … }`
    Block(Vec<Statement>),
    /// `if (…) … else …`
    If(Expression, Box<(Statement, Statement)>),
    /// `for (…; …; …) …`
    For(Box<For>),
    /// `for (… of …) …`, `for (… in …) …`
    ForEach(Box<ForEach>),
    /// `while (…) …`
    While(Expression, Box<Statement>),
    /// `do … while (…)`
    DoWhile(Box<Statement>, Expression),
    /// `break`, perhaps with a label.
    Break(Option<Name>),
    /// `continue`, perhaps with a label.
    Continue(Option<Name>),
    /// `return`
    Return(Option<Expression>),
    /// `throw`
    Throw(Expression),
    /// `try … catch … finally …`
    Try(Box<Try>),
    /// `switch`
    Switch(Expression, Vec<Case>),
    /// `label: …`
    Labelled(Name, Box<Statement>),
}

/// `let a = 1, [b] = c`
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Which word.
    pub kind: DeclarationKind,
    /// What is bound to what.
    pub bindings: Vec<(Pattern, Option<Expression>)>,
}

/// How a variable is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclarationKind {
    /// `let`
    Let,
    /// `const`
    Const,
    /// `var`
    Var,
}

/// `for (start; test; step) body`
#[derive(Debug, Clone, PartialEq)]
pub struct For {
    /// Before the first round.
    pub start: Statement,
    /// Before each round.
    pub test: Option<Expression>,
    /// After each round.
    pub step: Option<Expression>,
    /// What is repeated.
    pub body: Statement,
}

/// `for (const target of subject) body`
#[derive(Debug, Clone, PartialEq)]
pub struct ForEach {
    /// How the target is declared; `None`: it is there already.
    pub kind: Option<DeclarationKind>,
    /// What each value is bound to.
    pub target: Pattern,
    /// `in`: the keys instead of the values.
    pub keys: bool,
    /// What is walked.
    pub subject: Expression,
    /// What is repeated.
    pub body: Statement,
}

/// `try { body } catch (error) { … } finally { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// What may fail.
    pub body: Vec<Statement>,
    /// What is done with the error.
    pub catch: Option<(Option<Pattern>, Vec<Statement>)>,
    /// What is done in any case.
    pub finally: Option<Vec<Statement>>,
}

/// `case test: body`; without a test, `default:`.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the subject is compared with.
    pub test: Option<Expression>,
    /// What is done then.
    pub body: Vec<Statement>,
}

/// What values are bound to.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// A variable.
    Name(Name, Span),
    /// A field or an element: `a.b`, `a[0]`.
    Place(Expression),
    /// `[a, , b = 1, ...rest]`
    Array(Vec<Option<Element>>, Option<Box<Pattern>>),
    /// `{ a, b: c = 1, ...rest }`
    Object(Vec<(Key, Element)>, Option<Box<Pattern>>),
}

/// A part of a pattern, or a parameter, with its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// What it is bound to.
    pub pattern: Pattern,
    /// What stands for `undefined`.
    pub default: Option<Expression>,
}

/// The name of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// As written.
    Name(Name),
    /// `[expression]`
    Computed(Expression),
}

/// A function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Its parameters.
    pub parameters: Vec<Element>,
    /// `...rest`
    pub rest: Option<Pattern>,
    /// What it does.
    pub body: Body,
    /// `=>`: it has no `this` of its own.
    pub is_arrow: bool,
    /// Its text.
    pub source: Rc<str>,
}

/// The body of a function.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `{ … }`
    Block(Vec<Statement>),
    /// Behind `=>`.
    Expression(Box<Expression>),
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub node: Node,
    /// Where.
    pub span: Span,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A value that was known when the text was read: documents, constructors with constants, arithmetic of
    /// constants.
    Constant(Bson),
    /// A variable.
    Name(Name),
    /// `this`
    This,
    /// `` `text ${value} text` ``
    Template(Vec<Piece>),
    /// An array with something in it that is not constant.
    Array(Vec<Item>),
    /// An object with something in it that is not constant.
    Object(Vec<Member>),
    /// A function.
    Function(Rc<Function>),
    /// `object.name`
    Member {
        /// Of what.
        object: Box<Expression>,
        /// Which field.
        name: Name,
        /// `?.`
        optional: bool,
    },
    /// `object[index]`
    Index {
        /// Of what.
        object: Box<Expression>,
        /// Which field or element.
        index: Box<Expression>,
        /// `?.`
        optional: bool,
    },
    /// `callee(…)`
    Call {
        /// What is called.
        callee: Box<Expression>,
        /// With what.
        args: Vec<Item>,
        /// `?.`
        optional: bool,
        /// `new`
        is_new: bool,
    },
    /// A chain of fields and calls with a `?.` in it: where there is nothing, all of it is undefined.
    Optional(Box<Expression>),
    /// An operator before its operand.
    Unary(Unary, Box<Expression>),
    /// `++` and `--`
    Update {
        /// 1 or -1.
        by: f64,
        /// Before the operand: the new value is answered.
        prefix: bool,
        /// What is changed.
        target: Box<Expression>,
    },
    /// An operator between its operands.
    Binary(Binary, Box<(Expression, Expression)>),
    /// `&&`, `||`, `??`
    Logical(Logical, Box<(Expression, Expression)>),
    /// `test ? then : otherwise`
    Conditional(Box<(Expression, Expression, Expression)>),
    /// `=`
    Assign(Box<(Pattern, Expression)>),
    /// `+=` and its like.
    Change(Change, Box<(Expression, Expression)>),
    /// `a, b`
    Sequence(Vec<Expression>),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text.
    Text(String),
    /// `${…}`
    Value(Expression),
}

/// An element of an array, or an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Nothing between two commas.
    Hole,
    /// A value.
    One(Expression),
    /// `...values`
    Spread(Expression),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// `key: value`
    Field(Key, Expression),
    /// `...object`
    Spread(Expression),
}

/// Operators before their operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`
    BitNot,
    /// `typeof`
    TypeOf,
    /// `void`
    Void,
    /// `delete`
    Delete,
}

/// Operators between two operands that are both evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `**`
    Power,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `===`
    Same,
    /// `!==`
    NotSame,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `>>>`
    ShiftRightUnsigned,
    /// `in`
    In,
    /// `instanceof`
    InstanceOf,
}

/// Operators whose second operand may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logical {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Else,
}

/// How an assignment changes what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `+=` …
    Binary(Binary),
    /// `&&=`, `||=`, `??=`
    Logical(Logical),
}
