//! Tests of the codecs, piece by piece.
