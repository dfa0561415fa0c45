//! The command `perfgate`.

fn main() {}
