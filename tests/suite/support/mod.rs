//! What the suite's modules build their scenes with.


pub mod virtual_run;
