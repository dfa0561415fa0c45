//! Tests of the file beside this.

use super::*;
use crate::metric::ErrorClass;

#[test]
fn no_two_kinds_of_a_level_share_a_name_and_each_says_what_it_is() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert!(
            !KINDS[..at]
                .iter()
                .any(|other| other.level == kind.level && other.name == kind.name),
            "{}",
            kind.name
        );
        assert!(kind.doc.ends_with('.'), "{}", kind.name);
    }
    for class in ErrorClass::ALL {
        assert!(
            MetricKind::find(MetricLevel::Load, &format!("errors.{}", class.name())).is_some(),
            "{}",
            class.name()
        );
    }
}
