//! Tests of values, timestamps and constraints.
