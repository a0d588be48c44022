//! The house is tidy: each check as a test of its own.

use crate::tree::Tree;
use crate::{absence, arrows, budgets, documents, licences, rooms};

fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    nothing(budgets::check(&Tree::here()));
}

#[test]
fn arrows_point_downward() {
    nothing(arrows::check(&Tree::here()));
}

#[test]
fn what_must_be_absent_is_absent() {
    nothing(absence::check(&Tree::here()));
}

#[test]
fn rooms_have_one_shape() {
    nothing(rooms::check(&Tree::here()));
}

#[test]
fn documents_match_the_tree() {
    nothing(documents::check(&Tree::here()));
}

#[test]
fn licences_are_on_the_list() {
    nothing(licences::check(&Tree::here()));
}

#[test]
fn licence_expressions_are_read() {
    assert!(licences::allowed("MIT OR Apache-2.0"));
    assert!(licences::allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(licences::allowed("GPL-3.0 OR MIT"));
    assert!(!licences::allowed("GPL-3.0"));
    assert!(!licences::allowed(""));
}
