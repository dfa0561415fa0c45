//! Rows of a table, one an iteration: `[data.NAME]`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::audio::Pick;

/// Rows of a .csv with a heading, or of a .jsonl: `{{NAME.column}}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// The file, relative to the plan.
    pub file: String,
    /// Which row an iteration takes: "round-robin", "random", "sequential" (each once, the load ends with the list), or "per-vu": user n
    /// keeps row n, and where there are more users than rows they share them.
    #[serde(default)]
    pub pick: RowPick,
}

/// Which row an iteration takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowPick {
    /// Iteration n takes row n mod count.
    #[default]
    RoundRobin,
    /// Any of them.
    Random,
    /// Each once.
    Sequential,
    /// A user keeps its own.
    PerVu,
}

impl RowPick {
    fn place(self, (iteration, vu): (u64, u64), count: usize, seed: u64) -> Option<usize> {
        let pick = match self {
            Self::RoundRobin => Pick::RoundRobin,
            Self::Random => Pick::Random,
            Self::Sequential => Pick::Sequential,
            Self::PerVu => return Pick::RoundRobin.place(vu.saturating_sub(1), count, seed),
        };
        pick.place(iteration, count, seed)
    }
}

/// A table that is loaded once and shared by every worker.
#[derive(Debug, Clone)]
pub struct DataTable {
    columns: Vec<String>,
    rows: Vec<Vec<Option<Value>>>,
    pick: RowPick,
    seed: u64,
    hash: String,
}

/// What a table looks like.
const FORMS: &str = "a .csv begins with the names of its columns, a .jsonl has an object a line";

impl DataSpec {
    /// Reads the table. Paths start from `folder`, the plan's; `seed` decides what is drawn.
    ///
    /// # Errors
    /// Says what is wrong, with the line where it is one.
    pub fn load(&self, folder: &Path, seed: u64) -> Result<DataTable, String> {
        let path = folder.join(&self.file);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            format!("cannot read `{shown}`: {error}\ncheck the path, which is relative to the plan")
        })?;
        let kind = path.extension().and_then(|extension| extension.to_str());
        let (columns, rows) = match kind {
            Some("csv") => csv_rows(&text),
            Some("jsonl" | "ndjson") => json_rows(&text),
            _ => Err("its name ends neither in .csv nor in .jsonl".to_owned()),
        }
        .map_err(|why| match why.contains('\n') {
            true => format!("`{shown}`: {why}"),
            false => format!("`{shown}`: {why}\n{FORMS}"),
        })?;
        if rows.is_empty() {
            return Err(format!("`{shown}` has no rows\n{FORMS}"));
        }
        let hash = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(DataTable {
            columns,
            rows,
            pick: self.pick,
            seed,
            hash,
        })
    }
}

type Rows = (Vec<String>, Vec<Vec<Option<Value>>>);

fn csv_rows(text: &str) -> Result<Rows, String> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heading = reader.headers().map_err(|error| error.to_string())?;
    let columns: Vec<String> = heading.iter().map(|name| name.trim().to_owned()).collect();
    if let Some(twice) = columns
        .iter()
        .enumerate()
        .find(|(at, name)| columns[..*at].contains(name))
    {
        return Err(format!("two columns are named `{}`", twice.1));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != columns.len() {
            return Err(format!(
                "line {line} has {} for {}\ngive every line as many values as there are columns; a value with a comma stands in quotes",
                counted(record.len(), "value"),
                counted(columns.len(), "column")
            ));
        }
        rows.push(
            record
                .iter()
                .map(|value| Some(Value::from(value)))
                .collect(),
        );
    }
    Ok((columns, rows))
}

fn json_rows(text: &str) -> Result<Rows, String> {
    let (mut columns, mut rows): (Vec<String>, Vec<Vec<Option<Value>>>) = Default::default();
    for (nth, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let value: Value = serde_json::from_str(line)
            .map_err(|error| format!("line {} is not JSON: {error}", nth + 1))?;
        let Value::Object(fields) = value else {
            return Err(format!("line {} is not a JSON object", nth + 1));
        };
        let mut row = vec![None; columns.len()];
        for (name, value) in fields {
            match columns.iter().position(|own| *own == name) {
                Some(at) => row[at] = Some(value),
                None => {
                    columns.push(name);
                    row.push(Some(value));
                }
            }
        }
        rows.push(row);
    }
    Ok((columns, rows))
}

impl DataTable {
    /// The names of its columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows there are, at least one.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many iterations the table lasts; `None` where it never ends.
    #[must_use]
    pub fn lasts(&self) -> Option<u64> {
        (self.pick == RowPick::Sequential).then_some(self.rows.len() as u64)
    }

    /// The SHA-256 of the file in hexadecimal.
    #[must_use]
    pub fn content_hash(&self) -> &str {
        &self.hash
    }

    /// The value of a column, by its place, for an iteration of the load and its user; `None` where the row has none, or the list is used up.
    pub(crate) fn value(&self, of: (u64, u64), column: usize) -> Option<&Value> {
        let row = &self.rows[self.pick.place(of, self.rows.len(), self.seed)?];
        row.get(column)?.as_ref()
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn load(name: &str, text: &str, pick: RowPick) -> Result<DataTable, String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), text).expect(name);
        DataSpec {
            file: name.to_owned(),
            pick,
        }
        .load(folder.path(), 1)
    }

    #[test]
    fn rows_are_picked_like_clips() {
        let table = load(
            "users.csv",
            "\u{feff}name, age\nann,3\n\"bo, jr\",4\n",
            RowPick::RoundRobin,
        )
        .expect("two rows");
        assert_eq!(table.columns(), ["name", "age"]);
        let names: Vec<_> = (0..3).map(|n| table.value((n, 1), 0).cloned()).collect();
        assert_eq!(
            names,
            [
                Some(json!("ann")),
                Some(json!("bo, jr")),
                Some(json!("ann"))
            ]
        );
        assert_eq!(table.lasts(), None);
        let own = load("x.csv", "a\n1\n2\n", RowPick::PerVu).expect("two rows");
        let rows: Vec<_> = [(0, 1), (7, 1), (7, 2), (9, 3)]
            .map(|of| own.value(of, 0))
            .into();
        let (one, two) = (json!("1"), json!("2"));
        assert_eq!(rows, [Some(&one), Some(&one), Some(&two), Some(&one)]);
        let once = load("x.csv", "a\n1\n2\n", RowPick::Sequential).expect("two rows");
        assert_eq!(
            (once.lasts(), once.value((1, 1), 0), once.value((2, 1), 0)),
            (Some(2), Some(&json!("2")), None)
        );
    }

    #[test]
    fn json_rows_keep_their_types() {
        let table = load(
            "x.jsonl",
            "{\"a\": 1}\n\n{\"b\": [2], \"a\": null}\n",
            RowPick::RoundRobin,
        )
        .expect("two rows");
        assert_eq!(table.columns(), ["a", "b"]);
        assert_eq!(
            (table.value((0, 1), 0), table.value((0, 1), 1)),
            (Some(&json!(1)), None)
        );
        assert_eq!(
            (table.value((1, 1), 0), table.value((1, 1), 1)),
            (Some(&json!(null)), Some(&json!([2])))
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (name, text, says) in [
            ("a.csv", "a,b\n1,2\n3\n", "line 3 has 1 value for 2 columns"),
            ("a.csv", "a,a\n1,2\n", "two columns are named `a`"),
            ("a.csv", "a,b\n", "has no rows"),
            ("a.csv", "", "has no rows"),
            ("a.jsonl", "{\"a\": 1}\n{\"a\": \n", "line 2 is not JSON"),
            ("a.jsonl", "[1]\n", "line 1 is not a JSON object"),
            ("a.txt", "a\n1\n", "neither in .csv nor in .jsonl"),
        ] {
            let error = load(name, text, RowPick::RoundRobin).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
        let missing = DataSpec {
            file: "none.csv".to_owned(),
            pick: RowPick::RoundRobin,
        }
        .load(Path::new("."), 1);
        assert!(missing.is_err_and(|error| error.contains("cannot read `./none.csv`")));
    }
}
