//! What the suite's modules build their scenes with.


pub mod session;
pub mod virtual_run;
