//! A topic's metrics. docs: sns-monitoring-using-cloudwatch

use region::View;
use region::meter::{Measure, aligned};
use world::{Amount, Span};

/// Values of one of a topic's metrics in this minute (paced).
pub(crate) fn measure(view: &View, topic: &str, name: &str, amount: Amount) -> Measure {
    let minute = view.paced(Span::seconds(60));
    let unit = if name == "PublishSize" { "Bytes" } else { "Count" };
    let at = aligned(view.now, minute);
    Measure::of("AWS/SNS", name, [("TopicName", topic)], unit, at, minute, amount)
}
