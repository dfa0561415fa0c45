//! Before a load: services that the plan does not describe are asked what they are.

use std::sync::Arc;

use crate::clock::{Clock, RealClock};
use crate::plan::PreparedLoad;
use crate::protocol::{Client, DescribeError};
use crate::run::error::RunError;

pub(crate) async fn describe(loads: &[PreparedLoad]) -> Result<(), RunError> {
    for load in loads {
        let mut client = Client::new(Clock::Real(RealClock::start()), Arc::clone(&load.wiring));
        load.flow
            .describe(&mut client)
            .await
            .map_err(|error| match error {
                DescribeError::Unreachable(why) => RunError::Unreachable(why),
                DescribeError::Unfit(why) => RunError::Plan(why),
            })?;
    }
    Ok(())
}
