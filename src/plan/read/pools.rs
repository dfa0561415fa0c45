//! The `[audio.NAME]` sections of a plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use crate::audio::{Pool, PoolSpec};
use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::plan::read::check;
use crate::plan::tree;

/// Reads every pool and loads its clips.
pub(in crate::plan) fn read(
    tree: &DeTable<'_>,
    seed: u64,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Arc<Pool>> {
    let mut pools = BTreeMap::new();
    for (key, node) in tree::table(tree, "audio").into_iter().flatten() {
        crate::plan::names::check_form(key.get_ref(), &key.span(), diagnostics);
        let Some(spec) =
            check::read_checked(node, &key.span(), |_: &PoolSpec| Vec::new(), diagnostics)
        else {
            continue;
        };
        let at = |key_name: &str| tree::value_place(node, key_name, &key.span());
        match spec.load(sources.folder(&at("files")), seed) {
            Ok(pool) => {
                for clip in &pool.clips {
                    if let Some(declared) = clip.declared_seconds {
                        let message = format!(
                            "the header of `{}` declares {declared:.3} s, but there are {:.3} s of audio in it",
                            clip.name, clip.seconds
                        );
                        diagnostics.push(
                            Diagnostic::warning(message, at("files"))
                                .help("the real length counts"),
                        );
                    }
                }
                pools.insert(key.get_ref().to_string(), Arc::new(pool));
            }
            Err(error) => diagnostics.push(Diagnostic::error(error.to_string(), at("files"))),
        }
    }
    pools
}
