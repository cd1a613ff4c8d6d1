/*
 * wait.c: the one way in which a lab thread blocks, and the delivery of APCs.
 *
 * Under one lock, in this order each time the thread looks (semantics.md, facts 48, 53, 58):
 *
 *     asked to end?  suspended?  ->  satisfied?  ->  an APC queued (alertable)?  ->  time over?  ->  block
 *                                                       |
 *                                                       pop one, unlock, run, lock, look again
 *
 * Once an APC ran, the wait can only end by 0xC0, when the queue is empty: nothing that could satisfy it is looked at
 * any more, so nothing is consumed on that path (facts 63, 68).
 */
#include "../interpreter.h"
#include "../lab_thread.h"
#include "dispatcher.h"

/* From here on the thread counts as running: a wait that something has ended is over at once, as in the NT kernel, not
 * only when a processor gets round to the thread. A suspended one stays as it is; it looks at everything when it is
 * resumed. */
void os_wake(os_thread *os) {
  if (os->suspend_count > 0 && os->end.reason == 0) return;
  os->wakes++;
  os->parked = false;
  os_update_state(os);
  pthread_cond_signal(&os->wake);
}

/* From here on an APC ends the wait. One that came since the thread looked does so at once; a suspended thread looks
 * again when it is resumed. */
static void park_alertably(os_thread *os) {
  os_close_inbox(os);
  if (os->queue.first == NULL || os->suspend_count > 0) return;
  os->unwaited = true;
  os_wake(os);
}

/* Blocks until woken or the deadline, or sooner. Locked before and after. The state that others see is true from before
 * they can see it until after the thread has the lock again; telling them needs the lock released, and a wake-up that
 * comes meanwhile is noticed by its count. */
void os_park(os_thread *os, apc_thread_state state, uint64_t deadline_ns) {
  atomic_store(&os->turn_owed, false);
  os->parked = true;
  os->parked_as = state;
  uint32_t seen = os->wakes;
  if (state == APC_STATE_ALERTABLE) park_alertably(os);
  if (os_update_state(os)) {
    os_unlock(os);
    os_tell_watchers(os);
    os_lock(os);
  }
  if (seen == os->wakes) condition_wait(&os->wake, &os->lock, deadline_ns);
  if (state == APC_STATE_ALERTABLE) os_open_inbox(os);
  os->parked = false;
  os_update_state(os);
}

/* Asked by its own end, or by the session's stop before apc_stop has come round to it: a thread must not act on what it
 * sees of others that were stopped first. */
bool os_is_asked_to_end(os_thread *os) {
  if (os->end.reason == 0 && atomic_load(&os->self->session->stopping)) {
    os->end = (backend_end){.reason = APC_END_STOPPED, .code = EXIT_CODE_STOPPED};
    os_refuse(os);
  }
  return os->end.reason != 0;
}

void os_take_turn(os_thread *os) {
  bool owed = atomic_load(&os->turn_owed); /* others write it under the lock */
  if (owed) atomic_store(&os->turn_owed, false);
  os_unlock(os);
  if (owed) os_tell_watchers(os);
}

bool os_stand_while_suspended(os_thread *os) {
  while (!os_is_asked_to_end(os)) {
    if (os->suspend_count == 0) return true;
    os_park(os, APC_STATE_BLOCKED, NO_DEADLINE);
  }
  return false;
}

/* One APC, with the lock released while it runs. False when the thread is ending. */
static bool deliver(os_thread *os, apc_node *node) {
  os_take_turn(os);
  bool goes_on = lab_thread_deliver(os->self, node);
  lock_briefly(&os->lock);
  return goes_on;
}

/* The APC that would be one too many stays undelivered, and the thread ends (architecture.md: nesting has a limit). */
static void end_by_nesting(os_thread *os) {
  os_unlock(os);
  lab_thread_end_by_nesting(os->self);
  os_lock(os);
}

/* Special ones overtake (fact 128). An object of which this was the one pending APC may queue the next. Locked. */
static apc_node *next_apc(os_thread *os) {
  apc_node *node = apc_list_pop(os->special.first != NULL ? &os->special : &os->queue);
  /* The bit is set under the lock; most of the time it is not. */
  bool was_special = (atomic_load_explicit(&os->self->control, memory_order_relaxed) & CONTROL_SPECIAL) != 0;
  if (was_special && os->special.first == NULL) atomic_fetch_and(&os->self->control, ~CONTROL_SPECIAL);
  os_object_released_by(node, os->self->session);
  return node;
}

drain_end os_drain(os_thread *os) {
  bool ran = false;
  os->unwaited = false;
  for (;;) {
    if (!os_stand_while_suspended(os)) return DRAIN_THREAD_ENDS;
    if (!os_has_apc(os)) return ran ? DRAINED : DRAINED_NOTHING;
    if (lab_thread_at_nesting_limit(os->self)) {
      end_by_nesting(os);
      return DRAIN_THREAD_ENDS;
    }
    if (!deliver(os, next_apc(os))) return DRAIN_THREAD_ENDS;
    ran = true;
  }
}

static wait_end wait_locked(os_thread *os, const wait_request *request) {
  for (;;) {
    if (!os_stand_while_suspended(os)) return WAIT_THREAD_ENDS;
    if (request->is_satisfied != NULL && request->is_satisfied(request->subject)) {
      return os_is_asked_to_end(os) ? WAIT_THREAD_ENDS : WAIT_ENDED_BY_CONDITION;
    }
    if (request->state == APC_STATE_ALERTABLE) {
      drain_end drained = os_drain(os);
      if (drained == DRAIN_THREAD_ENDS) return WAIT_THREAD_ENDS;
      if (drained == DRAINED) return WAIT_ENDED_BY_APC;
    }
    if (request->deadline_ns != NO_DEADLINE && backend_now_ns() >= request->deadline_ns) return WAIT_ENDED_BY_TIMEOUT;
    os_park(os, request->state, request->deadline_ns);
  }
}

wait_end os_wait(os_thread *os, const wait_request *request) {
  lock_briefly(&os->lock);
  wait_end end = wait_locked(os, request);
  os_take_turn(os);
  return end;
}

bool os_run_specials(os_thread *os) {
  if (may_go_on(os->self)) return true;
  os_lock(os);
  bool goes_on = os_stand_while_suspended(os);
  while (goes_on && os->special.first != NULL) {
    if (lab_thread_at_nesting_limit(os->self)) {
      end_by_nesting(os);
      goes_on = false;
    } else {
      goes_on = deliver(os, next_apc(os)) && os_stand_while_suspended(os);
    }
  }
  os_take_turn(os);
  return goes_on;
}

bool backend_safe_point(lab_thread *t) { return os_run_specials(t->os); }
