/*
 * timer.c: waitable timers. One thread of the session's own, the "system" of the trace, expires them: it signals the
 * timer, then queues the routine to the thread that set it (facts 91, 98). One whose due time has passed when it is set
 * expires within that call, on the thread that sets it.
 *
 * A timer has at most one APC in that queue (fact 94), which keeps the place and the arguments of the first expiry that
 * queued it (fact 95). The APC of a later expiry waits armed.
 */
#include "dispatcher.h"

#define FILETIME_OF_UNIX_EPOCH 116444736000000000u

static void take_out(os_session *os, os_object *timer) {
  os_object **link = &os->timers;
  while (*link != NULL && *link != timer) link = &(*link)->next_timer;
  if (*link == timer) *link = timer->next_timer;
  timer->next_timer = NULL;
  timer->set = false;
}

static void put_in(os_session *os, os_object *timer) {
  os_object **link = &os->timers;
  while (*link != NULL && (*link)->due_ns <= timer->due_ns) link = &(*link)->next_timer;
  timer->next_timer = *link;
  *link = timer;
  timer->set = true;
}

/* ---- expiry ---- */

/* 100 ns since 1601, UTC: when the timer was signaled, however late the routine runs (fact 92). */
static uint64_t filetime_of(const session *s, uint64_t at_ns) {
  return FILETIME_OF_UNIX_EPOCH + (s->opened_unix_ns + (at_ns - s->opened_ns)) / 100;
}

static void queue_routine(lab_thread *by, os_object *timer) {
  if (timer->armed == NULL) return;
  os_thread *setter = timer->setter->os;
  os_lock(setter);
  if (timer->queued == NULL && !setter->refusing) {
    apc_node *node = timer->armed;
    uint64_t filetime = filetime_of(by->session, backend_now_ns());
    node->arguments[0] = timer->data;
    node->arguments[1] = (uint32_t)filetime;
    node->arguments[2] = filetime >> 32;
    node->reserve = timer->self->index + 1;
    life_fire(by, node, true);
    timer->queued = node;
    timer->armed = NULL;
    os_enqueue(setter, node);
  }
  os_unlock(setter);
}

static void expire(lab_thread *by, os_object *timer) {
  os_session *os = by->session->os;
  take_out(os, timer);
  timer->signaled = true;
  dispatcher_signal(by, &timer->waiters);
  queue_routine(by, timer);
  if (timer->period_ns != 0) {
    if (timer->armed == NULL && timer->routine != APC_ROUTINE_NONE)
      timer->armed = life_arm(by, timer->setter, APC_CALL_SET_WAITABLE_TIMER, timer->routine, timer->site, 0);
    timer->due_ns += timer->period_ns;
    put_in(os, timer);
  }
  object_tell(by, timer);
}

static void expire_as_they_come(void *argument) {
  lab_thread *system = argument;
  os_session *os = system->session->os;
  pthread_mutex_lock(&os->lock);
  while (!os->closing) {
    /* A session that stops is not told of any more: its trace comes to an end. */
    os_object *first = atomic_load(&system->session->stopping) ? NULL : os->timers;
    uint64_t due_ns = first != NULL ? first->due_ns : NO_DEADLINE;
    if (first != NULL && backend_now_ns() >= due_ns) expire(system, first);
    else condition_wait(&os->timers_changed, &os->lock, due_ns);
  }
  pthread_mutex_unlock(&os->lock);
}

bool timers_begin(session *s) {
  if (s->os->expirer != NULL) return true;
  if (s->system == NULL && !session_add_system(s)) return false;
  s->os->expirer = backend_helper_start(expire_as_they_come, s->system);
  return s->os->expirer != NULL;
}

/* ---- calls ---- */

void timer_cancel(lab_thread *by, os_object *timer) {
  if (timer->set) take_out(by->session->os, timer);
  if (timer->setter != NULL) {
    os_thread *setter = timer->setter->os;
    os_lock(setter);
    apc_node *queued = timer->queued;
    timer->queued = NULL;
    if (queued != NULL && !apc_list_remove(&setter->queue, queued)) queued = NULL;
    os_unlock(setter);
    if (queued != NULL) life_cancel(by, queued, true, 0);
  }
  if (timer->armed != NULL) life_cancel(by, timer->armed, false, 0);
  timer->armed = NULL;
}

static uint64_t due_of(const session *s, const timer_call *call) {
  uint64_t from_ns = call->absolute ? s->opened_ns : backend_now_ns();
  const int64_t most_ms = INT64_MAX / 4000000;
  int64_t due_ms = call->due_ms < 0 ? 0 : call->due_ms > most_ms ? most_ms : call->due_ms;
  return from_ns + (uint64_t)due_ms * 1000000u;
}

static uint32_t set_timer(lab_thread *t, handle_ref handle, const timer_call *call) {
  os_object *timer;
  handle_fault fault = handle_object(handle, ACCESS_MODIFY_STATE, APC_OBJECT_TIMER, APC_OBJECT_TIMER, &timer);
  if (fault != HANDLE_GOOD) return handle_error(fault);
  if (call->period_ms < 0) return WIN32_ERROR_INVALID_PARAMETER; /* fact 100 */
  timer_cancel(t, timer);                                        /* fact 97 */
  timer->signaled = false;
  timer->setter = t;
  timer->due_ns = due_of(t->session, call);
  timer->period_ns = (uint64_t)call->period_ms * 1000000u;
  timer->routine = call->routine;
  timer->data = call->data;
  timer->site = call->site;
  if (call->routine != APC_ROUTINE_NONE) {
    timer->armed = life_arm(t, t, APC_CALL_SET_WAITABLE_TIMER, call->routine, call->site, 0);
    if (timer->armed == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  }
  put_in(t->session->os, timer);
  uint64_t now_ns = backend_now_ns();
  if (timer->due_ns <= now_ns) { /* as KeSetTimerEx does: signaled before the call returns, periods from now on */
    timer->due_ns = now_ns;
    expire(t, timer);
  }
  pthread_cond_signal(&t->session->os->timers_changed);
  object_tell(t, timer);
  return 0;
}

uint32_t backend_set_timer(lab_thread *t, handle_ref handle, const timer_call *call) {
  dispatcher_lock(t);
  uint32_t error = set_timer(t, handle, call);
  dispatcher_unlock(t);
  if (error == 0) return 1;
  t->last_error = error;
  return 0;
}

/* A timer with a routine is cancelled when its setter ends before the due time; one without is not (fact 99). What
 * stood in the setter's queue is lost with it. */
void timers_thread_ended(lab_thread *t) {
  session *s = t->session;
  for (os_object *timer = s->os->timers, *next; timer != NULL; timer = next) {
    next = timer->next_timer;
    if (timer->setter != t || timer->routine == APC_ROUTINE_NONE) continue;
    timer_cancel(t, timer);
    object_tell(t, timer);
  }
}
