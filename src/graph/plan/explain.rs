//! EXPLAIN and PROFILE: the plan as a tree of text.

use super::operators::{NodeSource, Operator, RelationshipSource, Selection};
use super::{Plan, PlanRef};

/// What PROFILE counted for one operator.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measured {
    /// Rows given.
    pub rows: u64,
    /// Look-ups in the storage, those of the inputs included.
    pub hits: u64,
}

/// The plan as text, one operator a line, inputs below and one step to the right; with what was
/// counted, if it was run.
///
/// ```text
/// ProduceResults  n.name                estimated rows 3
///   Projection  n.name                  estimated rows 3
///     NodeByLabelScan  n:Person         estimated rows 3
/// ```
pub fn describe(root: &PlanRef, columns: &[String], measured: Option<&[Measured]>) -> String {
    let mut lines = vec![(format!("ProduceResults  {}", columns.join(", ")), figures(root, measured, true))];
    walk(root, 1, measured, &mut lines);
    let width = lines.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(0) + 2;
    let mut out = String::new();
    for (text, figures) in lines {
        let text = text.trim_end().to_owned();
        let pad = width.saturating_sub(text.chars().count());
        out.push_str(&format!("{text}{}{figures}\n", " ".repeat(pad)));
    }
    out.pop();
    out
}

fn walk(plan: &Plan, depth: usize, measured: Option<&[Measured]>, lines: &mut Vec<(String, String)>) {
    // An operator that only hands over its row says nothing.
    if !matches!(plan.operator, Operator::Argument) || lines.len() == 1 {
        let text = format!("{}{}  {}", "  ".repeat(depth), name(&plan.operator), plan.detail);
        lines.push((text, figures(plan, measured, false)));
    }
    for input in plan.operator.inputs() {
        walk(input, depth + 1, measured, lines);
    }
}

fn figures(plan: &Plan, measured: Option<&[Measured]>, top: bool) -> String {
    let estimate = plan.rows.max(0.0).round();
    match measured {
        None => format!("estimated rows {estimate}"),
        Some(measured) => {
            let own = measured.get(plan.id).copied().unwrap_or_default();
            let below: u64 = plan
                .operator
                .inputs()
                .into_iter()
                .filter_map(|input| measured.get(input.id))
                .map(|input| input.hits)
                .sum();
            let hits = if top { 0 } else { own.hits.saturating_sub(below) };
            format!("estimated rows {estimate}, rows {}, db hits {hits}", own.rows)
        }
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
