//! `NAME = value`, in the order of the file.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// The entries of a table in their order, by the live deserializer, so that errors keep their place. `expecting` says what
/// the table is: `WHAT, for example EXAMPLE`.
///
/// # Errors
/// When it is no table, or one of its entries cannot be read.
pub fn named_list<'de, D, K, V>(from: D, expecting: &'static str) -> Result<Vec<(K, V)>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    struct NamedEntries<K, V>(&'static str, PhantomData<(K, V)>);
    impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for NamedEntries<K, V> {
        type Value = Vec<(K, V)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<(K, V)>, A::Error> {
            entries(map)
        }
    }
    from.deserialize_map(NamedEntries(expecting, PhantomData))
}

/// All entries of a table that is being read.
///
/// # Errors
/// When one of them cannot be read.
pub fn entries<'de, A, K, V>(mut map: A) -> Result<Vec<(K, V)>, A::Error>
where
    A: MapAccess<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    let mut all = Vec::new();
    while let Some(entry) = map.next_entry()? {
        all.push(entry);
    }
    Ok(all)
}
