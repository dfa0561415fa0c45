//! Reads .proto files as they lie in folders: with the marks of editors, and with imports that only options want.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use prost_reflect::DescriptorPool;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use protox::file::{File, FileResolver, GoogleFileResolver, IncludeFileResolver};
use protox::{Compiler, Error};

use super::pool::{pool_of, without_missing};

const EDITIONS: &str = "is written in an edition of Protobuf, and only descriptors of editions are read: write them with \
                        `protoc --descriptor_set_out=FILE --include_imports`, and say `descriptors = \"FILE\"`";

/// The services of these files, below `folder`. Imports are looked for beside each file, in the folders above it up to the plan's, and
/// in the plan's own.
///
/// # Errors
/// Says what is wrong, with the file, the line and the column.
pub(super) fn compile(files: &[String], folder: &Path) -> Result<DescriptorPool, String> {
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file)).collect();
    let mut roots = roots(&paths, folder);
    let first = match attempt(&paths, &roots, Imports::All) {
        Ok(pool) => return Ok(pool),
        Err(error) => error,
    };
    // A file may have to be known by its longer name, by which others import it; and what only options want may be missing.
    let near = roots.clone();
    roots.reverse();
    for (roots, imports) in [
        (&roots, Imports::All),
        (&near, Imports::Found),
        (&roots, Imports::Found),
    ] {
        if let Ok(pool) = attempt(&paths, roots, imports) {
            return Ok(pool);
        }
    }
    let searched = first.contains("not found").then(|| {
        let folders: Vec<String> = near
            .iter()
            .map(|folder| folder.display().to_string())
            .collect();
        format!("; looked for in {}", folders.join(" and "))
    });
    Err(first + &searched.unwrap_or_default())
}

/// The folders that imports start from, the nearest first.
fn roots(files: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
    let named = |path: &Path| {
        if path.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            path.to_path_buf()
        }
    };
    let mut roots = Vec::new();
    let mut add = |root: PathBuf| {
        if !roots.contains(&root) {
            roots.push(root);
        }
    };
    for file in files {
        let above = file.ancestors().skip(1);
        let above = above.take_while(|above| above.starts_with(folder) && *above != folder);
        let parent = file.parent().unwrap_or(Path::new(""));
        std::iter::once(parent)
            .chain(above)
            .for_each(|above| add(named(above)));
    }
    add(named(folder));
    roots
}

/// Which imports have to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Imports {
    All,
    /// Others are taken to be empty, and options that only they could explain are left out.
    Found,
}

fn attempt(
    paths: &[PathBuf],
    roots: &[PathBuf],
    imports: Imports,
) -> Result<DescriptorPool, String> {
    let missing = Rc::default();
    let mut compiler = Compiler::with_file_resolver(ProtoFolders {
        roots: roots.to_vec(),
        imports,
        named: paths.to_vec(),
        missing: Rc::clone(&missing),
    });
    compiler.include_imports(true);
    let set = compiler
        .open_files(paths)
        .map(|compiler| compiler.file_descriptor_set())
        .map_err(|error| match error.file() {
            // Its long form has the file, the line and the column.
            Some(_) => format!("{error:?}").trim().replace('\n', " "),
            None => error.to_string(),
        })?;
    let missing: &BTreeSet<String> = &missing.borrow();
    let files = set.file.into_iter();
    let files = files.filter(|file| !missing.contains(file.name()));
    pool_of(
        files
            .map(|file| without_missing(file, &|name| !missing.contains(name)))
            .collect(),
    )
}

/// Finds files below several roots.
struct ProtoFolders {
    roots: Vec<PathBuf>,
    imports: Imports,
    /// The files that the plan names: they have to be there.
    named: Vec<PathBuf>,
    missing: Rc<RefCell<BTreeSet<String>>>,
}

impl FileResolver for ProtoFolders {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        self.roots
            .iter()
            .find_map(|root| IncludeFileResolver::new(root.clone()).resolve_path(path))
    }

    fn open_file(&self, name: &str) -> Result<File, Error> {
        for root in &self.roots {
            let path = root.join(name);
            match std::fs::read(&path) {
                Ok(bytes) => {
                    let text = text_of(&path, bytes).map_err(Error::new)?;
                    return self.file(name, &text);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    let why = format!("`{}` cannot be read: {error}", path.display());
                    return Err(Error::new(why));
                }
            }
        }
        let known = GoogleFileResolver::new().open_file(name);
        let is_named = self.named.iter().any(|path| path.ends_with(name));
        match known {
            Err(error)
                if error.is_file_not_found() && self.imports == Imports::Found && !is_named =>
            {
                self.missing.borrow_mut().insert(name.to_owned());
                Ok(File::from_file_descriptor_proto(FileDescriptorProto {
                    name: Some(name.to_owned()),
                    ..FileDescriptorProto::default()
                }))
            }
            known => known,
        }
    }
}

impl ProtoFolders {
    fn file(&self, name: &str, text: &str) -> Result<File, Error> {
        let file = File::from_source(name, text).map_err(|error| {
            if has_edition(text) {
                Error::new(format!("{name}: the file {EDITIONS}"))
            } else {
                error
            }
        })?;
        if self.imports == Imports::All {
            return Ok(file);
        }
        let mut bare = file.file_descriptor_proto().clone();
        without_options(&mut bare);
        Ok(File::from_file_descriptor_proto(bare))
    }
}

/// What a file says, whatever editor wrote it.
fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, String> {
    let bytes = match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(behind) => behind.to_vec(),
        None if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            return Err(format!(
                "`{}` is UTF-16, and .proto files are UTF-8: save it so",
                path.display()
            ));
        }
        None => bytes,
    };
    String::from_utf8(bytes)
        .map_err(|error| format!("`{}` is not UTF-8 ({error}): save it so", path.display()))
}

/// Whether the first word of a file that is no comment is `edition`.
fn has_edition(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        rest = if let Some(comment) = rest.strip_prefix("//") {
            comment.split_once('\n').map_or("", |(_, behind)| behind)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, behind)| behind)
        } else {
            return rest.starts_with("edition");
        }
        .trim_start();
    }
}

/// Takes away every option of a kind of its own, like `(google.api.http)`: it says nothing of messages.
macro_rules! without_own {
    ($owner:expr) => {
        if let Some(options) = &mut $owner.options {
            options
                .uninterpreted_option
                .retain(|option| !option.name.iter().any(|part| part.is_extension));
        }
    };
}

fn without_options(file: &mut FileDescriptorProto) {
    without_own!(file);
    file.message_type.iter_mut().for_each(of_message);
    file.enum_type.iter_mut().for_each(of_enum);
    for field in &mut file.extension {
        without_own!(field);
    }
    for service in &mut file.service {
        without_own!(service);
        for method in &mut service.method {
            without_own!(method);
        }
    }
}

fn of_message(message: &mut DescriptorProto) {
    without_own!(message);
    for field in message.field.iter_mut().chain(&mut message.extension) {
        without_own!(field);
    }
    for oneof in &mut message.oneof_decl {
        without_own!(oneof);
    }
    message.enum_type.iter_mut().for_each(of_enum);
    message.nested_type.iter_mut().for_each(of_message);
}

fn of_enum(kind: &mut EnumDescriptorProto) {
    without_own!(kind);
    for value in &mut kind.value {
        without_own!(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "message Ask { string text = 1 [(x.y) = 1]; }\n\
                           service Echo { rpc Once(Ask) returns (Ask) { option (google.api.http) = { get: \"/\" }; } }\n";

    fn found(files: &[(&str, &str)], named: &str) -> Result<DescriptorPool, String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            let bytes = match text.strip_prefix("utf-16 ") {
                Some(text) => {
                    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                    [&b"\xff\xfe"[..], &units.collect::<Vec<_>>()].concat()
                }
                None => text.as_bytes().to_vec(),
            };
            std::fs::write(path, bytes).expect("written");
        }
        compile(&[named.to_owned()], folder.path())
    }

    #[test]
    fn files_are_read_as_other_tools_read_them() {
        let head = "syntax = \"proto3\"; package e;\n";
        let plain = SERVICE
            .replace(" [(x.y) = 1]", "")
            .replace("option (google.api.http) = { get: \"/\" };", "");
        let import = "import \"google/api/annotations.proto\";\n";
        let common = "import \"acme/common.proto\";\nmessage Has { Kind kind = 1; }\n";
        let kind = "syntax = \"proto3\"; package e; enum Kind { NONE = 0; }";
        for (what, files, named) in [
            (
                "a mark",
                vec![("a.proto", format!("\u{feff}{head}{plain}"))],
                "a.proto",
            ),
            (
                "line ends",
                vec![("a.proto", format!("{head}{plain}").replace('\n', "\r\n"))],
                "a.proto",
            ),
            (
                "options alone want it",
                vec![("a.proto", format!("{head}{import}{SERVICE}"))],
                "a.proto",
            ),
            (
                "a root above the file",
                vec![
                    ("protos/acme/a.proto", format!("{head}{common}{plain}")),
                    ("protos/acme/common.proto", kind.to_owned()),
                ],
                "protos/acme/a.proto",
            ),
        ] {
            let files: Vec<_> = files
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let pool = found(&files, named).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(pool.get_service_by_name("e.Echo").is_some(), "{what}");
        }
        for (text, says) in [
            (
                format!("// one\n/* two */ edition = \"2023\";\n{plain}"),
                "descriptors = \"FILE\"",
            ),
            (format!("utf-16 {head}{plain}"), "is UTF-16"),
            (
                format!(
                    "{head}import \"acme/common.proto\";\nmessage Has {{ Kind kind = 1; }}\n{plain}"
                ),
                "acme/common.proto",
            ),
            (
                format!("{head}message A {{ strin text = 1; }}"),
                "a.proto:2:",
            ),
        ] {
            let error = found(&[("a.proto", &text)], "a.proto").expect_err(says);
            assert!(error.contains(says), "{says}: {error}");
        }
        assert!(
            found(&[], "none.proto")
                .expect_err("no file")
                .contains("none.proto")
        );
    }
}
