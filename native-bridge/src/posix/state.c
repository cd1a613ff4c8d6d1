/*
 * state.c: what a thread is doing, exactly, and waiting until it does that.
 *
 * A thread's state is published under its own lock. Who awaits one of its states stands in its list of watches. Whoever
 * changes a state tells the watchers after it has released the lock it changed it under; a watcher that is told keeps
 * that, so that a state that lasts a microsecond is not missed. No change is missed either: the watcher counts itself
 * and then looks, the other changes the state and then looks at the count, all sequentially consistent.
 */
#include "posix.h"

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER; /* the lists of watches, of all threads */

bool os_update_state(os_thread *os) {
  apc_thread_state state = APC_STATE_RUNNING;
  if (os->ended) state = APC_STATE_ENDED;
  else if (os->suspend_count > 0 && os->parked) state = APC_STATE_SUSPENDED;
  else if (os->parked) state = os->parked_as;
  atomic_store(&os->suspended, os->suspend_count);
  atomic_store(&os->state, state);
  return atomic_load(&os->watch_count) != 0;
}

static bool is_so(const watch *w) {
  return (w->states >> atomic_load(&w->target->state) & 1) != 0 ||
         (w->also == ALSO_RESUMED && atomic_load(&w->target->suspended) == 0) ||
         (w->also == ALSO_TURN_TAKEN && !atomic_load(&w->target->turn_owed));
}

void os_tell_watchers(os_thread *os) {
  if (atomic_load(&os->watch_count) == 0) return;
  pthread_mutex_lock(&watch_lock);
  for (watch *w = os->watches; w != NULL; w = w->next) {
    if (!is_so(w)) continue;
    os_lock(w->watcher);
    w->reached = true;
    os_wake(w->watcher);
    os_unlock(w->watcher);
  }
  pthread_mutex_unlock(&watch_lock);
}

static void enter(watch *w) {
  pthread_mutex_lock(&watch_lock);
  w->next = w->target->watches;
  w->target->watches = w;
  atomic_fetch_add(&w->target->watch_count, 1);
  pthread_mutex_unlock(&watch_lock);
}

static void leave(watch *w) {
  pthread_mutex_lock(&watch_lock);
  watch **link = &w->target->watches;
  while (*link != w) link = &(*link)->next;
  *link = w->next;
  atomic_fetch_sub(&w->target->watch_count, 1);
  pthread_mutex_unlock(&watch_lock);
}

static bool is_reached(void *subject) {
  const watch *w = subject;
  return w->reached || is_so(w);
}

wait_end os_watch(os_thread *watcher, os_thread *target, uint32_t states, watch_also also) {
  watch w = {.target = target, .watcher = watcher, .states = states, .also = also};
  wait_request request = {
      .state = APC_STATE_BLOCKED, .deadline_ns = NO_DEADLINE, .is_satisfied = is_reached, .subject = &w};
  enter(&w);
  wait_end end = os_wait(watcher, &request);
  leave(&w);
  return end;
}

bool backend_await_state(lab_thread *t, lab_thread *target, apc_thread_state state, backend_seen *seen) {
  uint32_t states = 1u << state | 1u << APC_STATE_ENDED;
  if (state == APC_STATE_BLOCKED) states |= 1u << APC_STATE_ALERTABLE; /* blocked is any wait, alertable or not */
  wait_end end = os_watch(t->os, target->os, states, ALSO_NOTHING);
  bool ended = atomic_load(&target->os->state) == APC_STATE_ENDED;
  *seen = (backend_seen){.reached = state == APC_STATE_ENDED || !ended, .inferred = false};
  return end != WAIT_THREAD_ENDS;
}
