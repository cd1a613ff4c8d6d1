/* Sleep and SleepEx, and a hand-driven thread's wait for its next step. */
#include <sched.h>

#include "../hand.h"
#include "posix.h"

#define WAIT_IO_COMPLETION 0xC0u

uint64_t os_deadline_of(uint32_t milliseconds) {
  return milliseconds == APC_INFINITE ? NO_DEADLINE : backend_now_ns() + (uint64_t)milliseconds * 1000000u;
}

bool backend_sleep(lab_thread *t, uint32_t milliseconds) {
  uint32_t result;
  return backend_sleep_ex(t, milliseconds, false, &result);
}

/* 0 when the time is over, 0xC0 when at least one APC ran (fact 46). Neither touches the last error (fact 54). */
bool backend_sleep_ex(lab_thread *t, uint32_t milliseconds, bool alertable, uint32_t *result) {
  if (milliseconds == 0 && !alertable) sched_yield();
  wait_request request = {
      .state = alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED, .deadline_ns = os_deadline_of(milliseconds)};
  wait_end end = os_wait(t->os, &request);
  *result = end == WAIT_ENDED_BY_APC ? WAIT_IO_COMPLETION : 0;
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

static bool step_is_there(void *subject) { return mailbox_waiting(subject) > 0; }

bool backend_wait_for_step(lab_thread *t) {
  os_thread *os = t->os;
  wait_request request = {
      .state = APC_STATE_BLOCKED, .deadline_ns = NO_DEADLINE, .is_satisfied = step_is_there, .subject = t};
  os_lock(os);
  os->in_step_wait = true;
  os_unlock(os);
  wait_end end = os_wait(os, &request);
  os_lock(os);
  os->in_step_wait = false;
  os_unlock(os);
  return end != WAIT_THREAD_ENDS;
}

void backend_wake_for_step(lab_thread *t) {
  os_lock(t->os);
  os_wake(t->os);
  os_unlock(t->os);
}

bool backend_waits_for_step(lab_thread *t) {
  os_lock(t->os);
  bool waits = t->os->in_step_wait && t->os->suspend_count == 0 && !t->os->refusing;
  os_unlock(t->os);
  return waits;
}
