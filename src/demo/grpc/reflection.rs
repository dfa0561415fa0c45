//! Server reflection: a client asks for the messages of a service, file by file.

use std::io;
use std::sync::Arc;

use axum::Router;
use prost_types::FileDescriptorSet;
use protox::file::{File, FileResolver};
use tonic_reflection::server::Builder;

use crate::demo::target::Target;

/// Each file under the name by which others import it.
const FILES: [(&str, &str); 2] = [
    (
        "riva/proto/riva_audio.proto",
        include_str!("riva_audio.proto"),
    ),
    ("riva/proto/riva_asr.proto", include_str!("riva_asr.proto")),
];

/// The files that are compiled into this program.
struct Shipped<'a>(&'a [(&'a str, &'a str)]);

impl FileResolver for Shipped<'_> {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let found = self.0.iter().find(|(own, _)| *own == name);
        let (_, text) = found.ok_or_else(|| protox::Error::file_not_found(name))?;
        File::from_source(name, text)
    }
}

/// What the files say, with their imports.
pub(crate) fn describe(files: &'static [(&str, &str)]) -> Result<FileDescriptorSet, protox::Error> {
    let mut compiler = protox::Compiler::with_file_resolver(Shipped(files));
    compiler.include_imports(true);
    compiler.open_files(files.iter().map(|(name, _)| name))?;
    Ok(compiler.file_descriptor_set())
}

/// The routes of both versions: old clients know the first alone, and some new ones only the second.
pub(crate) fn routes(router: Router<Arc<Target>>) -> io::Result<Router<Arc<Target>>> {
    let files = describe(&FILES).map_err(io::Error::other)?;
    let builder = || Builder::configure().register_file_descriptor_set(files.clone());
    let (old, new) = (
        builder().build_v1alpha().map_err(io::Error::other)?,
        builder().build_v1().map_err(io::Error::other)?,
    );
    Ok(router
        .route_service("/grpc.reflection.v1alpha.ServerReflection/{method}", old)
        .route_service("/grpc.reflection.v1.ServerReflection/{method}", new))
}
