/* wait_for.c: the calls that wait for objects, an address or a critical section. */
#include <sched.h>

#include "dispatcher.h"

/* The calls that take an array know no pseudo handles: NtWaitForMultipleObjects looks each one up in the process's
 * table, where they are not. Those for one handle take them. */
static bool takes_pseudo_handles(apc_call call) {
  switch (call) {
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS:
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS_EX:
    case APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX: return false;
    default: return true;
  }
}

static bool is_pseudo(handle_ref handle) { return handle.thread == NULL && handle.object == NULL; }

/* Bad handles are found before anything is signaled, waited for or run (fact 55). Returns a Win32 error. */
static uint32_t resolve_all(lab_thread *t, const wait_call *call, object_wait *wait) {
  bool messages = call->call == APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX;
  uint32_t most = messages ? WAIT_MAX_OBJECTS - 1 : WAIT_MAX_OBJECTS;
  if (call->count > most || (call->count == 0 && !messages)) return WIN32_ERROR_INVALID_PARAMETER;
  for (uint32_t i = 0; i < call->count; i++) {
    if (is_pseudo(call->handles[i]) && !takes_pseudo_handles(call->call)) return WIN32_ERROR_INVALID_HANDLE;
    handle_fault fault = handle_waitable(t, call->handles[i], &wait->on[i]);
    if (fault != HANDLE_GOOD) return handle_error(fault);
    for (uint32_t k = 0; call->wait_all && k < i; k++) {
      if (wait->on[k] == wait->on[i]) return WIN32_ERROR_INVALID_PARAMETER; /* fact 56 */
    }
  }
  wait->count = call->count;
  return 0;
}

static uint32_t result_of(const object_wait *wait, wait_end end) {
  switch (end) {
    case WAIT_ENDED_BY_CONDITION: return wait->result;
    case WAIT_ENDED_BY_APC: return WIN32_WAIT_IO_COMPLETION;
    default: return WIN32_WAIT_TIMEOUT;
  }
}

/* SignalObjectAndWait signals once, before it looks at what it waits for; an APC that ends the wait does not repeat
 * that (facts 71, 72). */
bool backend_wait_for(lab_thread *t, const wait_call *call, uint32_t *result) {
  object_wait wait = {.waiter = t->os,
      .alertable = call->alertable,
      .deadline_ns = os_deadline_of(call->milliseconds),
      .all = call->wait_all,
      .for_messages = call->call == APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX,
      .any_message = call->input_available};
  wait_end end = WAIT_ENDED_BY_CONDITION;
  dispatcher_lock(t);
  if (wait.for_messages) t->os->has_message_queue = true;
  uint32_t error = resolve_all(t, call, &wait);
  if (error == 0 && call->call == APC_CALL_SIGNAL_OBJECT_AND_WAIT) error = object_signal(t, call->signal);
  if (error == 0) end = dispatcher_wait(&wait);
  dispatcher_unlock(t);
  if (error != 0) t->last_error = error;
  *result = error != 0 ? WIN32_FAILED : result_of(&wait, end);
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

bool backend_wait_on_address(
    lab_thread *t, _Atomic int64_t *variable, int64_t compare, uint32_t milliseconds, uint32_t *result) {
  object_wait wait = {
      .waiter = t->os, .deadline_ns = os_deadline_of(milliseconds), .address = variable, .compare = compare};
  os_session *os = t->session->os;
  atomic_fetch_add(
      &os->address_wait_count, 1); /* before it looks: whoever writes sees it, or it sees what was written */
  dispatcher_lock(t);
  wait_end end = dispatcher_wait(&wait);
  dispatcher_unlock(t);
  atomic_fetch_sub(&os->address_wait_count, 1);
  *result = end == WAIT_ENDED_BY_CONDITION;
  if (*result == 0) t->last_error = WIN32_ERROR_TIMEOUT;
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

void backend_wake_address(lab_thread *t, _Atomic int64_t *variable) {
  os_session *os = t->session->os;
  if (atomic_load(&os->address_wait_count) == 0) return;
  dispatcher_lock(t);
  for (object_wait *wait = os->address_waits; wait != NULL; wait = wait->next) {
    if (wait->address == variable) dispatcher_look(t, wait);
  }
  dispatcher_unlock(t);
}

bool backend_enter_critical_section(lab_thread *t, lab_object *section) {
  object_wait wait = {.waiter = t->os, .deadline_ns = NO_DEADLINE, .count = 1};
  wait.on[0] = &section->os->waiters;
  dispatcher_lock(t);
  wait_end end = dispatcher_wait(&wait);
  dispatcher_unlock(t);
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

/* By another than its owner: Windows would damage the section; here nothing happens. */
bool backend_leave_critical_section(lab_thread *t, lab_object *section) {
  os_object *o = section->os;
  dispatcher_lock(t);
  if (o->owner == t && --o->recursion == 0) {
    o->owner = NULL;
    dispatcher_signal(t, &o->waiters);
  }
  object_tell(t, o);
  dispatcher_unlock(t);
  return true;
}

/* STATUS_SUCCESS or STATUS_USER_APC, never STATUS_TIMEOUT (fact 57). */
bool backend_nt_delay(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result) {
  return backend_sleep_ex(t, milliseconds, alertable, result);
}

/* Drains the queue and says STATUS_SUCCESS whether something ran or not (fact 118). */
bool backend_nt_test_alert(lab_thread *t, uint32_t *result) {
  os_lock(t->os);
  drain_end drained = os_drain(t->os);
  os_take_turn(t->os);
  *result = 0;
  return drained != DRAIN_THREAD_ENDS;
}

bool backend_switch_to_thread(lab_thread *t, uint32_t *result) {
  sched_yield();
  *result = 0; /* whether another ran is not known */
  return os_run_specials(t->os);
}
