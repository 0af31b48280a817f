//! EXPLAIN and PROFILE: the plan as it is shown.

use super::PlanRef;
use super::operators::{NodeSource, Operator, RelationshipSource, Selection};
use crate::reply::{Measured, Plan};

/// The plan as an answer, with what was counted, if it was run: for each operator its rows, and the look-ups of
/// it and its inputs together.
pub fn describe(root: &PlanRef, columns: &[String], measured: Option<&[Measured]>) -> Plan {
    let input = shown(root, measured);
    Plan {
        operator: "ProduceResults",
        details: columns.join(", "),
        estimated_rows: input.estimated_rows,
        measured: input.measured.map(|measured| Measured { hits: 0, ..measured }),
        inputs: vec![input],
    }
}

fn shown(plan: &PlanRef, measured: Option<&[Measured]>) -> Plan {
    let inputs = plan.operator.inputs();
    let counted = |plan: &PlanRef| measured.map(|all| all.get(plan.id).copied().unwrap_or_default());
    let below: u64 = inputs.iter().filter_map(|input| counted(input)).map(|input| input.hits).sum();
    Plan {
        operator: name(&plan.operator),
        details: plan.detail.clone(),
        estimated_rows: plan.rows.max(0.0).round() as u64,
        measured: counted(plan).map(|own| Measured { hits: own.hits.saturating_sub(below), ..own }),
        // An operator that only hands over its row says nothing.
        inputs: inputs
            .into_iter()
            .filter(|input| !matches!(input.operator, Operator::Argument))
            .map(|input| shown(input, measured))
            .collect(),
    }
}

/// The operator's name, as Neo4j's plans have it where they have it.
fn name(operator: &Operator) -> &'static str {
    match operator {
        Operator::Argument => "Argument",
        Operator::NodeScan(_, scan) => match scan.source {
            NodeSource::All => "AllNodesScan",
            NodeSource::Label(_) => "NodeByLabelScan",
            NodeSource::Id(_) => "NodeByIdSeek",
            NodeSource::IndexEqual(..) | NodeSource::IndexIn(..) => "NodeIndexSeek",
            NodeSource::IndexRange(..) | NodeSource::IndexPrefix(..) => "NodeIndexSeekByRange",
        },
        Operator::RelationshipScan(_, scan) => match scan.source {
            RelationshipSource::Types => "RelationshipTypeScan",
            RelationshipSource::Id(_) => "RelationshipByIdSeek",
            RelationshipSource::IndexEqual(..) => "RelationshipIndexSeek",
        },
        Operator::Expand(_, expand) if expand.closing.is_some() => "Expand(Closing)",
        Operator::Expand(_, expand) if expand.into => "Expand(Into)",
        Operator::Expand(..) => "Expand(All)",
        Operator::ExpandCount(..) => "ExpandCount",
        Operator::VarExpand(_, expand) if expand.step.into => "VarLengthExpand(Into)",
        Operator::VarExpand(..) => "VarLengthExpand(All)",
        Operator::PruningVarExpand(..) => "VarLengthExpand(Pruning)",
        Operator::ProjectEndpoints(..) => "ProjectEndpoints",
        Operator::ShortestPath(..) => "ShortestPath",
        Operator::PathSearch(_, search) => match search.selection {
            Selection::All => "Repeat(Trail)",
            _ => "StatefulShortestPath",
        },
        Operator::Join(_, join) if join.keys.is_empty() => "CartesianProduct",
        Operator::Join(..) => "ValueHashJoin",
        Operator::Choose(..) => "ConditionalApply",
        Operator::BuildPath(..) => "BuildPath",
        Operator::Filter(..) => "Filter",
        Operator::Optional { .. } => "Optional",
        Operator::Apply(..) => "Apply",
        Operator::Project(..) => "Projection",
        Operator::Columns(..) => "Columns",
        Operator::Distinct(..) => "Distinct",
        Operator::Aggregate(..) => "EagerAggregation",
        Operator::Sort(_, sort) if sort.bound.is_empty() => "Sort",
        Operator::Sort(..) => "Top",
        Operator::Skip(..) => "Skip",
        Operator::Limit(..) => "Limit",
        Operator::Union(..) => "Union",
        Operator::Unwind(..) => "Unwind",
        Operator::Eager(..) => "Eager",
        Operator::Create(..) => "Create",
        Operator::Merge(..) => "Merge",
        Operator::Set(..) => "SetProperties",
        Operator::Delete { detach: true, .. } => "DetachDelete",
        Operator::Delete { .. } => "Delete",
        Operator::Foreach(..) => "Foreach",
        Operator::Call(..) => "ProcedureCall",
        Operator::LoadCsv(..) => "LoadCSV",
        Operator::CountStore { what: super::operators::CountedThing::Nodes(_), .. } => "NodeCountFromCountStore",
        Operator::CountStore { .. } => "RelationshipCountFromCountStore",
        Operator::Nothing(_) => "EmptyResult",
    }
}
