/*
 * timer.c: SetWaitableTimer and CancelWaitableTimer. The system queues the routine to the thread that set the timer
 * (fact 91); when, it tells nobody, so the APC is armed until it begins.
 */
#include "../life.h"
#include "deliver.h"

/* ---- the routine ---- */

/* Arms an APC that the timer will queue then. Returns as os_arm. */
static uint64_t arm_until(lab_thread *t, const os_object *o, uint64_t due_ns, uint32_t flags) {
  uint64_t armed = os_arm(
      t, APC_CALL_SET_WAITABLE_TIMER, atomic_load(&o->routine), atomic_load(&o->site), atomic_load(&o->data), flags);
  apc_node *node = os_armed_node(t->session, armed);
  if (node != NULL) node->due_ns = due_ns;
  return armed;
}

/* A periodic timer has by now queued, or will queue, the next one. Concluded, not seen. */
static void arm_next(lab_thread *t, lab_object *timer) {
  os_object *o = timer->os;
  uint64_t next = 0;
  uint32_t period_ms = atomic_load(&o->period_ms);
  if (atomic_load(&o->is_set) && period_ms != 0)
    next = arm_until(t, o, backend_now_ns() + period_ms * 1000000ull, APC_RECORD_INFERRED);
  atomic_store(&o->armed, next);
  os_tell(t, timer);
}

/* The token names the timer and which of its settings this APC is of; that one's APC is the armed one, or there is none
 * any more: it was cancelled while it was on its way. */
static lab_thread *find(ULONG_PTR token, os_arrival *arrival) {
  session *s = token_session(token);
  uint32_t index = token_index(token);
  lab_object *timer = s != NULL && index < SESSION_MAX_OBJECTS ? s->objects[index] : NULL;
  if (timer == NULL || timer->type != APC_OBJECT_TIMER) return NULL;
  os_object *o = timer->os;
  if (atomic_load(&o->armed_set) != token_generation(token)) return NULL;
  uint64_t armed = atomic_load(&o->armed);
  apc_node *node = os_armed_node(s, armed);
  lab_thread *t = node != NULL ? os_thread_here(s, node->target) : NULL;
  *arrival = (os_arrival){
      .node = node, .generation = (uint32_t)(armed >> 32), .fires = true, .began = arm_next, .object = timer};
  return t;
}

/* When it was signaled, as a FILETIME (fact 92; Wine 8.0 hands over something else for a relative due time). */
static void CALLBACK on_timer(void *token, DWORD low, DWORD high) {
  DWORD last_error = GetLastError();
  os_arrival arrival;
  lab_thread *t = find((ULONG_PTR)token, &arrival);
  if (t == NULL) return;
  arrival.arguments[0] = arrival.node->arguments[0];
  arrival.arguments[1] = low;
  arrival.arguments[2] = high;
  os_deliver(t, &arrival, last_error);
}

/* ---- the calls ---- */

#define FILETIME_OF_UNIX_EPOCH 116444736000000000u

/* In 100 ns: below 0 from now, else since 1601. */
static LARGE_INTEGER due_of(const session *s, const timer_call *call) {
  const int64_t most_ms = INT64_MAX / 40000;
  int64_t due_ms = call->due_ms < 0 ? 0 : call->due_ms > most_ms ? most_ms : call->due_ms;
  LARGE_INTEGER due = {.QuadPart = -due_ms * 10000};
  if (call->absolute) due.QuadPart = (int64_t)(FILETIME_OF_UNIX_EPOCH + s->opened_unix_ns / 100) + due_ms * 10000;
  return due;
}

static uint64_t due_ns_of(const session *s, const timer_call *call) {
  const int64_t most_ms = INT64_MAX / 4000000;
  int64_t due_ms = call->due_ms < 0 ? 0 : call->due_ms > most_ms ? most_ms : call->due_ms;
  return (call->absolute ? s->opened_ns : backend_now_ns()) + (uint64_t)due_ms * 1000000u;
}

/* What stood armed before will not run (facts 96, 97). */
static void note_set(lab_thread *t, os_object *o, const timer_call *call, uint32_t set) {
  atomic_store(&o->period_ms, (uint32_t)call->period_ms);
  atomic_store(&o->routine, call->routine);
  atomic_store(&o->site, call->site);
  atomic_store(&o->data, call->data);
  atomic_store(&o->is_set, 1);
  atomic_store(&o->armed_set, set);
  os_disarm(t, atomic_exchange(&o->armed, 0));
  if (call->routine == APC_ROUTINE_NONE) return;
  atomic_store(&o->armed, arm_until(t, o, due_ns_of(t->session, call), 0));
}

uint32_t backend_set_timer(lab_thread *t, handle_ref handle, const timer_call *call) {
  HANDLE real = os_handle_of(t, handle);
  lab_object *timer = os_object_of(handle);
  os_object *o = timer != NULL ? timer->os : NULL;
  uint32_t set = o != NULL ? atomic_fetch_add(&o->sets, 1) + 1 : 0;
  void *token = (void *)token_of(t->session, timer != NULL ? timer->index : 0, set);
  LARGE_INTEGER due = due_of(t->session, call);
  SetLastError(t->last_error);
  BOOL done = SetWaitableTimer(
      real, &due, (LONG)call->period_ms, call->routine != APC_ROUTINE_NONE ? on_timer : NULL, token, FALSE);
  t->last_error = GetLastError();
  if (!done || o == NULL) return done ? 1 : 0;
  note_set(t, o, call, set);
  os_stir(t->session, os_bit_of(handle));
  os_tell(t, timer);
  return 1;
}

bool os_cancel_timer(lab_thread *t, HANDLE real, lab_object *timer) {
  if (!CancelWaitableTimer(real)) return false;
  if (timer == NULL) return true;
  atomic_store(&timer->os->is_set, 0);
  os_disarm(t, atomic_exchange(&timer->os->armed, 0));
  return true;
}
