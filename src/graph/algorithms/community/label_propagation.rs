//! Communities by what neighbours say.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Reading, Rows, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Raghavan, Albert and Kumara (2007): nodes in turn take the name that weighs most among their neighbours,
/// of equal ones their own, else the smallest, so that the answer is the same each time.
/// O(iterations · (V + E)).
pub const LABEL_PROPAGATION: Algorithm = Algorithm {
    name: "algo.labelPropagation",
    summary: "Communities: each node takes the name that weighs most among its neighbours.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("community", Types::INTEGER)],
    settings: &["iterations"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let iterations = call.settings.count("iterations", 10)?;
    let projection = call.project(Reading::Both)?;
    let mut names: Vec<usize> = (0..projection.len()).collect();
    let mut weights = vec![0.0; projection.len()];
    let mut heard: Vec<usize> = Vec::new();
    for _ in 0..iterations {
        let mut changed = false;
        for place in projection.places() {
            for step in projection.steps(place).filter(|step| step.to != place) {
                call.work(1)?;
                let name = names[step.to as usize];
                if weights[name] == 0.0 {
                    heard.push(name);
                }
                weights[name] += step.weight;
            }
            let own = names[place as usize];
            let better = |&a: &usize, &b: &usize| {
                let (first, second): (f64, f64) = (weights[a], weights[b]);
                first.total_cmp(&second).then((a == own).cmp(&(b == own))).then(b.cmp(&a))
            };
            if let Some(best) = heard.iter().copied().max_by(better)
                && best != own
            {
                names[place as usize] = best;
                changed = true;
            }
            heard.drain(..).for_each(|name| weights[name] = 0.0);
        }
        if !changed {
            break;
        }
    }
    Ok(grouped(&projection, &names))
}
