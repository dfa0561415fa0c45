//! A plan that is written for somebody to go on with.

use super::body_draft::POOL;
use super::load_draft::LoadDraft;
use super::secret_draft::SecretDraft;
use super::step_draft::StepDraft;
use super::toml_text::{aligned, quoted};

/// A plan to be written: one flow, its load, and what must hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlanDraft {
    /// Comments at its begin.
    pub(super) about: Vec<String>,
    /// The name of its results.
    pub(crate) name: String,
    pub(super) target: String,
    /// Further keys of the target, written already.
    pub(super) target_keys: Vec<(String, String)>,
    /// Values that are to be completed, each with what it is.
    pub(super) vars: Vec<(String, String)>,
    pub(super) secrets: Vec<SecretDraft>,
    /// Whether the plan can be read without its secrets in the environment.
    pub(super) may_lack_secrets: bool,
    pub(super) flow: String,
    pub(super) steps: Vec<StepDraft>,
    pub(crate) load: LoadDraft,
    /// Comments at its end: what could not be taken over.
    pub(super) left_out: Vec<String>,
}

impl PlanDraft {
    /// What a plan begins with: where it is from, and how it is run.
    pub(super) fn begin(about: &str, file: &str) -> Vec<String> {
        vec![
            about.to_owned(),
            format!(
                "  perfgate run {file} --once   one iteration, with all that is sent and answered"
            ),
            format!(
                "  perfgate run {file}          carries it out; exit code 0 is a pass, 1 a threshold that is crossed"
            ),
        ]
    }

    /// The text of its file.
    pub(crate) fn text(&self) -> String {
        let mut parts = vec![format!(
            "{}name = {}\n{}",
            comments(&self.about),
            quoted(&self.name),
            self.target()
        )];
        if !self.vars.is_empty() {
            let lines: Vec<(String, String)> = self
                .vars
                .iter()
                .map(|(name, value)| (name.clone(), quoted(value)))
                .collect();
            parts.push(format!(
                "# To be completed: what the service knows, and nobody else can guess.\n[vars]\n{}",
                aligned(&lines)
            ));
        }
        if !self.secrets.is_empty() {
            let lines: Vec<(String, String)> = self
                .secrets
                .iter()
                .map(|secret| {
                    let otherwise = if self.may_lack_secrets { ":-" } else { "" };
                    let taken = format!("${{{}{otherwise}}}", secret.environment());
                    (secret.name.clone(), quoted(&taken))
                })
                .collect();
            parts.push(format!(
                "# Taken from the environment, and shown in no output.\n[secrets]\n{}",
                aligned(&lines)
            ));
        }
        if !self.target_keys.is_empty() {
            parts.push(format!(
                "[target]\n{}",
                aligned(
                    &[
                        &[("url".to_owned(), quoted(&self.target))][..],
                        &self.target_keys
                    ]
                    .concat()
                )
            ));
        }
        if self.steps.iter().any(|step| step.body.needs_pool()) {
            parts.push(format!(
                "# A recording in the place of each file: {{ file = \"../clip.wav\" }} in place of {{ audio = \"{POOL}\" }} sends one of your own.\n[audio.{POOL}]\nsynthesize = {{ seconds = 1, count = 2 }}\nunique     = true\n"
            ));
        }
        let mut first = "# What one user does.\n".to_owned();
        for step in &self.steps {
            parts.push(std::mem::take(&mut first) + &step.text(&self.flow));
        }
        parts.push(self.load.text(&self.flow));
        parts.push(
            "# What must hold: the exit code is 1 where it does not.\n[threshold]\nerror_rate = \"<= 1%\"\n# latency.p95 = \"< 500ms\"\n"
                .to_owned(),
        );
        if !self.left_out.is_empty() {
            parts.push(comments(&self.left_out));
        }
        parts.join("\n")
    }

    /// What its first step sends: `GET http://HOST/PATH`.
    pub(crate) fn about(&self) -> String {
        let first = self.steps.first();
        first.map_or(String::new(), |step| {
            format!("{} {}{}", step.method, self.target, step.address)
        })
    }

    /// The values of its secrets, by their names in the environment.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (String, &str)> {
        self.secrets
            .iter()
            .map(|secret| (secret.environment(), secret.value.as_str()))
    }

    /// The target as one line; nothing where it has further keys, and so a table of its own.
    fn target(&self) -> String {
        if self.target_keys.is_empty() {
            format!("target = {}\n", quoted(&self.target))
        } else {
            String::new()
        }
    }
}

fn comments(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("# {line}").trim_end().to_owned() + "\n")
        .collect()
}
