//! Asks the target what its services are, where the plan does not say it.

use super::Flow;
use super::step::{Step, Transport};
use crate::protocol::Exchange;
use crate::protocol::grpc::{Described, Undescribed, reflect};
use crate::template::Values;

impl Flow {
    /// The steps that call what only the target can describe.
    pub fn undescribed(&self) -> impl Iterator<Item = &str> {
        let unknown = |step: &&Step| matches!(&step.transport, Transport::Grpc(described) if described.method().is_none());
        self.steps
            .iter()
            .filter(unknown)
            .map(|step| step.name.as_str())
    }

    /// Learns the methods of its calls that the plan does not describe, from the target itself. To be done before the first iteration.
    ///
    /// # Errors
    /// Says which step cannot be described, and why.
    pub async fn describe<E: Exchange>(&self, transport: &mut E) -> Result<(), Undescribed> {
        for step in &self.steps {
            let Transport::Grpc(described) = &step.transport else {
                continue;
            };
            if described.method().is_none() {
                let named = |why: String| format!("step `{}`: {why}", step.name);
                learn(step, described, transport)
                    .await
                    .map_err(|error| match error {
                        Undescribed::Unreachable(why) => Undescribed::Unreachable(named(why)),
                        Undescribed::Unfit(why) => Undescribed::Unfit(named(why)),
                    })?;
            }
        }
        Ok(())
    }
}

async fn learn<E: Exchange>(
    step: &Step,
    described: &Described,
    transport: &mut E,
) -> Result<(), Undescribed> {
    let request = step.http.bodiless(&Values::default())?;
    described.learn(&reflect(transport, &request, &described.name).await?)?;
    if let Some(misfit) = described.misfit() {
        return Err(misfit.into());
    }
    let feed = step
        .stream
        .as_ref()
        .and_then(|stream| stream.script.as_ref()?.feed.as_ref());
    match (
        feed.and_then(|feed| feed.field.as_deref()),
        described.method(),
    ) {
        (Some(field), Some(method)) => Ok(method.field(field).map(|_| ())?),
        _ => Ok(()),
    }
}
