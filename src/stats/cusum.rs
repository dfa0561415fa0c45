//! Small drifts that add up: a one-sided cumulative sum.

/// The path of a cumulative sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Cusum {
    /// The sum after each value; never below 0.
    pub path: Vec<f64>,
    /// The index of the first value after which the sum is above the alarm.
    pub first_alarm: Option<usize>,
}

/// When a [`Cusum`] counts and when it alarms, in standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// What each value has to exceed to raise the sum.
    pub kappa: f64,
    /// What the sum has to exceed for an alarm.
    pub alarm: f64,
    /// The most that one value counts either way, so that one outlier is no drift; not below 0.
    pub clip: f64,
}

impl Cusum {
    /// Adds up how far each value is above normal (Page, *Biometrika* 41): C = max(0, C + clip(z) - kappa). `z` are distances
    /// from the normal in standard deviations, positive for worse, in order of time. One that is not a number leaves the sum as
    /// it is.
    #[must_use]
    pub fn of(z: &[f64], rule: Rule) -> Self {
        let clip = if rule.clip >= 0.0 { rule.clip } else { 0.0 };
        let mut sum = 0.0f64;
        let add = |z: &f64| {
            if !z.is_nan() {
                sum = (sum + z.clamp(-clip, clip) - rule.kappa).max(0.0);
            }
            sum
        };
        let path: Vec<_> = z.iter().map(add).collect();
        let first_alarm = path.iter().position(|sum| *sum > rule.alarm);
        Self { path, first_alarm }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_all_near, group, list, number};
    use super::*;

    #[test]
    fn the_path_is_the_known_one() {
        let known = group("cusum");
        let rule = Rule {
            kappa: number(&known, "kappa"),
            alarm: number(&known, "h"),
            clip: number(&known, "clip"),
        };
        let found = Cusum::of(&list(&known, "z"), rule);
        assert_all_near(&found.path, &list(&known, "path"));
        assert_eq!(
            found.first_alarm.map(|at| at as u64),
            known["first_alarm_index"].as_u64()
        );
    }

    #[test]
    fn one_outlier_is_no_drift() {
        let rule = Rule {
            kappa: 0.5,
            alarm: 5.0,
            clip: 3.0,
        };
        assert_eq!(
            Cusum::of(&[f64::INFINITY, f64::NAN, -9.0], rule).path,
            [2.5, 2.5, 0.0]
        );
        assert_eq!(Cusum::of(&[1e9], rule).first_alarm, None);
        assert_eq!(
            Cusum::of(
                &[9.0],
                Rule {
                    clip: f64::NAN,
                    ..rule
                }
            )
            .path,
            [0.0]
        );
        assert_eq!(
            Cusum::of(&[], rule),
            Cusum {
                path: vec![],
                first_alarm: None
            }
        );
    }
}
