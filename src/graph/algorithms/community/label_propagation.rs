//! Communities by what neighbours say.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Reading, Rows, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Raghavan, Albert and Kumara (2007): nodes take the name that weighs most among their neighbours, of equal
/// ones their own, else any. The order of the nodes, new in each round, and the choice among equals are drawn
/// from numbers that `seed` determines: the answer is the same each time. O(iterations · (V + E)).
pub const LABEL_PROPAGATION: Algorithm = Algorithm {
    name: "algo.labelPropagation",
    summary: "Communities: each node takes the name that weighs most among its neighbours.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("community", Types::INTEGER)],
    settings: &["iterations", "seed"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let iterations = call.settings.count("iterations", 10)?;
    let mut rng = fastrand::Rng::with_seed(call.settings.count("seed", 1)? as u64);
    let projection = call.project(Reading::Both)?;
    let mut names: Vec<usize> = (0..projection.len()).collect();
    let mut order: Vec<u32> = projection.places().collect();
    let mut weights = vec![0.0; projection.len()];
    let mut heard: Vec<usize> = Vec::new();
    for _ in 0..iterations {
        rng.shuffle(&mut order);
        let mut changed = false;
        for &place in &order {
            for step in projection.steps(place).filter(|step| step.to != place && step.weight > 0.0) {
                call.work(1)?;
                let name = names[step.to as usize];
                if weights[name] == 0.0 {
                    heard.push(name);
                }
                weights[name] += step.weight;
            }
            let most = heard.iter().map(|&name| weights[name]).fold(0.0, f64::max);
            if weights[names[place as usize]] < most {
                let best: Vec<usize> = heard.iter().copied().filter(|&name| weights[name] == most).collect();
                names[place as usize] = best[rng.usize(..best.len())];
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
