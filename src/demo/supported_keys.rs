//! Which keys mean something to which kind of service.

use super::DemoSpec;

impl DemoSpec {
    /// The keys that are set and that a service that streams does not heed.
    pub(crate) fn unheeded(&self) -> Vec<String> {
        if !self.service.streams() {
            return Vec::new();
        }
        let plain = Self::new(self.service);
        let keys = [
            (
                "queue",
                self.queue != plain.queue,
                "sessions beyond `slots` are refused",
            ),
            (
                "service_time",
                self.service_time != plain.service_time,
                "set `stream.delay`",
            ),
            (
                "audio_factor",
                self.audio_factor != plain.audio_factor,
                "set `stream.delay`",
            ),
            (
                "busy_status",
                self.busy_status != plain.busy_status,
                "its protocol says how it refuses",
            ),
            ("cache", self.cache != plain.cache, ""),
            (
                "idle_after",
                self.idle_after != plain.idle_after,
                "set `stream.ready_time`",
            ),
            (
                "cold_start",
                self.cold_start != plain.cold_start,
                "set `stream.ready_time`",
            ),
            ("memory", self.memory != plain.memory, ""),
            ("memory_each", self.memory_each != plain.memory_each, ""),
            (
                "memory_threshold",
                self.memory_threshold != plain.memory_threshold,
                "",
            ),
            ("max_upload", self.max_upload != plain.max_upload, ""),
            ("chunk_size", self.chunk_size != plain.chunk_size, ""),
        ];
        let refused = keys.into_iter().filter(|(_, set, _)| *set);
        refused
            .map(|(key, _, instead)| {
                let colon = if instead.is_empty() { "" } else { ": " };
                format!(
                    "`{key}` means nothing to `service = \"{}\"`{colon}{instead}",
                    self.service.name()
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stream_does_not_heed_is_refused() {
        let check = |service: &str| {
            let keys = "queue = 1\nservice_time = '1s'\nmax_upload = '1MB'";
            toml::from_str::<DemoSpec>(&format!("service = '{service}'\n{keys}"))
                .expect(service)
                .check()
        };
        let found = check("vosk");
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(
            found[1],
            "`service_time` means nothing to `service = \"vosk\"`: set `stream.delay`"
        );
        assert!(check("transcription").is_empty());
    }
}
