//! A share of a schedule. A thread is a segment, and a host is a segment of segments.

/// Of a counted sequence, the entries `offset + k * stride`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The first entry.
    pub offset: u64,
    /// The distance to the next.
    pub stride: u64,
}

impl Segment {
    /// Everything.
    pub const WHOLE: Self = Self {
        offset: 0,
        stride: 1,
    };

    /// The `part`-th of `of` equal shares of this share.
    #[must_use]
    pub const fn split(self, part: u64, of: u64) -> Self {
        Self {
            offset: self.offset + part * self.stride,
            stride: self.stride * of,
        }
    }

    /// Whether entry `n` of the whole belongs to this share.
    #[must_use]
    pub const fn contains(self, n: u64) -> bool {
        n >= self.offset && (n - self.offset).is_multiple_of(self.stride)
    }

    /// The first entry of this share that is `n` or later.
    #[must_use]
    pub const fn first_from(self, n: u64) -> u64 {
        if n <= self.offset {
            self.offset
        } else {
            self.offset + (n - self.offset).div_ceil(self.stride) * self.stride
        }
    }

    /// How many of the first `total` entries belong to this share.
    #[must_use]
    pub const fn share_of(self, total: u64) -> u64 {
        if total <= self.offset {
            0
        } else {
            (total - self.offset).div_ceil(self.stride)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_of_shares_add_up_to_the_whole(hosts in 1u64..5, threads in 1u64..5, n in 0u64..10_000) {
            let shares: Vec<_> = (0..hosts)
                .flat_map(|host| (0..threads).map(move |t| Segment::WHOLE.split(host, hosts).split(t, threads)))
                .collect();
            prop_assert_eq!(shares.iter().filter(|s| s.contains(n)).count(), 1);
            prop_assert_eq!(shares.iter().map(|s| s.share_of(n)).sum::<u64>(), n);
            for share in shares {
                let first = share.first_from(n);
                prop_assert!(first >= n && share.contains(first) && first < n.max(share.offset) + share.stride);
            }
        }
    }
}
