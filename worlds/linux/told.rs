//! What a zone's process was told of a machine: a customer's system, or a program of the world's
//! own.

use linux_guest::{MachineOrder, NodeOrder, Order};

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

    pub(crate) fn order(&self) -> Order {
        match self.clone() {
            Told::Guest(order) => Order::Ensure(Box::new(order)),
            Told::Node(order) => Order::Node(Box::new(order)),
        }
    }
}
