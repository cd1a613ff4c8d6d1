/* Sleep and SleepEx, and a hand-driven thread's wait for its next step. */
#include "../hand.h"
#include "win32.h"

/* Whoever asks a thread to end sets `control` and looks at wait_kind; the thread sets wait_kind and then looks at
 * `control`: one of the two sees the other. */
void os_wait_begins(os_thread *os, apc_thread_state kind) {
  atomic_store(&os->wait_began_ns, backend_now_ns());
  atomic_store(&os->wait_kind, kind);
  os_end_if_asked(os->self);
}

void os_wait_ends(os_thread *os) {
  atomic_store(&os->wait_kind, 0);
  atomic_store(&os->waits_for, 0);
}

bool backend_sleep(lab_thread *t, uint32_t milliseconds) {
  os_wait_begins(t->os, APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  Sleep(milliseconds);
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  return true;
}

bool backend_sleep_ex(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result) {
  os_wait_begins(t->os, alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  *result = SleepEx(milliseconds, alertable);
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  return true;
}

bool backend_wait_for_step(lab_thread *t) {
  os_thread *os = t->os;
  atomic_store(&os->in_step_wait, 1);
  os_wait_begins(os, APC_STATE_BLOCKED);
  while (mailbox_waiting(t) == 0) {
    WaitForSingleObject(os->step_event, INFINITE);
    os_end_if_asked(t);
  }
  os_wait_ends(os);
  atomic_store(&os->in_step_wait, 0);
  return true;
}

void backend_wake_for_step(lab_thread *t) {
  os_wait_is_stirred(t->os);
  SetEvent(t->os->step_event);
}

bool backend_waits_for_step(lab_thread *t) {
  os_thread *os = t->os;
  return atomic_load(&os->in_step_wait) && atomic_load(&os->suspend_count) == 0 && atomic_load(&t->control) == 0;
}
