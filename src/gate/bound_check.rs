//! Whether a bound can be meant of its metric: its unit, and that some value crosses it.

use super::bound::{MetricBound, Operand, Side};
use super::metric_index::{LookupError, MetricIndex, MetricRef};
use crate::metric::DRIFT;
use crate::units::{Quantity, Unit};

impl MetricIndex {
    /// Whether `bound` can be compared with `word`.
    ///
    /// # Errors
    /// When the unit is another, or a measured quantity should be met exactly.
    pub fn check(&self, word: &MetricRef, bound: &MetricBound) -> Result<(), LookupError> {
        for operand in bound.operands() {
            match operand {
                Operand::Value(value, text) if !value.fits(word.unit) => {
                    return Err(LookupError {
                        message: format!(
                            "`{text}` cannot be compared with `{}`, which is {}",
                            word.address,
                            unit_name(word.unit)
                        ),
                        help: with_unit(value, text, word.unit),
                    });
                }
                Operand::Metric(_, name) => {
                    let other = self.alike(name, word)?;
                    if other.unit != word.unit {
                        return Err(LookupError {
                            message: format!(
                                "`{}` is {} and `{}` is {}",
                                word.address,
                                unit_name(word.unit),
                                other.address,
                                unit_name(other.unit)
                            ),
                            help: "compare metrics of one unit".to_owned(),
                        });
                    }
                }
                Operand::Value(..) => {}
            }
        }
        impossible(word, bound)?;
        let edge = |value: f64| {
            word.unit == Unit::Ratio && (value == 0.0 || (value - 1.0).abs() < f64::EPSILON)
        };
        match bound {
            MetricBound::Exactly(Operand::Value(value, text))
                if word.unit != Unit::Count && !edge(value.value) =>
            {
                Err(LookupError {
                    message: format!("`{}` is measured and never exactly `{text}`", word.address),
                    help: format!("write \"< {text}\" or \"> {text}\""),
                })
            }
            MetricBound::Between(Operand::Value(low, _), Operand::Value(high, _))
                if low.value > high.value =>
            {
                Err(LookupError {
                    message: "the range ends before it begins".to_owned(),
                    help: "the smaller value comes first".to_owned(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// A bound that no value can cross, or that every value crosses, is a slip of the pen.
fn impossible(word: &MetricRef, bound: &MetricBound) -> Result<(), LookupError> {
    if word.address.stat() == Some(DRIFT) {
        return Ok(());
    }
    let most = if word.unit == Unit::Ratio {
        1.0
    } else {
        f64::INFINITY
    };
    for operand in bound.operands() {
        let Operand::Value(value, text) = operand else {
            continue;
        };
        if !(0.0..=most).contains(&value.value) {
            let range = if word.unit == Unit::Ratio {
                "from 0 % to 100 %"
            } else {
                "never negative"
            };
            return Err(LookupError {
                message: format!("`{}` is {range}: `{text}` bounds nothing", word.address),
                help: format!("write for example {}", example(word.unit)),
            });
        }
    }
    match bound {
        MetricBound::OneSided(Side::Below, Operand::Value(value, text)) if value.value <= 0.0 => {
            Err(LookupError {
                message: format!(
                    "`{}` is never below `{text}`: the bound can never hold",
                    word.address
                ),
                help: format!("write \"<= {text}\" or \"{text}\""),
            })
        }
        MetricBound::OneSided(Side::Above, Operand::Value(value, text)) if value.value >= most => {
            Err(LookupError {
                message: format!(
                    "`{}` is never above `{text}`: the bound can never hold",
                    word.address
                ),
                help: format!("write \">= {text}\" or \"{text}\""),
            })
        }
        _ => Ok(()),
    }
}

const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "a time",
        Unit::Ratio => "a ratio",
        Unit::PerSecond => "a rate",
        Unit::Bytes => "an amount of data",
        Unit::Count => "a count",
        Unit::Factor => "a factor",
    }
}

/// A number without a unit with the one that is probably meant.
fn with_unit(value: &Quantity, text: &str, unit: Unit) -> String {
    match (value.unit, unit) {
        (None, Unit::Seconds) => format!("write it with its unit: `{text}s` or `{text}ms`"),
        (None, Unit::Ratio) if value.value < 1.0 => {
            format!("write it in percent: `{}%`", value.value * 100.0)
        }
        (None, Unit::Ratio) => format!("write it in percent: `{text}%`"),
        (None, Unit::PerSecond) => format!("write it with its unit: `{text}/s` or `{text}/min`"),
        _ => format!("write for example {}", example(unit)),
    }
}

const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "\"< 2s\" or \"< 300ms\"",
        Unit::Ratio => "\"< 5%\"",
        Unit::PerSecond => "\"> 5/s\"",
        Unit::Bytes => "\"< 10MB\"",
        Unit::Count => "\"> 4\"",
        Unit::Factor => "\"> 10\"",
    }
}
