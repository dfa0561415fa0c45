//! Asks the target what its messages are, where the plan does not say it.

use crate::flow::program::flow::Flow;
use crate::protocol::{DescribeError, Transport};
use crate::template::Values;

impl Flow {
    /// The steps whose messages only the target can describe.
    pub fn undescribed(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter();
        steps
            .filter(|step| !step.binding.is_described())
            .map(|step| step.name.as_str())
    }

    /// Asks the target for what the plan does not describe. To be done before the first iteration.
    ///
    /// # Errors
    /// Says which step cannot be described, and why.
    pub async fn describe<T: Transport>(&self, transport: &mut T) -> Result<(), DescribeError> {
        for step in &self.steps {
            if step.binding.is_described() {
                continue;
            }
            let named = |error: DescribeError| error.of_step(&step.name);
            let request = step.http.bodiless(&Values::default());
            let request = request.map_err(|error| named(error.into()))?;
            let script = step
                .stream
                .as_ref()
                .and_then(|stream| stream.script.as_ref());
            let field = script.and_then(|script| script.feed.as_ref()?.field.as_deref());
            let described = step.binding.describe(transport, &request, field).await;
            described.map_err(named)?;
        }
        Ok(())
    }
}
