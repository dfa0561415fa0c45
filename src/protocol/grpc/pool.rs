//! Descriptors as the library reads them: those of editions too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message;
use prost_reflect::DescriptorPool;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

/// A pool of these files and the well-known ones. The files of a description may refer to each other in any order.
///
/// # Errors
/// Says what is wrong with them.
pub(super) fn pool_of(files: Vec<FileDescriptorProto>) -> Result<DescriptorPool, String> {
    // The well-known ones are there already, and some targets do not hand them out.
    let mut pool = DescriptorPool::global();
    let own = files
        .into_iter()
        .filter(|file| pool.get_file_by_name(file.name()).is_none());
    let own = own.map(without_edition).collect::<Result<Vec<_>, _>>()?;
    // The library has a place or two that end the program for a file that nobody wrote by hand.
    catch_unwind(AssertUnwindSafe(|| {
        pool.add_file_descriptor_protos(own)
            .map_err(|error| error.to_string())
            .map(|()| pool)
    }))
    .unwrap_or_else(|_| Err("its descriptors contradict each other".to_owned()))
}

/// The pool of a set of descriptors as `protoc` writes it.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn pool_of_set(bytes: &[u8]) -> Result<DescriptorPool, String> {
    let set = FileDescriptorSet::decode(bytes).map_err(|error| error.to_string())?;
    pool_of(set.file)
}

/// The same file without imports that are not among `files`. Options alone may want them, of a gateway for example.
pub(super) fn without_missing(
    mut file: FileDescriptorProto,
    is_there: &dyn Fn(&str) -> bool,
) -> FileDescriptorProto {
    let mut places = Vec::new();
    let mut kept = 0;
    for name in &file.dependency {
        places.push(is_there(name).then_some(kept));
        kept += i32::from(is_there(name));
    }
    let moved = |list: &[i32]| -> Vec<i32> {
        let place = |at: &i32| places.get(usize::try_from(*at).ok()?).copied().flatten();
        list.iter().filter_map(place).collect()
    };
    file.public_dependency = moved(&file.public_dependency);
    file.weak_dependency = moved(&file.weak_dependency);
    file.dependency.retain(|name| is_there(name));
    file
}

/// A file of an edition as one of proto2, which knows whether a field was said, as editions do. What differs is how lists of numbers are
/// packed, which readers take either way.
fn without_edition(mut file: FileDescriptorProto) -> Result<FileDescriptorProto, String> {
    match file.syntax.as_deref() {
        None | Some("" | "proto2" | "proto3") => {}
        Some("editions") => {
            file.syntax = None;
            file.message_type.iter_mut().for_each(packed);
        }
        Some(other) => {
            let name = file.name.as_deref().unwrap_or_default();
            return Err(format!(
                "`{name}` has the syntax `{other}`, which is not known: proto2, proto3 and editions are"
            ));
        }
    }
    Ok(file)
}

fn packed(message: &mut DescriptorProto) {
    for field in &mut message.field {
        let is_number = !matches!(
            field.r#type(),
            Type::String | Type::Bytes | Type::Message | Type::Group
        );
        // A type that only its name says is an enum or a message, which nobody knows yet.
        if field.label() == Label::Repeated && is_number && field.r#type.is_some() {
            let options = field.options.get_or_insert_default();
            options.packed = options.packed.or(Some(true));
        }
    }
    message.nested_type.iter_mut().for_each(packed);
}

#[cfg(test)]
mod tests {
    use prost_types::FieldDescriptorProto;

    use super::*;

    fn file(syntax: &str) -> FileDescriptorProto {
        let field = |name: &str, number, label: Label, kind: Type| FieldDescriptorProto {
            name: Some(name.to_owned()),
            number: Some(number),
            label: Some(label.into()),
            r#type: Some(kind.into()),
            ..FieldDescriptorProto::default()
        };
        FileDescriptorProto {
            name: Some("e.proto".to_owned()),
            package: Some("e".to_owned()),
            syntax: Some(syntax.to_owned()),
            message_type: vec![DescriptorProto {
                name: Some("M".to_owned()),
                field: vec![
                    field("text", 1, Label::Optional, Type::String),
                    field("many", 2, Label::Repeated, Type::Int32),
                ],
                ..DescriptorProto::default()
            }],
            ..FileDescriptorProto::default()
        }
    }

    #[test]
    fn editions_are_read_and_what_is_unknown_is_said() {
        for syntax in ["proto2", "proto3", "editions"] {
            let pool = pool_of(vec![file(syntax)]).expect(syntax);
            let message = pool.get_message_by_name("e.M").expect(syntax);
            let text = message.get_field(1).expect("text");
            assert_eq!(text.supports_presence(), syntax != "proto3", "{syntax}");
            let many = message.get_field(2).expect("many");
            assert_eq!(many.is_packed(), syntax != "proto2", "{syntax}");
        }
        let error = pool_of(vec![file("proto9")]).expect_err("unknown");
        assert!(error.contains("`proto9`, which is not known"), "{error}");
        assert!(pool_of_set(b"\xff\xff").is_err());
    }

    #[test]
    fn imports_that_are_not_there_are_left_out() {
        let mut file = file("proto3");
        file.dependency = ["a", "b", "c"].map(str::to_owned).to_vec();
        file.public_dependency = vec![0, 1, 2];
        file.weak_dependency = vec![1];
        let file = without_missing(file, &|name| name != "b");
        assert_eq!(file.dependency, ["a", "c"]);
        assert_eq!(file.public_dependency, [0, 1]);
        assert_eq!(file.weak_dependency, [] as [i32; 0]);
    }
}
