//! Messages on the wire, each with the moment of its arrival.

use std::marker::PhantomData;

use prost::Message;
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use crate::clock::{RealClock, Tick};

/// A message and when it was there.
#[derive(Debug)]
pub(crate) struct Arrived<M> {
    pub(crate) at: Tick,
    pub(crate) message: M,
}

/// What is sent: a message, or bytes that are none.
#[derive(Debug, Clone)]
pub(crate) enum Sent<M> {
    Message(M),
    Garbage,
}

/// No message of any protocol: a field whose number never ends.
const GARBAGE: &[u8] = &[0xff; 16];

/// Takes messages of one type and sends those of another.
#[derive(Debug)]
pub(crate) struct Timed<I, O> {
    clock: RealClock,
    types: PhantomData<(I, O)>,
}

impl<I, O> Timed<I, O> {
    pub(crate) fn new(clock: RealClock) -> Self {
        Self {
            clock,
            types: PhantomData,
        }
    }
}

impl<I: Message + Default + 'static, O: Message + 'static> Codec for Timed<I, O> {
    type Encode = Sent<O>;
    type Decode = Arrived<I>;
    type Encoder = Timed<I, O>;
    type Decoder = Timed<I, O>;

    fn encoder(&mut self) -> Self::Encoder {
        Self::new(self.clock)
    }

    fn decoder(&mut self) -> Self::Decoder {
        Self::new(self.clock)
    }
}

impl<I, O: Message> Encoder for Timed<I, O> {
    type Item = Sent<O>;
    type Error = Status;

    fn encode(&mut self, item: Sent<O>, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        match item {
            Sent::Message(message) => message
                .encode(into)
                .map_err(|error| Status::internal(error.to_string())),
            Sent::Garbage => {
                bytes::BufMut::put_slice(into, GARBAGE);
                Ok(())
            }
        }
    }
}

impl<I: Message + Default, O> Decoder for Timed<I, O> {
    type Item = Arrived<I>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Arrived<I>>, Status> {
        let at = self.clock.now();
        let message = I::decode(from).map_err(|error| Status::internal(error.to_string()))?;
        Ok(Some(Arrived { at, message }))
    }
}
