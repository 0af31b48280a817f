//! CALL of a procedure and LOAD CSV.

use super::Slot;
use super::operators::{Call, LoadCsv, Operator};
use super::planner::{Planner, State};
use crate::ast::graph::{Expr, ExprKind, Name, ProcedureCall};
use crate::graph::{Detail, Error, Kind, Result};
use std::sync::Arc;

impl Planner<'_> {
    /// Plans the call; answers the columns it adds.
    pub(super) fn call(&mut self, state: &mut State, call: &ProcedureCall) -> Result<Vec<(String, Slot)>> {
        let procedure = self.procedures.find(call).ok_or_else(|| {
            Error::compile(
                Kind::Procedure,
                Detail::ProcedureNotFound,
                format!("There is no procedure with the name `{}` registered for this database", call.name),
            )
            .at(call.name_span)
        })?;
        let mut arguments = Vec::new();
        match &call.args {
            Some(args) => {
                for arg in args {
                    arguments.push(self.compile(arg, &state.scope)?);
                }
            }
            None => {
                for input in procedure.inputs().iter().filter(|input| input.required) {
                    let kind = ExprKind::Parameter(input.name.to_string());
                    arguments.push(self.compile(&Expr { kind, span: call.name_span }, &state.scope)?);
                }
            }
        }
        let mut columns = Vec::new();
        let mut outputs = Vec::new();
        match &call.yields {
            Some(items) if !call.yield_all => {
                for item in items {
                    let at = procedure.outputs().iter().position(|output| output.name == item.column.text);
                    let at = at.ok_or_else(|| {
                        Error::syntax(
                            Detail::UndefinedVariable,
                            format!("Unknown procedure output: `{}`", item.column.text),
                        )
                        .at(item.column.span)
                    })?;
                    let name = item.alias.as_ref().unwrap_or(&item.column).text.clone();
                    outputs.push((at, name));
                }
            }
            _ => {
                outputs.extend(procedure.outputs().iter().enumerate().map(|(at, output)| (at, output.name.to_string())))
            }
        }
        let outputs = outputs
            .into_iter()
            .map(|(at, name)| {
                let slot = state.scope.add(name.as_str());
                columns.push((name, slot));
                (at, slot)
            })
            .collect();
        let name = procedure.name().to_owned();
        let parameters = Call { procedure, arguments, outputs, optional: call.optional };
        let rows = state.plan.rows * 10.0;
        state.plan = self.node(Operator::Call(state.plan.clone(), Arc::new(parameters)), name, rows);
        if let Some(filter) = &call.filter {
            let condition = self.condition(filter, &state.scope)?;
            let detail = self.text(filter);
            self.same_rows(state, |input| Operator::Filter(input, Arc::new(condition)), detail);
        }
        Ok(columns)
    }

    pub(super) fn load_csv(
        &mut self,
        state: &mut State,
        with_headers: bool,
        url: &Expr,
        variable: &Name,
        terminator: Option<&Expr>,
    ) -> Result<()> {
        let url = self.compile(url, &state.scope)?;
        let terminator = terminator.map(|expr| self.compile(expr, &state.scope)).transpose()?;
        let slot = state.scope.add(variable.text.as_str());
        state.plain.insert(variable.text.clone());
        let load = LoadCsv { url, with_headers, terminator, slot };
        let rows = state.plan.rows * 1000.0;
        state.plan = self.node(Operator::LoadCsv(state.plan.clone(), Arc::new(load)), &variable.text, rows);
        Ok(())
    }
}
