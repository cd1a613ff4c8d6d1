/*
 * dispatcher.c: waits for objects, in the order of semantics.md: objects, then APCs, then the timeout.
 */
#include "dispatcher.h"

void dispatcher_lock(lab_thread *by) {
  pthread_mutex_lock(&by->session->os->lock);
  if (by->os != NULL) by->os->publishing_under = true;
}

void dispatcher_unlock(lab_thread *by) {
  if (by->os != NULL) by->os->publishing_under = false;
  pthread_mutex_unlock(&by->session->os->lock);
}

static void put_last(waitable *on, wait_block *block) {
  block->previous = on->last;
  if (on->last != NULL) on->last->next = block;
  else on->first = block;
  on->last = block;
}

/* A port lets the thread go that came last. */
static void put_first(waitable *on, wait_block *block) {
  block->next = on->first;
  if (on->first != NULL) on->first->previous = block;
  else on->last = block;
  on->first = block;
}

static void enlist(object_wait *wait) {
  if (wait->enlisted) return;
  wait->enlisted = true;
  for (uint32_t i = 0; i < wait->count; i++) {
    waitable *on = wait->on[i];
    wait_block *block = &wait->blocks[i];
    *block = (wait_block){.wait = wait, .on = on};
    if (wait->takes_packet) put_first(on, block);
    else put_last(on, block);
  }
  if (wait->address == NULL) return;
  os_session *os = wait->waiter->self->session->os;
  wait->next = os->address_waits;
  os->address_waits = wait;
}

static void unlist(object_wait *wait) {
  if (!wait->enlisted) return;
  wait->enlisted = false;
  for (uint32_t i = 0; i < wait->count; i++) {
    wait_block *block = &wait->blocks[i];
    if (block->previous != NULL) block->previous->next = block->next;
    else block->on->first = block->next;
    if (block->next != NULL) block->next->previous = block->previous;
    else block->on->last = block->previous;
  }
  if (wait->address == NULL) return;
  object_wait **link = &wait->waiter->self->session->os->address_waits;
  while (*link != wait) link = &(*link)->next;
  *link = wait->next;
}

static bool has_message(const object_wait *wait) {
  const os_thread *os = wait->waiter;
  return wait->for_messages && (os->new_messages || (wait->any_message && os->messages > 0));
}

/* A mutex that is already owned has to count once for each handle: Windows refuses the same object twice (fact 56), so
 * here every object of a wait-all is another one. */
static bool satisfy_all(object_wait *wait) {
  for (uint32_t i = 0; i < wait->count; i++) {
    if (!object_is_signaled(wait->on[i], wait->waiter)) return false;
  }
  if (wait->for_messages && !has_message(wait)) return false;
  uint32_t result = 0;
  for (uint32_t i = 0; i < wait->count; i++) result |= object_consume(wait->on[i], wait->waiter);
  wait->result = result; /* 0 or WAIT_ABANDONED_0: no index is added */
  return true;
}

/* The lowest index that is signaled (fact 61). */
static bool satisfy_any(object_wait *wait) {
  for (uint32_t i = 0; i < wait->count; i++) {
    if (!object_is_signaled(wait->on[i], wait->waiter)) continue;
    wait->result = object_consume(wait->on[i], wait->waiter) + i;
    return true;
  }
  if (has_message(wait)) {
    wait->result = wait->count;
    return true;
  }
  return wait->address != NULL && atomic_load(wait->address) != wait->compare;
}

static bool satisfy(lab_thread *by, object_wait *wait) {
  if (!(wait->all ? satisfy_all(wait) : satisfy_any(wait))) return false;
  if (wait->for_messages && (wait->all || wait->result == wait->count)) wait->waiter->new_messages = false;
  for (uint32_t i = 0; i < wait->count; i++) {
    if (wait->on[i]->object != NULL) object_tell(by, wait->on[i]->object);
  }
  return true;
}

void dispatcher_look(lab_thread *by, object_wait *wait) {
  os_thread *waiter = wait->waiter;
  os_lock(waiter);
  bool waits = waiter->parked && !wait->done && waiter->suspend_count == 0 && waiter->end.reason == 0;
  if (waits && satisfy(by, wait)) {
    wait->done = true;
    os_wake(waiter);
  }
  os_unlock(waiter);
}

void dispatcher_signal(lab_thread *by, waitable *of) {
  for (wait_block *block = of->first; block != NULL; block = block->next) dispatcher_look(by, block->wait);
}

/* What the thread finds when it looks, with both locks. */
typedef enum wait_look { LOOK_SATISFIED, LOOK_APC, LOOK_TIMEOUT, LOOK_NOTHING } wait_look;

static wait_look look(object_wait *wait) {
  os_thread *os = wait->waiter;
  if (wait->done) return LOOK_SATISFIED;
  bool apc = wait->alertable && os_has_apc(os);
  bool too_late = os->unwaited && apc;
  if (!too_late && !(wait->apc_first && apc) && satisfy(os->self, wait)) return LOOK_SATISFIED;
  if (apc) return LOOK_APC;
  if (wait->deadline_ns != NO_DEADLINE && backend_now_ns() >= wait->deadline_ns) return LOOK_TIMEOUT;
  return LOOK_NOTHING;
}

/* From here on the thread is in no wait; the thread's lock alone is held. */
static void leave(object_wait *wait) {
  unlist(wait);
  wait->waiter->wait = NULL;
  dispatcher_unlock(wait->waiter->self);
}

static wait_end run_apcs(object_wait *wait) {
  os_thread *os = wait->waiter;
  leave(wait);
  drain_end drained = os_drain(os);
  os_take_turn(os);
  dispatcher_lock(os->self);
  return drained == DRAIN_THREAD_ENDS ? WAIT_THREAD_ENDS : WAIT_ENDED_BY_APC;
}

/* A thread that was suspended after its wait was satisfied stands before it goes on. */
static wait_end end_as(object_wait *wait, wait_end end) {
  leave(wait);
  if (end != WAIT_THREAD_ENDS && !os_stand_while_suspended(wait->waiter)) end = WAIT_THREAD_ENDS;
  os_take_turn(wait->waiter);
  dispatcher_lock(wait->waiter->self);
  return end;
}

/* Stands still, enlisted or suspended, with neither lock. */
static void stand(object_wait *wait, uint64_t deadline_ns) {
  os_thread *os = wait->waiter;
  dispatcher_unlock(os->self);
  os_park(os, wait->alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED, deadline_ns);
  os_unlock(os);
  dispatcher_lock(os->self);
  unlist(wait); /* it looks by itself again, and goes to the end of the lists (fact 139) */
}

wait_end dispatcher_wait(object_wait *wait) {
  os_thread *os = wait->waiter;
  os->wait = wait;
  os_lock(os);
  os->unwaited = false;
  for (;;) {
    if (os_is_asked_to_end(os)) return end_as(wait, WAIT_THREAD_ENDS);
    if (os->suspend_count > 0 && !wait->done) {
      stand(wait, NO_DEADLINE);
      os_lock(os);
      continue;
    }
    switch (look(wait)) {
      case LOOK_SATISFIED: return end_as(wait, WAIT_ENDED_BY_CONDITION);
      case LOOK_APC: return run_apcs(wait);
      case LOOK_TIMEOUT: return end_as(wait, WAIT_ENDED_BY_TIMEOUT);
      case LOOK_NOTHING: break;
    }
    enlist(wait);
    stand(wait, wait->deadline_ns);
    os_lock(os);
  }
}
