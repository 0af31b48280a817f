//! `$sum`, `$count`, `$avg`, `$stdDevPop`, `$stdDevSamp`: what is not a number is ignored.

use crate::doc::expression::number::{Number, Sum};
use bson::Bson;

/// `$sum` or `$avg`.
#[derive(Debug, Clone)]
pub(crate) struct Total {
    average: bool,
    sum: Sum,
    count: u64,
}

impl Total {
    pub fn new(average: bool) -> Self {
        Total { average, sum: Sum::default(), count: 0 }
    }

    pub fn add(&mut self, value: Option<&Bson>) {
        if let Some(number) = value.and_then(Number::of) {
            self.sum.add(number);
            self.count += 1;
        }
    }

    pub fn value(&self) -> Bson {
        if self.average {
            self.sum.mean(self.count).map_or(Bson::Null, Bson::from)
        } else {
            Bson::from(self.sum.value())
        }
    }
}

/// The standard deviation, by Welford's method.
#[derive(Debug, Clone)]
pub(crate) struct Deviation {
    sample: bool,
    count: u64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    pub fn new(sample: bool) -> Self {
        Deviation { sample, count: 0, mean: 0.0, squares: 0.0 }
    }

    pub fn add(&mut self, value: Option<&Bson>) {
        if let Some(number) = value.and_then(Number::of) {
            let number = number.to_f64();
            self.count += 1;
            let delta = number - self.mean;
            self.mean += delta / self.count as f64;
            self.squares += delta * (number - self.mean);
        }
    }

    pub fn value(&self) -> Bson {
        let divisor = if self.sample { self.count.saturating_sub(1) } else { self.count };
        if divisor == 0 {
            return Bson::Null;
        }
        let deviation = (self.squares / divisor as f64).sqrt();
        // An infinity among the numbers leaves no deviation.
        if deviation.is_nan() && !self.mean.is_nan() { Bson::Null } else { Bson::Double(deviation) }
    }
}
