//! One stream over gRPC: what comes in is heard at once, what is due goes out.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use tokio::sync::mpsc::{Sender, channel};
use tonic::Status;
use tonic::codec::Streaming;

use super::codec::{Arrived, Sent};
use super::dialect::{GrpcClientEvent, GrpcDialect, Later};
use super::method::{Replies, streaming};
use crate::clock::Tick;
use crate::demo::deadline::Alarm;
use crate::demo::faults::{FLOOD, Fault};
use crate::demo::http::call::Call;
use crate::demo::stream::{Steps, StreamService, StreamSession, StreamSlot, worker_name};
use crate::demo::target::Target;
use crate::demo::wire::ConnectionEnd;
use crate::units::Duration;

/// Replies that wait for a client that does not read.
const WAITING: usize = 64;

/// A client that was let in.
struct Exchange<T: GrpcDialect> {
    call: Call,
    seat: StreamSlot,
    talk: T,
    session: StreamSession,
    replies: Sender<Result<Sent<T::Out>, Status>>,
    later: VecDeque<Later<T::Out>>,
    /// When it is ready, until it has said so.
    greeting: Option<Tick>,
    /// The client has sent all.
    complete: bool,
    /// The fault has not happened yet.
    armed: bool,
}

/// The stream is over.
struct Over;

/// Lets a caller in where its worker has room.
pub(crate) async fn receive<T: GrpcDialect>(
    target: Arc<Target>,
    request: Request,
    talk: T,
) -> Response {
    let (parts, body) = request.into_parts();
    let call = Call::new(&target, &parts);
    let request = Request::from_parts(parts, body);
    streaming(target.clock(), request, move |incoming| {
        begin(call, talk, incoming)
    })
    .await
}

async fn begin<T: GrpcDialect>(
    call: Call,
    talk: T,
    incoming: Streaming<Arrived<T::In>>,
) -> Result<tonic::Response<Replies<T::Out>>, Status> {
    let (replies, sent) = channel(WAITING);
    let mut reply = tonic::Response::new(Replies(sent));
    if let Ok(worker) = worker_name(call.worker).parse() {
        reply.metadata_mut().insert("x-instance", worker);
    }
    match call.fault {
        Some(Fault::Status) => {
            call.struck();
            return Err(Status::unavailable("Injected fault"));
        }
        Some(Fault::Close) => {
            call.struck();
            return Ok(reply);
        }
        _ => {}
    }
    let target = call.target.clone();
    let now = target.now();
    let seat = StreamSlot::enter(&target.roll, call.worker, now);
    let seat = seat.map_err(|_| {
        let mut full = Status::resource_exhausted("Too many concurrent sessions");
        *full.metadata_mut() = reply.metadata().clone();
        full
    })?;
    let ready = target.ready_at(now);
    let session = target.session(Steps::Halves, ready);
    let never = call.fault == Some(Fault::NeverReady);
    let exchange = Exchange {
        call,
        seat,
        talk,
        session,
        replies,
        later: VecDeque::new(),
        greeting: (!never).then_some(ready),
        complete: false,
        armed: true,
    };
    tokio::spawn(exchange.hold(incoming));
    // Audio is heard meanwhile; but for the client, the call is answered when the service is ready.
    if never {
        return pending().await;
    }
    target.wait_until(ready).await;
    Ok(reply)
}

impl<T: GrpcDialect> Exchange<T> {
    /// Until one side ends it.
    async fn hold(mut self, mut incoming: Streaming<Arrived<T::In>>) {
        let (target, replies) = (self.call.target.clone(), self.replies.clone());
        let mut alarm = Alarm::default();
        if self.call.fault == Some(Fault::NeverReady) {
            self.strike();
        }
        loop {
            let due = self.next_due();
            let next = tokio::select! {
                biased;
                message = incoming.message(), if !self.complete => match message {
                    Ok(Some(arrived)) => self.hear(arrived).await,
                    Ok(None) => self.finish(target.now()),
                    Err(_) => return,
                },
                () = replies.closed() => return,
                () = alarm.at(due, || target.now()) => self.speak().await,
            };
            if next.is_err() {
                return;
            }
        }
    }

    fn is_silent(&self) -> bool {
        matches!(self.call.fault, Some(Fault::NeverReady | Fault::Stall))
    }

    fn next_due(&self) -> Option<Tick> {
        if self.is_silent() || self.greeting.is_some() {
            return self.greeting;
        }
        [
            self.later.front().map(|later| later.at),
            self.session.next_due(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    async fn hear(&mut self, arrived: Arrived<T::In>) -> Result<(), Over> {
        match self.talk.read(arrived.message) {
            Ok(GrpcClientEvent::Audio(length)) => {
                self.seat.frame(arrived.at, length);
                if !self.is_silent() {
                    self.session.hear(arrived.at, length);
                }
                Ok(())
            }
            Ok(GrpcClientEvent::Nothing) => Ok(()),
            Err(status) => {
                let _ = self.replies.send(Err(status)).await;
                Err(Over)
            }
        }
    }

    fn finish(&mut self, now: Tick) -> Result<(), Over> {
        self.complete = true;
        if !self.is_silent() {
            let fails = self.call.fault == Some(Fault::Error);
            if fails {
                self.strike();
            }
            self.later
                .extend(self.talk.finish(now, &mut self.session, fails));
        }
        Ok(())
    }

    /// Says all that is due.
    async fn speak(&mut self) -> Result<(), Over> {
        let now = self.call.target.now();
        if self.greeting.take_if(|ready| *ready <= now).is_some() {
            if let Some(message) = self.talk.greet() {
                self.reply(Sent::Message(message)).await?;
            }
            if self.call.fault == Some(Fault::Stall) {
                self.strike();
                return Ok(());
            }
        }
        while let Some(turn) = self.session.pop(now) {
            if turn.last || !turn.closed.is_empty() {
                self.break_off().await?;
            }
            if let Some(message) = self.talk.say(&turn) {
                self.send(message, turn.covers, turn.kind()).await?;
            }
            if turn.last {
                self.seat.well();
                return Err(Over);
            }
        }
        while self.later.front().is_some_and(|later| later.at <= now) {
            self.break_off().await?;
            let Some(later) = self.later.pop_front() else {
                break;
            };
            self.send(later.message, self.session.heard(), later.kind)
                .await?;
            if self.later.is_empty() {
                self.seat.well();
                return Err(Over);
            }
        }
        Ok(())
    }

    async fn send(
        &mut self,
        message: T::Out,
        covers: Duration,
        kind: StreamService,
    ) -> Result<(), Over> {
        if self.call.fault == Some(Fault::Flood) && self.armed {
            self.strike();
            for _ in 1..FLOOD {
                self.reply(Sent::Message(message.clone())).await?;
            }
        }
        // Before it is sent: no client can have it earlier than it is said to have been sent.
        self.seat.sent(self.call.target.now(), covers, kind);
        self.reply(Sent::Message(message)).await
    }

    /// Half-way is where some faults strike.
    async fn break_off(&mut self) -> Result<(), Over> {
        match self.call.fault.filter(|_| self.armed) {
            Some(Fault::Reset) => {
                self.strike();
                self.call.cut(ConnectionEnd::Reset);
                Err(Over)
            }
            Some(Fault::Garbage) => {
                self.strike();
                self.reply(Sent::Garbage).await?;
                Err(Over)
            }
            _ => Ok(()),
        }
    }

    async fn reply(&mut self, reply: Sent<T::Out>) -> Result<(), Over> {
        self.replies.send(Ok(reply)).await.map_err(|_| Over)
    }

    fn strike(&mut self) {
        self.armed = false;
        self.call.struck();
    }
}
