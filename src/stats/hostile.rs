//! Whatever numbers come in, nothing panics, and no answer is a number by accident.

use proptest::prelude::*;
use proptest::sample::select;

use super::components::Components;
use super::cusum::{Cusum, Rule};
use super::paired::Paired;
use super::trend::Trend;
use super::warm_up::WarmUp;
use super::{fisher, multiple, order, ranks, spread, student, wilson};

fn odd() -> impl Strategy<Value = f64> {
    let special = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1.0,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
        -f64::MAX,
        f64::EPSILON,
    ];
    prop_oneof![select(special.to_vec()), -3.0..3.0, any::<f64>()]
}

fn odd_list(most: usize) -> impl Strategy<Value = Vec<f64>> {
    let equal = (odd(), 0..most).prop_map(|(value, count)| vec![value; count]);
    prop_oneof![
        equal,
        prop::collection::vec(odd(), 0..most),
        prop::collection::vec(-3.0..3.0, 0..most)
    ]
}

fn is_share(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}

proptest! {
    #[test]
    fn one_list(values in odd_list(40), q in odd(), floor in odd()) {
        let all_finite = values.iter().all(|value| value.is_finite());
        let known = all_finite && !values.is_empty();
        prop_assert_eq!(order::median(&values).is_some(), known);
        prop_assert_eq!(order::quantile7(&values, q).is_some(), known && is_share(q));
        prop_assert_eq!(order::modified_z(&values, floor).len(), values.len());
        let _ = (order::mad(&values), spread::mean(&values));
        prop_assert!(spread::sd(&values).is_none_or(|sd| sd >= 0.0 && sd.is_finite() && all_finite));
        prop_assert!(multiple::holm(&values).iter().all(|p| is_share(*p)));
        prop_assert!(WarmUp::find(&values).is_none_or(|cut| cut.samples * 2 <= values.len()));
        let path = Cusum::of(&values, Rule { kappa: 0.5, alarm: 5.0, clip: floor }).path;
        prop_assert!(path.iter().all(|sum| *sum >= 0.0) && path.len() == values.len());
        let paired = Paired::greater(&values, q);
        prop_assert!(paired.is_none_or(|found| is_share(found.p) && known));
        let trend = Trend::of_series(&values);
        prop_assert!(trend.is_none_or(|found| is_share(found.p) && found.slope.is_finite() && found.tau.abs() <= 1.0));
    }

    #[test]
    fn two_lists(a in odd_list(9), b in odd_list(9)) {
        let points: Vec<_> = a.iter().copied().zip(b.iter().copied()).collect();
        prop_assert!(Trend::of(&points).is_none_or(|found| is_share(found.p)));
        let components = Components::of(&[a.clone(), b.clone(), a]);
        prop_assert!(components.is_none_or(|found| is_share(found.p) && is_share(found.icc) && found.var_session >= 0.0));
    }

    #[test]
    fn numbers(a in odd(), b in odd(), k in any::<u64>(), n in any::<u64>(), few in 0u64..100, of in 0u64..100) {
        prop_assert!(student::sf(a, b).is_none_or(is_share));
        prop_assert!(student::quantile(a, b).is_none_or(f64::is_finite));
        prop_assert!(student::normal_quantile(a).is_none_or(f64::is_finite));
        for (k, n) in [(k, n), (few, of), (few, n)] {
            prop_assert!(wilson::interval(k, n, a).is_none_or(|(low, high)| is_share(low) && is_share(high) && low <= high));
            prop_assert!(fisher::greater((few, of), (k, n)).is_none_or(is_share));
        }
        prop_assert!(ranks::enclosing(of, a, b).is_none_or(|found| found.coverage > -1e-9 && found.coverage < 1.0 + 1e-9));
    }
}
