//! One conversation over a WebSocket: what comes in is heard at once, what is due goes out.

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;

use super::dialect::{ClientEvent, WebSocketDialect};
use crate::clock::Tick;
use crate::demo::deadline::Alarm;
use crate::demo::faults::{FLOOD, Fault};
use crate::demo::http::call::Call;
use crate::demo::stream::{SessionStep, StreamSession, StreamSlot};
use crate::demo::wire::ConnectionEnd;
use crate::units::Duration;

/// How long a client may take to answer a close.
const PATIENCE: Duration = Duration::from_secs(5);

/// A client that was let in.
pub(crate) struct WebSocketSession<D> {
    call: Call,
    seat: StreamSlot,
    dialect: D,
    session: StreamSession,
    /// When it is ready, until it has said so.
    greeting: Option<Tick>,
    overtime: Option<Tick>,
    /// The fault has not happened yet.
    armed: bool,
}

/// How a conversation goes on.
enum Next {
    Listen,
    /// The socket is closed, with this code.
    Close(u16),
    /// The socket is let go of.
    Drop,
}

impl<D: WebSocketDialect> WebSocketSession<D> {
    pub(crate) fn new(call: Call, seat: StreamSlot, dialect: D, ready: Tick) -> Self {
        let spec = &call.target.spec.stream;
        let session = call.target.session(D::STEPS, ready);
        let overtime = dialect
            .overtime()
            .filter(|_| !spec.overtime.is_zero())
            .map(|_| ready + spec.overtime);
        let greeting = (call.fault != Some(Fault::NeverReady)).then_some(ready);
        Self {
            call,
            seat,
            dialect,
            session,
            greeting,
            overtime,
            armed: true,
        }
    }

    /// Until one side ends it.
    pub(crate) async fn hold(mut self, mut socket: WebSocket) {
        let target = self.call.target.clone();
        let mut alarm = Alarm::default();
        if self.call.fault == Some(Fault::NeverReady) {
            self.strike();
        }
        loop {
            let due = self.next_due();
            let next = tokio::select! {
                biased;
                message = socket.recv() => {
                    // Noted before anything is done with it.
                    let now = target.now();
                    match message {
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                        Some(Ok(message)) => self.hear(message, now, &mut socket).await,
                    }
                }
                () = alarm.at(due, || target.now()) => self.speak(&mut socket).await,
            };
            match next {
                Ok(Next::Listen) => {}
                Ok(Next::Close(code)) => {
                    drop(self);
                    return hang_up(socket, code).await;
                }
                Ok(Next::Drop) | Err(_) => return,
            }
        }
    }

    fn next_due(&self) -> Option<Tick> {
        let silent = matches!(self.call.fault, Some(Fault::NeverReady | Fault::Stall));
        let said = if silent {
            self.greeting
        } else {
            self.greeting.or_else(|| self.session.next_due())
        };
        [said, self.overtime].into_iter().flatten().min()
    }

    async fn hear(
        &mut self,
        message: Message,
        now: Tick,
        socket: &mut WebSocket,
    ) -> Result<Next, axum::Error> {
        match self.dialect.read(message) {
            ClientEvent::Audio(length) => {
                self.seat.frame(now, length);
                if !matches!(self.call.fault, Some(Fault::NeverReady | Fault::Stall)) {
                    self.session.hear(now, length);
                }
            }
            ClientEvent::End => self.session.finish(now),
            ClientEvent::Flush => {
                let turn = self.session.flush();
                self.send(&turn, socket).await?;
            }
            ClientEvent::Nothing => {}
            ClientEvent::Wrong(why) => {
                if let Some(error) = self.dialect.fail(&why) {
                    socket.send(Message::text(error)).await?;
                }
                return Ok(Next::Close(1007));
            }
        }
        Ok(Next::Listen)
    }

    /// Says all that is due.
    async fn speak(&mut self, socket: &mut WebSocket) -> Result<Next, axum::Error> {
        let now = self.call.target.now();
        if self.overtime.is_some_and(|end| now >= end) {
            if let Some(text) = self.dialect.overtime() {
                socket.send(Message::text(text)).await?;
            }
            return Ok(Next::Close(1000));
        }
        if self.greeting.take_if(|ready| *ready <= now).is_some() {
            for text in self.dialect.greet(&self.seat) {
                socket.send(Message::text(text)).await?;
            }
            if self.call.fault == Some(Fault::Stall) {
                self.strike();
                return Ok(Next::Listen);
            }
        }
        while let Some(turn) = self.session.pop(now) {
            let halfway = turn.last || !turn.closed.is_empty();
            if halfway && self.armed {
                match self.call.fault {
                    Some(Fault::Reset) => return Ok(self.break_off(ConnectionEnd::Reset)),
                    Some(Fault::Garbage) => return Ok(self.break_off(ConnectionEnd::Garbage)),
                    Some(Fault::Error) => {
                        self.strike();
                        if let Some(error) = self.dialect.fail("Injected fault") {
                            socket.send(Message::text(error)).await?;
                        }
                        return Ok(Next::Close(1011));
                    }
                    _ => {}
                }
            }
            self.send(&turn, socket).await?;
            if turn.last {
                if let Some(text) = self.dialect.bye(self.session.heard()) {
                    socket.send(Message::text(text)).await?;
                }
                self.seat.well();
                return Ok(Next::Close(1000));
            }
        }
        Ok(Next::Listen)
    }

    async fn send(
        &mut self,
        turn: &SessionStep,
        socket: &mut WebSocket,
    ) -> Result<(), axum::Error> {
        let Some(text) = self.dialect.say(turn) else {
            return Ok(());
        };
        let message = Message::text(text);
        if self.call.fault == Some(Fault::Flood) && self.armed {
            self.strike();
            for _ in 1..FLOOD {
                socket.feed(message.clone()).await?;
            }
        }
        // Before it is sent: no client can have it earlier than it is said to have been sent.
        self.seat
            .sent(self.call.target.now(), turn.covers, turn.kind());
        socket.send(message).await
    }

    fn break_off(&mut self, how: ConnectionEnd) -> Next {
        self.strike();
        self.call.cut(how);
        Next::Drop
    }

    fn strike(&mut self) {
        self.armed = false;
        self.call.struck();
    }
}

/// Closes in good order: says so, and waits for a while for the client to say it too.
pub(crate) async fn hang_up(mut socket: WebSocket, code: u16) {
    let reason = "".into();
    if socket
        .send(Message::Close(Some(CloseFrame { code, reason })))
        .await
        .is_ok()
    {
        let answered =
            async { while socket.recv().await.is_some_and(|message| message.is_ok()) {} };
        let _ = tokio::time::timeout(PATIENCE.into(), answered).await;
    }
}
