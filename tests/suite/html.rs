//! The page of a session: golden files to be looked at, and what holds for every page. `UPDATE_GOLDEN=1` writes them anew.

mod accessible;
mod browser;
mod numbers;
mod past;
mod room;
mod scenes;
mod side_by_side;
mod streaming;
