//! What a zone's process was told of a machine: a customer's system, or a program of the world's
//! own.

use linux_guest::{MachineOrder, NodeOrder, Order, Renamed};

/// An order that was given, to tell a change from a repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Guest(MachineOrder),
    Node(NodeOrder),
}

impl Told {
    pub(crate) fn boot(&self) -> u32 {
        match self {
            Told::Guest(order) => order.boot,
            Told::Node(order) => order.boot,
        }
    }

    /// The order for who was told `before` last.
    pub(crate) fn order(&self, before: Option<&Told>) -> Order {
        if let (Some(Told::Node(was)), Told::Node(is)) = (before, self)
            && let Some(change) = Renamed::between(was, is)
        {
            return Order::Renamed(is.id.clone(), Box::new(change));
        }
        match self.clone() {
            Told::Guest(order) => Order::Ensure(Box::new(order)),
            Told::Node(order) => Order::Node(Box::new(order)),
        }
    }
}
