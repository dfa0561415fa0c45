//! A virtual user of an open load: waits for arrivals, one after the other.

use std::rc::Rc;

use super::load_state::LoadState;
use super::mailbox::VuMailbox;
use crate::measure::{Recorder, Ticket, Vu};
use crate::metric::Outcome;

/// Lives until the load is over. `place` is its place among the desks, `number` its number in the load, from 1.
pub(crate) async fn live<V: Vu>(
    mut vu: V,
    number: u64,
    place: usize,
    desk: Rc<VuMailbox>,
    load: Rc<LoadState>,
) {
    let mut notes = Recorder::default();
    let mut ready = false;
    if load.window.get().from == crate::clock::Tick::NEVER {
        ready = prepare(&mut vu, &desk, &load, &mut notes).await;
        load.free.borrow_mut().push(place);
        load.live.set(load.live.get() - 1);
    }
    while let Some(arrival) = desk.arrival().await {
        let zero = match desk.zero().await {
            Some(zero) => zero,
            None => return,
        };
        let mut due = zero + arrival.due;
        if !ready {
            // A user made in a hurry prepares itself outside latency and lag.
            let before = load.clock.now();
            ready = prepare(&mut vu, &desk, &load, &mut notes).await;
            due = due + load.clock.now().since(before);
        }
        let ticket = Ticket {
            n: arrival.n,
            vu: number,
            due,
            start: load.clock.now(),
            part: arrival.part,
        };
        load.run(&mut vu, &desk, ticket, &mut notes).await;
        load.share.budget.leave();
        load.live.set(load.live.get() - 1);
        load.free.borrow_mut().push(place);
    }
}

/// Prepares a user, unless it is cut off before; `false` where it is to be tried again before its next iteration.
pub(crate) async fn prepare<V: Vu>(
    vu: &mut V,
    desk: &VuMailbox,
    load: &LoadState,
    notes: &mut Recorder,
) -> bool {
    let begin = load.clock.now();
    // A user that is cut off while it is prepared counts where its iteration does.
    let Some(outcome) = desk.unless_cut(vu.setup(notes)).await else {
        notes.clear();
        return false;
    };
    load.set_up(outcome, load.clock.now().since(begin), notes);
    outcome == Outcome::Ok
}
