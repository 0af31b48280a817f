//! The operators and their parameters.

use super::{PlanRef, Slot};
use crate::ast::graph::{LabelExpr, OnError, RelDirection};
use crate::graph::eval::{AggregateCall, Compiled};
use crate::graph::procedures::Procedure;
use crate::graph::store::{Index, TokenRef};
use std::ops::Range;
use std::sync::Arc;

/// What an operator does with the rows of its input.
#[derive(Debug)]
pub enum Operator {
    /// The row that the surrounding operator gives; one empty row at the top.
    Argument,
    /// For each row, every node that a [`NodeScan`] finds.
    NodeScan(PlanRef, Arc<NodeScan>),
    /// For each row, every relationship of the types, with its ends.
    RelationshipScan(PlanRef, Arc<RelationshipScan>),
    /// For each row, every relationship of a bound node.
    Expand(PlanRef, Arc<Expand>),
    /// For each row, how many relationships of a node fit.
    ExpandCount(PlanRef, Arc<ExpandCount>),
    /// For each row, every trail of a length between two bounds from a bound node.
    VarExpand(PlanRef, Arc<VarExpand>),
    /// For each row, the ends of such trails, each once; the relationship slot stays null.
    PruningVarExpand(PlanRef, Arc<VarExpand>),
    /// For each row, the ends of a relationship (or list of them) that is bound already.
    ProjectEndpoints(PlanRef, Arc<ProjectEndpoints>),
    /// For each row, one or all shortest paths between two bound nodes.
    ShortestPath(PlanRef, Arc<ShortestPath>),
    /// For each row, the paths that fit a pattern with repeated parts, or those that a selector takes.
    PathSearch(PlanRef, Arc<PathSearch>),
    /// For each row, the rows of another part of the pattern that agree with it.
    Join(PlanRef, Arc<Join>),
    /// Puts a path together from its bound parts.
    BuildPath(PlanRef, Arc<BuildPath>),
    /// Rows for which the predicate is true.
    Filter(PlanRef, Arc<Condition>),
    /// For each row, the rows of the inner plan, or one with nulls in the new slots.
    Optional {
        /// Outer rows.
        input: PlanRef,
        /// Opened for each of them.
        inner: PlanRef,
        /// The slots that are null if it gives no row.
        slots: Range<Slot>,
    },
    /// `CALL { … }`: for each row, the rows of the inner query.
    Apply(PlanRef, Arc<Apply>),
    /// WHEN: for each row, the rows of the first query whose condition holds.
    Choose(PlanRef, Arc<Choose>),
    /// Computes expressions into slots.
    Project(PlanRef, Arc<Project>),
    /// A new row of some of the slots.
    Columns(PlanRef, Arc<[Slot]>),
    /// Rows whose first slots are not equivalent to those of an earlier one.
    Distinct(PlanRef, usize),
    /// One row a group.
    Aggregate(PlanRef, Arc<Aggregate>),
    /// Rows in order; the first of them only, if there is a bound.
    Sort(PlanRef, Arc<Sort>),
    /// Leaves rows out at the beginning.
    Skip(PlanRef, Arc<Compiled>),
    /// Stops after so many rows.
    Limit(PlanRef, Arc<Compiled>),
    /// The rows of one plan behind those of the other.
    Union(PlanRef, PlanRef),
    /// For each row, one for each element of a list.
    Unwind(PlanRef, Arc<Unwind>),
    /// Reads all rows before it gives the first; so many slots of each are kept.
    Eager(PlanRef, usize),
    /// Makes nodes and relationships.
    Create(PlanRef, Arc<Create>),
    /// Finds a pattern or makes it.
    Merge(PlanRef, Arc<Merge>),
    /// Sets and removes properties and labels.
    Set(PlanRef, Arc<[SetStep]>),
    /// Deletes nodes, relationships and paths.
    Delete {
        /// Rows.
        input: PlanRef,
        /// With their relationships.
        detach: bool,
        /// What to delete.
        targets: Arc<[Compiled]>,
    },
    /// Runs updates for each element of a list.
    Foreach(PlanRef, Arc<Foreach>),
    /// For each row, the rows of a procedure.
    Call(PlanRef, Arc<Call>),
    /// For each row, the records of a CSV file.
    LoadCsv(PlanRef, Arc<LoadCsv>),
    /// A count kept in the statistics.
    CountStore {
        /// Where it goes.
        slot: Slot,
        /// What is counted.
        what: CountedThing,
    },
    /// Reads everything, gives nothing: a query without RETURN.
    Nothing(PlanRef),
}

impl Operator {
    /// The plans that it pulls rows from, the one it pulls first in front.
    pub fn inputs(&self) -> Vec<&PlanRef> {
        match self {
            Operator::Argument | Operator::CountStore { .. } => Vec::new(),
            Operator::NodeScan(input, _)
            | Operator::RelationshipScan(input, _)
            | Operator::Expand(input, _)
            | Operator::ExpandCount(input, _)
            | Operator::VarExpand(input, _)
            | Operator::PruningVarExpand(input, _)
            | Operator::ProjectEndpoints(input, _)
            | Operator::ShortestPath(input, _)
            | Operator::PathSearch(input, _)
            | Operator::BuildPath(input, _)
            | Operator::Filter(input, _)
            | Operator::Project(input, _)
            | Operator::Columns(input, _)
            | Operator::Distinct(input, _)
            | Operator::Aggregate(input, _)
            | Operator::Sort(input, _)
            | Operator::Skip(input, _)
            | Operator::Limit(input, _)
            | Operator::Unwind(input, _)
            | Operator::Eager(input, _)
            | Operator::Create(input, _)
            | Operator::Set(input, _)
            | Operator::Delete { input, .. }
            | Operator::Call(input, _)
            | Operator::LoadCsv(input, _)
            | Operator::Nothing(input) => vec![input],
            Operator::Optional { input, inner, .. } => vec![input, inner],
            Operator::Apply(input, apply) => vec![input, &apply.inner],
            Operator::Join(input, join) => vec![input, &join.inner],
            Operator::Choose(input, choose) => {
                let plans = choose.branches.iter().map(|(_, plan)| plan);
                std::iter::once(input).chain(plans).chain(&choose.otherwise).collect()
            }
            Operator::Merge(input, merge) => vec![input, &merge.find],
            Operator::Foreach(input, foreach) => vec![input, &foreach.body],
            Operator::Union(left, right) => vec![left, right],
        }
    }

    /// The plan whose rows it works on; it is opened together with the operator.
    pub fn input(&self) -> Option<&PlanRef> {
        self.inputs().first().copied()
    }
}

/// Where nodes come from.
#[derive(Debug)]
pub struct NodeScan {
    /// Where the node goes.
    pub slot: Slot,
    /// Which nodes.
    pub source: NodeSource,
    /// What an index seek answers for, unless the values sought are of kinds whose keys are coarser than equality.
    pub residual: Option<Compiled>,
}

/// Which nodes a scan gives.
#[derive(Debug)]
pub enum NodeSource {
    /// All.
    All,
    /// Those with a label.
    Label(Arc<str>),
    /// The one with this id (or those in a list of ids).
    Id(Compiled),
    /// Those of a label whose indexed properties equal these values, from the first key on.
    IndexEqual(Index, Vec<Compiled>, Arc<str>),
    /// Those whose first indexed property is in a list.
    IndexIn(Index, Compiled),
    /// Those whose first indexed property lies between bounds.
    IndexRange(Index, Option<Compiled>, Option<Compiled>),
    /// Those whose first indexed property begins with a string.
    IndexPrefix(Index, Compiled),
}

/// Parameters of [`Operator::RelationshipScan`].
#[derive(Debug)]
pub struct RelationshipScan {
    /// Where the relationship goes.
    pub relationship: Slot,
    /// The pattern's left node.
    pub from: Slot,
    /// The pattern's right node.
    pub to: Slot,
    /// Which way the pattern points.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Where they come from.
    pub source: RelationshipSource,
    /// As that of a [`NodeScan`].
    pub residual: Option<Compiled>,
    /// Relationships of the same clause, which must differ.
    pub unique: Vec<Slot>,
}

/// Which relationships a scan gives; those of other types are left out.
#[derive(Debug)]
pub enum RelationshipSource {
    /// Those of the types.
    Types,
    /// The one with this id (or those in a list of ids).
    Id(Compiled),
    /// Those whose indexed properties equal these values, from the first key on.
    IndexEqual(Index, Vec<Compiled>),
}

/// Which relationship types a pattern allows.
#[derive(Debug, Clone)]
pub enum TypeFilter {
    /// All.
    Any,
    /// One of these.
    Names(Vec<Arc<str>>),
    /// An expression with negation or conjunction.
    Expression(LabelExpr),
}

/// Parameters of [`Operator::Expand`].
#[derive(Debug, Clone)]
pub struct Expand {
    /// The bound node.
    pub from: Slot,
    /// Where the relationship goes.
    pub relationship: Slot,
    /// The other node.
    pub to: Slot,
    /// Whether the other node is bound as well.
    pub into: bool,
    /// Which way, seen from `from`.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Relationships (or lists of them) of the same clause, which must differ.
    pub unique: Vec<Slot>,
    /// Another relationship, from the node that is reached, which must be there as well.
    pub closing: Option<Closing>,
}

/// A relationship from the node that an expansion reaches to one that is bound before.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Where it goes.
    pub relationship: Slot,
    /// The bound node.
    pub to: Slot,
    /// Which way, seen from the node that is reached.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Relationships (or lists of them) of the same clause, which must differ; the expansion's own is another.
    pub unique: Vec<Slot>,
}

/// Parameters of [`Operator::ExpandCount`].
#[derive(Debug)]
pub struct ExpandCount {
    /// The step; its slots are set while conditions are tested.
    pub expand: Expand,
    /// Another step from the same node: pairs of relationships are counted. There are no conditions then.
    pub beside: Option<Beside>,
    /// Conditions on the relationship and the node behind it.
    pub filters: Vec<Arc<Condition>>,
    /// Where the number goes.
    pub number: Slot,
}

/// A second step of an [`ExpandCount`].
#[derive(Debug)]
pub struct Beside {
    /// Which way, seen from the node of the first one.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// The two relationships of a pair must differ.
    pub differs: bool,
}

/// A condition on rows.
#[derive(Debug)]
pub struct Condition {
    /// The condition.
    pub predicate: Compiled,
    /// The slot of the only variable it depends on, if it depends on nothing else and always says the
    /// same of the same node.
    pub about_node: Option<Slot>,
}

/// Parameters of [`Operator::VarExpand`].
#[derive(Debug)]
pub struct VarExpand {
    /// The bound node, the slots and the direction; the relationship slot gets a list.
    pub step: Expand,
    /// The least length.
    pub min: u64,
    /// The greatest length.
    pub max: Option<u64>,
    /// A condition on each relationship, which stands in the slot while it is tested.
    pub filter: Option<(Slot, Compiled)>,
    /// `from` is the pattern's right end: the list is given in reverse.
    pub reversed: bool,
    /// Relationships may stand in the list more than once.
    pub repeats: bool,
}

/// Parameters of [`Operator::ProjectEndpoints`].
#[derive(Debug)]
pub struct ProjectEndpoints {
    /// The bound relationship or list.
    pub relationship: Slot,
    /// The pattern's left node, and whether it is bound.
    pub from: (Slot, bool),
    /// The pattern's right node, and whether it is bound.
    pub to: (Slot, bool),
    /// Which way the pattern points.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Bounds of the length, if the pattern is variable.
    pub length: Option<(u64, Option<u64>)>,
    /// Relationships of the same clause, which must differ.
    pub unique: Vec<Slot>,
}

/// Parameters of [`Operator::ShortestPath`].
#[derive(Debug)]
pub struct ShortestPath {
    /// The start.
    pub from: Slot,
    /// The end.
    pub to: Slot,
    /// Which way.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// The least length: 0 or 1.
    pub min: u64,
    /// The greatest length.
    pub max: Option<u64>,
    /// All of the shortest.
    pub all: bool,
    /// Where the relationships go, as a list.
    pub relationships: Slot,
    /// Where the path goes.
    pub path: Slot,
    /// A condition on each relationship.
    pub filter: Option<(Slot, Compiled)>,
    /// The pattern is `-[r]-` without a star: the relationship slot gets the relationship itself.
    pub single: bool,
}

/// Parameters of [`Operator::PathSearch`].
#[derive(Debug)]
pub struct PathSearch {
    /// The node where the search begins.
    pub from: Slot,
    /// The other end, and whether it is bound.
    pub to: (Slot, bool),
    /// The parts of the pattern, in the order they are walked.
    pub segments: Vec<Segment>,
    /// Which paths are taken.
    pub selection: Selection,
    /// A condition on whole paths.
    pub filter: Option<Compiled>,
    /// Where the path goes.
    pub path: Option<Slot>,
    /// `from` is the pattern's right end.
    pub reversed: bool,
    /// Relationships (or lists of them) of the same clause, which must differ.
    pub unique: Vec<Slot>,
    /// Relationships may be walked more than once.
    pub repeats: bool,
    /// The pattern is one repeated relationship whose conditions speak of nothing else: shortest paths
    /// to all nodes are found at once.
    pub spreads: bool,
    /// A part may be repeated without end.
    pub unbounded: bool,
}

/// A part of a path pattern: one relationship, or some that are repeated.
#[derive(Debug)]
pub struct Segment {
    /// Its relationships, in the order they are walked.
    pub steps: Vec<PathStep>,
    /// How it is repeated.
    pub repeat: Option<Repeat>,
    /// Where the node behind it goes, unless it is the end of the pattern.
    pub joint: Option<Slot>,
    /// A condition on the node behind it.
    pub filter: Option<Compiled>,
}

/// A relationship of a path pattern, with the node behind it.
#[derive(Debug)]
pub struct PathStep {
    /// Which way it is walked.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Where the relationship goes while it is tested.
    pub relationship: Slot,
    /// Where the node goes while it is tested.
    pub node: Slot,
    /// A condition on both.
    pub filter: Option<Compiled>,
}

/// How a segment is repeated.
#[derive(Debug)]
pub struct Repeat {
    /// At least so often.
    pub min: u64,
    /// At most so often.
    pub max: Option<u64>,
    /// Where the first node of a repetition goes.
    pub start: Slot,
    /// A condition on it.
    pub start_filter: Option<Compiled>,
    /// Slots of single values, and where the lists of them go.
    pub groups: Vec<(Slot, Slot)>,
}

/// Which paths between the same ends are taken.
#[derive(Debug)]
pub enum Selection {
    /// All.
    All,
    /// So many of the shortest.
    Shortest(Option<Arc<Compiled>>),
    /// All of so many least lengths.
    Groups(Option<Arc<Compiled>>),
}

/// Parameters of [`Operator::Join`].
#[derive(Debug)]
pub struct Join {
    /// The other part; it begins with the row as it was before both.
    pub inner: PlanRef,
    /// Of that row, so many slots are handed on.
    pub argument_width: usize,
    /// What must be equal: of the row, of the other part.
    pub keys: Vec<(Compiled, Compiled)>,
    /// The slots that the other part sets.
    pub slots: Vec<Slot>,
}

/// Parameters of [`Operator::BuildPath`].
#[derive(Debug)]
pub struct BuildPath {
    /// Where the path goes.
    pub slot: Slot,
    /// The first node.
    pub start: Slot,
    /// The relationships (or lists of them) in order; where a path was repeated, lists that take turns.
    pub parts: Vec<Vec<Slot>>,
}

/// Parameters of [`Operator::Apply`].
#[derive(Debug)]
pub struct Apply {
    /// The inner plan; it begins with the imported variables.
    pub inner: PlanRef,
    /// Outer slots in the order of the inner row.
    pub imports: Vec<Slot>,
    /// Outer slots for the inner columns; `None` for a unit subquery, which keeps the row as it is.
    pub exports: Option<Vec<Slot>>,
    /// A row for which the inner plan gives none stays, with nulls.
    pub optional: bool,
    /// How long rows are.
    pub width: usize,
    /// `IN TRANSACTIONS`
    pub batches: Option<InTransactions>,
}

/// How the rows of a subquery are taken together, and what a failure does.
#[derive(Debug)]
pub struct InTransactions {
    /// How many rows make a batch.
    pub rows: Option<Compiled>,
    /// What a failed batch does to the others.
    pub on_error: OnError,
    /// Where the batch's outcome goes.
    pub status: Option<Slot>,
}

/// Parameters of [`Operator::Choose`].
#[derive(Debug)]
pub struct Choose {
    /// Conditions and plans.
    pub branches: Vec<(Compiled, PlanRef)>,
    /// The plan for rows that fulfil none.
    pub otherwise: Option<PlanRef>,
}

/// Parameters of [`Operator::Project`].
#[derive(Debug)]
pub struct Project {
    /// What is computed, and where it goes.
    pub items: Vec<(Slot, Compiled)>,
    /// Start from an empty row.
    pub fresh: bool,
    /// How long rows become.
    pub width: usize,
}

/// Parameters of [`Operator::Aggregate`]; the new row holds the keys, then the aggregates.
#[derive(Debug)]
pub struct Aggregate {
    /// The grouping keys.
    pub keys: Vec<Compiled>,
    /// The aggregates.
    pub calls: Vec<AggregateStep>,
    /// The slot of the only variable that the keys depend on, if a node in it always has the same ones.
    pub about_node: Option<Slot>,
    /// Where it stands for how many rows each row counts.
    pub weight: Option<Slot>,
}

/// An aggregate with its compiled arguments.
#[derive(Debug)]
pub struct AggregateStep {
    /// Which.
    pub call: AggregateCall,
    /// What is gathered; `None` for `count(*)`.
    pub argument: Option<Compiled>,
    /// The second argument of percentiles.
    pub extra: Option<Compiled>,
}

/// Parameters of [`Operator::Sort`].
#[derive(Debug)]
pub struct Sort {
    /// The keys, and whether they descend.
    pub keys: Vec<(Compiled, bool)>,
    /// Only so many rows are wanted: the sum of these.
    pub bound: Vec<Arc<Compiled>>,
    /// How many slots are kept.
    pub width: usize,
}

/// Parameters of [`Operator::Unwind`].
#[derive(Debug)]
pub struct Unwind {
    /// The list.
    pub list: Compiled,
    /// Where the element goes.
    pub slot: Slot,
}

/// Parameters of [`Operator::Create`].
#[derive(Debug, Default)]
pub struct Create {
    /// In the order written.
    pub steps: Vec<CreateStep>,
    /// Paths of them.
    pub paths: Vec<BuildPath>,
    /// How long rows become.
    pub width: usize,
    /// A null property is an error: MERGE.
    pub refuse_null: bool,
}

/// Something to be made.
#[derive(Debug)]
pub enum CreateStep {
    /// A node.
    Node {
        /// Where it goes.
        slot: Slot,
        /// Its labels.
        labels: Vec<Naming>,
        /// What it holds.
        properties: Properties,
    },
    /// A relationship.
    Relationship {
        /// Where it goes.
        slot: Slot,
        /// The node it leaves.
        source: Slot,
        /// The node it enters.
        target: Slot,
        /// Its type.
        kind: Naming,
        /// What it holds.
        properties: Properties,
    },
}

/// The properties of something to be made.
#[derive(Debug)]
pub enum Properties {
    /// Keys that stand in the statement, in alphabetical order, with their values.
    Keys(Vec<(TokenRef, Compiled)>),
    /// A map that is computed.
    Map(Compiled),
}

/// A label, a type or a key that is written.
#[derive(Debug)]
pub enum Naming {
    /// It stands in the statement.
    Name(TokenRef),
    /// It is computed: a string or, for labels, a list of strings.
    Dynamic(Compiled),
}

/// Parameters of [`Operator::Merge`].
#[derive(Debug)]
pub struct Merge {
    /// Finds the pattern.
    pub find: PlanRef,
    /// Makes it.
    pub create: Create,
    /// For rows that made it.
    pub on_create: Vec<SetStep>,
    /// For rows that found it.
    pub on_match: Vec<SetStep>,
    /// Slots that are bound before: a null in one of them is an error.
    pub bound: Vec<Slot>,
}

/// One update of an entity.
#[derive(Debug)]
pub enum SetStep {
    /// `x.key = value`; null removes.
    Property {
        /// The entity.
        target: Compiled,
        /// The key.
        key: Naming,
        /// The value; `None` removes.
        value: Option<Compiled>,
    },
    /// `x = map`, `x += map`
    All {
        /// The entity.
        target: Slot,
        /// `+=`
        merge: bool,
        /// A map or an entity.
        value: Compiled,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Slot,
        /// The labels.
        labels: Vec<Naming>,
        /// `REMOVE`
        remove: bool,
    },
}

/// Parameters of [`Operator::Foreach`].
#[derive(Debug)]
pub struct Foreach {
    /// The list.
    pub list: Compiled,
    /// Where the element goes.
    pub slot: Slot,
    /// The updates.
    pub body: PlanRef,
    /// How long the body's rows are at first.
    pub width: usize,
}

/// Parameters of [`Operator::Call`].
#[derive(Debug)]
pub struct Call {
    /// Which procedure.
    pub procedure: Procedure,
    /// Its arguments.
    pub arguments: Vec<Compiled>,
    /// Columns of the procedure and where they go.
    pub outputs: Vec<(usize, Slot)>,
    /// A row for which the procedure gives none stays, with nulls.
    pub optional: bool,
}

/// Parameters of [`Operator::LoadCsv`].
#[derive(Debug)]
pub struct LoadCsv {
    /// The file.
    pub url: Compiled,
    /// Rows are maps.
    pub with_headers: bool,
    /// The field separator.
    pub terminator: Option<Compiled>,
    /// Where the record goes.
    pub slot: Slot,
}

/// What [`Operator::CountStore`] counts.
#[derive(Debug)]
pub enum CountedThing {
    /// Nodes, of a label.
    Nodes(Option<Arc<str>>),
    /// Relationships, of some types (none named: all).
    Relationships(Vec<Arc<str>>),
}

/// What an expression runs for a pattern or query inside it.
#[derive(Debug)]
pub struct Subplan {
    /// The plan; it begins with the row of the expression.
    pub plan: PlanRef,
    /// How its rows become a value.
    pub result: SubplanResult,
    /// Only the first so many slots of the row are given to the plan.
    pub width: usize,
}

/// How the rows of a subplan become a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubplanResult {
    /// Whether there is a row.
    Exists,
    /// How many rows there are.
    Count,
    /// A list of the values in a slot.
    Collect(Slot),
    /// The value in a slot of the first row, or null.
    First(Slot),
}
