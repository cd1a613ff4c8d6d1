/*
 * control.c: what one thread asks of another: stand still, go on, end. The other acts at its next safe point: between
 * two steps, inside compute, or in a wait, which counts as standing still at once.
 */
#include "dispatcher.h"

/* Between these, `by` may publish although it holds a lock (posix.h). main has no engine behind it. */
static void lock_to_publish(lab_thread *by, os_thread *os) {
  os_lock(os);
  if (by->os != NULL) by->os->publishing_under = true;
}

static void unlock_published(lab_thread *by, os_thread *os) {
  if (by->os != NULL) by->os->publishing_under = false;
  os_unlock(os);
}

static uint32_t suspend_fault(const os_thread *os) {
  if (os->refusing) return WIN32_ERROR_ACCESS_DENIED; /* fact 108 */
  if (os->suspend_count >= WIN32_MAX_SUSPEND_COUNT) return WIN32_ERROR_SIGNAL_REFUSED;
  return 0;
}

/* As SuspendThread does, a lab thread that suspends another returns when the other stands still, or has gone on or
 * ended since. That wait is a safe point of its own: two threads that suspend each other both stand. main never waits.
 */
static bool see_it_stand(lab_thread *by, lab_thread *target) {
  if (by == target) return backend_safe_point(by);
  if (by->os == NULL) return true;
  return os_watch(by->os, target->os, 1u << APC_STATE_SUSPENDED | 1u << APC_STATE_ENDED, ALSO_RESUMED) !=
         WAIT_THREAD_ENDS;
}

/* Locks the target, to suspend it, once the turn that it owes itself since its last resume is taken. main never waits:
 * it takes that turn away. False when `by` is ending; then nothing is locked. */
static bool lock_to_suspend(lab_thread *by, lab_thread *target) {
  os_thread *os = target->os;
  for (;;) {
    lock_to_publish(by, os);
    if (by->os == NULL) atomic_store(&os->turn_owed, false);
    if (by == target || !atomic_load(&os->turn_owed) || os->refusing) return true;
    unlock_published(by, os);
    if (os_watch(by->os, os, 1u << APC_STATE_ENDED, ALSO_TURN_TAKEN) == WAIT_THREAD_ENDS) return false;
  }
}

/* The thread behind a handle that carries the right; else the last error is set and NULL returned. */
static lab_thread *thread_with_right(lab_thread *by, handle_ref handle, uint32_t access) {
  lab_thread *target = NULL;
  if (handle.object != NULL) dispatcher_lock(by);
  handle_fault fault = handle_thread(by, handle, access, &target);
  if (handle.object != NULL) dispatcher_unlock(by);
  if (fault == HANDLE_GOOD) return target;
  by->last_error = handle_error(fault);
  return NULL;
}

bool backend_suspend(lab_thread *by, handle_ref handle, uint32_t *result) {
  *result = WIN32_FAILED;
  lab_thread *target = thread_with_right(by, handle, ACCESS_THREAD_SUSPEND_RESUME);
  if (target == NULL) return true;
  os_thread *os = target->os;
  if (!lock_to_suspend(by, target)) return false;
  uint32_t fault = suspend_fault(os);
  if (fault == 0) {
    *result = os->suspend_count++;
    atomic_fetch_or(&target->control, CONTROL_SUSPEND);
    os_update_state(os);
    /* Under the lock, so that these events come in the order of the counts that they tell. */
    life_publish_count(by, target, APC_KIND_SUSPENDED, os->suspend_count, *result, 0);
  }
  unlock_published(by, os);
  if (fault != 0) {
    by->last_error = fault;
    return true;
  }
  os_tell_watchers(os);
  return see_it_stand(by, target);
}

/* On a finished thread it returns 0 and does nothing (fact 108). */
uint32_t backend_resume(lab_thread *by, handle_ref handle) {
  lab_thread *target = thread_with_right(by, handle, ACCESS_THREAD_SUSPEND_RESUME);
  if (target == NULL) return WIN32_FAILED;
  os_thread *os = target->os;
  lock_to_publish(by, os);
  uint32_t before = os->refusing ? 0 : os->suspend_count;
  if (before > 0) {
    os->suspend_count--;
    if (os->suspend_count == 0) {
      atomic_fetch_and(&target->control, ~CONTROL_SUSPEND);
      if (os->parked) atomic_store(&os->turn_owed, true); /* it stands: it has to go on before it is asked again */
      os_wake(os);                                        /* it looks at its queue, then at the time (facts 107, 111) */
    }
    os_update_state(os);
    life_publish_count(by, target, APC_KIND_RESUMED, os->suspend_count, before, 0);
  }
  unlock_published(by, os);
  os_tell_watchers(os);
  return before;
}

/* The first reason stands. From here on nothing is queued to it (facts 6, 7). */
static void ask_to_end(lab_thread *t, apc_end_reason reason, uint32_t code) {
  os_thread *os = t->os;
  os_lock(os);
  if (os->end.reason == 0) os->end = (backend_end){.reason = reason, .code = code};
  os_refuse(os);
  atomic_fetch_or(&t->control, CONTROL_END);
  os_wake(os);
  os_unlock(os);
}

uint32_t backend_terminate(lab_thread *by, handle_ref handle, uint32_t code, bool *goes_on) {
  lab_thread *target = thread_with_right(by, handle, ACCESS_THREAD_TERMINATE);
  if (target == NULL) return 0;
  *goes_on = by != target;
  ask_to_end(target, APC_END_TERMINATED, code);
  return 1;
}

void backend_exit(lab_thread *t, apc_end_reason reason, uint32_t code) { ask_to_end(t, reason, code); }

void backend_stop(lab_thread *t) { ask_to_end(t, APC_END_STOPPED, EXIT_CODE_STOPPED); }

void backend_press_stop(session *s) { (void)s; /* every thread here reaches a safe point by itself */ }
