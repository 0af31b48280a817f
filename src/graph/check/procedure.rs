//! CALL of a procedure.

use super::Checker;
use super::expression::Place;
use super::query::Columns;
use super::scope::{Scope, already_bound};
use super::types::Ty;
use super::update::expect;
use crate::ast::graph::ProcedureCall;
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Kind, Result};

/// What is known of a procedure before it runs.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// Its arguments, the required ones first.
    pub inputs: Vec<Input>,
    /// Its columns.
    pub outputs: Vec<Output>,
}

/// An argument of a procedure.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name: an argument list that is left out is filled from the parameters of these names.
    pub name: String,
    /// What it may be; null always.
    pub types: Types,
    /// It must be given.
    pub required: bool,
}

/// A column of a procedure.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What it may be; null always.
    pub types: Types,
}

impl Checker<'_> {
    /// Checks a call; a standalone one may leave arguments and YIELD out.
    pub(super) fn call(self, call: &ProcedureCall, scope: &mut Scope, standalone: bool) -> Result<Columns> {
        let procedure = (self.context.procedure)(call).ok_or_else(|| unknown(call))?;
        self.arguments(call, &procedure, scope, standalone)?;
        if call.yield_all && !standalone {
            let message = "YIELD * can only stand in a CALL that is the whole statement";
            return Err(Error::syntax(Detail::UnexpectedSyntax, message)
                .at(call.name_span)
                .hint("name the columns: YIELD a, b"));
        }
        let mut columns = Vec::new();
        match &call.yields {
            Some(items) => {
                for item in items {
                    let output = procedure.outputs.iter().find(|output| output.name == item.column.text);
                    let Some(output) = output else {
                        let message = format!("Unknown procedure output: `{}`", item.column.text);
                        let known: Vec<_> = procedure.outputs.iter().map(|output| output.name.as_str()).collect();
                        let error = Error::syntax(Detail::UndefinedVariable, message).at(item.column.span);
                        return Err(error.hint(format!("{} yields {}", call.name, known.join(", "))));
                    };
                    let name = item.alias.as_ref().unwrap_or(&item.column);
                    scope
                        .introduce(name, Ty::of(output.types))
                        .map_err(|_| already_bound(name).hint("give it another name with AS"))?;
                    columns.push((name.text.clone(), Ty::of(output.types)));
                }
            }
            None if standalone || call.yield_all => {
                for output in &procedure.outputs {
                    scope.set(output.name.as_str(), Ty::of(output.types));
                    columns.push((output.name.clone(), Ty::of(output.types)));
                }
            }
            None => {}
        }
        self.filter(call.filter.as_ref(), scope)?;
        Ok(if standalone && !columns.is_empty() { Some(columns) } else { None })
    }

    fn arguments(self, call: &ProcedureCall, procedure: &Procedure, scope: &Scope, standalone: bool) -> Result<()> {
        let Some(args) = &call.args else {
            let missing = |input: &&Input| input.required && !self.context.parameters.contains_key(&input.name);
            return match (standalone, procedure.inputs.iter().find(missing)) {
                (false, _) if !procedure.inputs.is_empty() => {
                    let message = format!("Procedure call inside a query needs its arguments: {}(…)", call.name);
                    Err(Error::syntax(Detail::InvalidArgumentPassingMode, message).at(call.name_span))
                }
                (true, Some(input)) => {
                    let message = format!("Expected parameter(s): {}", input.name);
                    Err(Error::compile(Kind::ParameterMissing, Detail::MissingParameter, message).at(call.name_span))
                }
                _ => Ok(()),
            };
        };
        let required = procedure.inputs.iter().filter(|input| input.required).count();
        if !(required..=procedure.inputs.len()).contains(&args.len()) {
            let names: Vec<_> = procedure.inputs.iter().map(|input| input.name.as_str()).collect();
            let message = format!(
                "Procedure call does not provide the required number of arguments: got {} expected {}",
                args.len(),
                names.len()
            );
            return Err(Error::syntax(Detail::InvalidNumberOfArguments, message).at(call.name_span).hint(format!(
                "its form is {}({})",
                call.name,
                names.join(", ")
            )));
        }
        for (arg, input) in args.iter().zip(&procedure.inputs) {
            let ty = self.infer(arg, scope, Place::VALUE)?;
            expect(&ty, input.types, arg.span)?;
        }
        Ok(())
    }
}

fn unknown(call: &ProcedureCall) -> Error {
    let message = format!("There is no procedure with the name `{}` registered for this database", call.name);
    Error::compile(Kind::Procedure, Detail::ProcedureNotFound, message)
        .at(call.name_span)
        .hint(crate::graph::elsewhere::procedure(&call.name).unwrap_or_else(|| "SHOW PROCEDURES lists them".to_owned()))
}
