//! The job service: an upload makes a job, and polls say how far it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::jobs::{Job, JobStage};
use super::upload::{Upload, busy, refuse};
use super::wav;
use crate::demo::faults::hits;
use crate::demo::target::Target;

pub(crate) async fn submit(State(target): State<Arc<Target>>, upload: Upload) -> Response {
    target
        .wait_until(target.now() + target.spec.submit_time)
        .await;
    let Some(number) = queue(&target, upload) else {
        return busy(&target.spec);
    };
    Json(json!({
        "job_id": format!("job-{number}"),
        "status": JobStage::Queued.status(),
        "message": "The job is queued",
        "queue_job_id": format!("queue-job-{number}"),
    }))
    .into_response()
}

pub(crate) fn queue(target: &Target, upload: Upload) -> Option<u64> {
    let seconds = wav::seconds(&upload.audio);
    let submitted = target.now();
    let mut books = target.books();
    let turn = books.admit(submitted, &upload.audio, seconds, target.spec.work(seconds))?;
    let fails = hits(target.spec.faults.job_fail_share, books.jobs.submitted());
    if fails {
        books.tally.fault("job_fail");
    }
    let (filename, model) = (
        upload.filename,
        upload.model.unwrap_or_else(|| "base".to_owned()),
    );
    Some(books.jobs.add(Job {
        filename,
        model,
        submitted,
        turn,
        fails,
        transcript: wav::text(&upload.audio),
    }))
}

pub(crate) async fn poll(State(target): State<Arc<Target>>, Path(id): Path<String>) -> Response {
    let mut books = target.books();
    books.tally.polls += 1;
    let number = id
        .strip_prefix("job-")
        .and_then(|number| number.parse().ok());
    let Some(job) = number.and_then(|number| books.jobs.get(number)) else {
        return refuse(StatusCode::NOT_FOUND, "Job not found");
    };
    let stage = job.stage(target.now());
    let ended = matches!(stage, JobStage::Completed | JobStage::Failed)
        .then(|| target.date(job.turn.finish));
    Json(json!({
        "job_id": id,
        "original_filename": job.filename,
        "status": stage.status(),
        "queue_status": stage.queue_status(),
        "model_name": job.model,
        "created_at": target.date(job.submitted),
        "completed_at": ended.flatten(),
        "transcript": (stage == JobStage::Completed).then_some(job.transcript),
        "error_message": (stage == JobStage::Failed).then_some("The model failed on this recording"),
    }))
    .into_response()
}
