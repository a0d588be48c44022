//! A machine of the world's own programs on Linux: the process, and what its zone says to it.
