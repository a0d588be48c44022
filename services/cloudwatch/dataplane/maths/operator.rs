//! Operators: between numbers, and between series moment by moment.

use super::Line;
use super::parse::Operator;
use super::value::Value;

fn both(operator: Operator, a: f64, b: f64) -> f64 {
    let truth = |holds: bool| f64::from(u8::from(holds));
    match operator {
        Operator::Or => truth(a != 0.0 || b != 0.0),
        Operator::And => truth(a != 0.0 && b != 0.0),
        Operator::Equal => truth(a == b),
        Operator::Unequal => truth(a != b),
        Operator::Less => truth(a < b),
        Operator::LessOrEqual => truth(a <= b),
        Operator::Greater => truth(a > b),
        Operator::GreaterOrEqual => truth(a >= b),
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Over => a / b,
        Operator::Power => a.powf(b),
    }
}

/// Two values with an operator between them. Where one of two series has no value, neither has
/// the outcome; nor where it is no number (a division by zero).
pub(super) fn apply(operator: Operator, left: Value, right: Value) -> Result<Value, String> {
    let pair = |a: &Line, b: &Line| {
        let points = a
            .points
            .iter()
            .filter_map(|(at, a)| Some((*at, both(operator, *a, *b.points.get(at)?))));
        let points = points.filter(|(_, value)| value.is_finite()).collect();
        Line { points, period: a.period.max(b.period), label: a.label.clone() }
    };
    let left_of = |a: f64| move |b: &Line| finite(b.map(|b| both(operator, a, b)));
    let right_of = |b: f64| move |a: &Line| finite(a.map(|a| both(operator, a, b)));
    Ok(match (left, right) {
        (Value::Scalar(a), Value::Scalar(b)) => Value::Scalar(both(operator, a, b)),
        (Value::Scalar(a), b) => b.each(left_of(a), |b| both(operator, a, b))?,
        (a, Value::Scalar(b)) => a.each(right_of(b), |a| both(operator, a, b))?,
        (Value::Series(a), Value::Series(b)) => Value::Series(pair(&a, &b)),
        (Value::Series(a), Value::Array(all)) => {
            let pair = |b: &Line| Line { label: b.label.clone(), ..pair(&a, b) };
            Value::Array(all.iter().map(pair).collect())
        }
        (Value::Array(all), Value::Series(b)) => {
            Value::Array(all.iter().map(|a| pair(a, &b)).collect())
        }
        (a, b) => return Err(format!("no operator stands between {} and {}", a.kind(), b.kind())),
    })
}

/// Without what is no number.
pub(super) fn finite(mut line: Line) -> Line {
    line.points.retain(|_, value| value.is_finite());
    line
}
