//! What a zone process serves to its machines from outside them: the metadata address.
