/* Suspend, resume, terminate, stop: the real calls, with care for the instants at which they would hurt the process. */
#include "../life.h"
#include "../thread_end.h"
#include "win32.h"

#define DEATH_LIMIT_MS 100u      /* how long a lab thread watches what it terminated */
#define STOP_PATIENCE_MS 100u    /* then a thread that is in a system call is terminated */
#define STOP_LIMIT_MS 1000u      /* then any */

/* SuspendThread returns before the other stands still; asking for its context does not. */
static void see_it_stand(HANDLE thread) {
  CONTEXT context;
  context.ContextFlags = CONTEXT_CONTROL;
  GetThreadContext(thread, &context);
}

/* A thread that suspends itself cannot tell afterwards: it tells before, and says that it concluded. */
static void suspend_self(lab_thread *t, uint32_t *result) {
  uint32_t before = atomic_fetch_add(&t->os->suspend_count, 1);
  life_publish_count(t, t, APC_KIND_SUSPENDED, before + 1, before, APC_RECORD_INFERRED);
  SetLastError(t->last_error);
  *result = SuspendThread(GetCurrentThread());
  t->last_error = GetLastError();
  if (*result == WIN32_FAILED) {
    atomic_fetch_sub(&t->os->suspend_count, 1);
    life_publish_count(t, t, APC_KIND_RESUMED, before, before + 1, APC_RECORD_INFERRED);
  }
  os_end_if_stopped(t);
}

bool backend_suspend(lab_thread *by, lab_thread *target, uint32_t *result) {
  if (by == target) {
    suspend_self(by, result);
    return true;
  }
  os_thread *os = target->os;
  SetLastError(by->last_error);
  *result = SuspendThread(os->handle);
  by->last_error = GetLastError();
  if (*result == WIN32_FAILED) return true;
  see_it_stand(os->handle);
  atomic_fetch_add(&os->suspend_count, 1);
  life_publish_count(by, target, APC_KIND_SUSPENDED, *result + 1, *result, 0);
  return true;
}

uint32_t backend_resume(lab_thread *by, lab_thread *target) {
  os_thread *os = target->os;
  SetLastError(by->last_error);
  uint32_t before = ResumeThread(os->handle);
  by->last_error = GetLastError();
  if (before == WIN32_FAILED || before == 0) return before;
  os_wait_is_stirred(os);
  atomic_fetch_sub(&os->suspend_count, 1);
  life_publish_count(by, target, APC_KIND_RESUMED, before - 1, before, 0);
  return before;
}

/* A thread that the loader is setting up or tearing down holds the loader's lock: killed there, it would block every thread that
 * starts or ends later. It is past the first once it has told its start, and in the second once it has told its end; one that
 * was created suspended and never ran holds nothing. */
static bool may_be_killed(lab_thread *t) {
  return !thread_end_is_published(t) && (atomic_load(&t->os->started) || atomic_load(&t->os->suspend_count) > 0);
}

static bool kill(lab_thread *t, apc_end_reason reason, uint32_t code) {
  os_thread *os = t->os;
  uint32_t nobody = 0;
  if (atomic_compare_exchange_strong(&os->kill_reason, &nobody, reason)) os->kill_code = code;
  BOOL done = TerminateThread(os->handle, code);
  atomic_store(&t->end_due, true);
  /* It may have been about to wake the pump. */
  doorbell_nudge(&t->session->doorbell);
  return done;
}

/* main does not wait until it may; the sweep comes back to it. */
static uint32_t kill_from_main(lab_thread *target, uint32_t code) {
  if (may_be_killed(target)) return kill(target, APC_END_TERMINATED, code);
  target->os->kill_code = code;
  atomic_store(&target->os->kill_wanted, 1);
  atomic_store(&target->end_due, true);
  return 1;
}

static uint32_t kill_and_see(lab_thread *by, lab_thread *target, uint32_t code) {
  os_thread *os = target->os;
  for (uint32_t waited = 0; !may_be_killed(target) && !thread_end_is_published(target) && waited < DEATH_LIMIT_MS; waited++) Sleep(1);
  SetLastError(by->last_error);
  bool done = kill(target, APC_END_TERMINATED, code);
  by->last_error = GetLastError();
  if (done && WaitForSingleObject(os->handle, DEATH_LIMIT_MS) == WAIT_OBJECT_0) thread_end_tell(by, target, APC_END_TERMINATED, code);
  return done;
}

uint32_t backend_terminate(lab_thread *by, lab_thread *target, uint32_t code) {
  if (by == target) {
    thread_end_publish(by, APC_END_TERMINATED, code);
    TerminateThread(GetCurrentThread(), code);
  }
  /* It is on its way out by itself, or gone: TerminateThread succeeds then and changes nothing that we tell. */
  if (thread_end_is_published(target) || os_is_dead(target->os)) return 1;
  return by->os == NULL ? kill_from_main(target, code) : kill_and_see(by, target, code);
}

bool backend_thread_gone(lab_thread *t, backend_end *end) {
  os_thread *os = t->os;
  if (atomic_load(&os->kill_wanted) && may_be_killed(t)) {
    atomic_store(&os->kill_wanted, 0);
    kill(t, APC_END_TERMINATED, os->kill_code);
  }
  if (!os_is_dead(os)) return false;
  *end = (backend_end){.reason = (apc_end_reason)atomic_load(&os->kill_reason), .code = os->kill_code};
  if (end->reason == 0) end->reason = APC_END_RETURNED;
  return true;
}

/* Resumed, woken from an alertable wait, or given a step that is none: then it sees that it is to stop. */
void backend_stop(lab_thread *t) {
  os_thread *os = t->os;
  atomic_fetch_or(&t->control, CONTROL_END);
  if (os->step_event != NULL) SetEvent(os->step_event);
  os_queue_stop_apc(os);
  for (DWORD before = ResumeThread(os->handle); before != WIN32_FAILED && before > 1;) before = ResumeThread(os->handle);
  atomic_store(&os->suspend_count, 0);
}

void backend_press_stop(session *s) {
  uint64_t elapsed_ms = (backend_now_ns() - s->stopping_since_ns) / 1000000u;
  if (elapsed_ms < STOP_PATIENCE_MS) return;
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    lab_thread *t = s->threads[i];
    if (t == NULL || t->swept || !lab_thread_is_created(t) || atomic_load(&t->os->kill_reason) != 0 || !may_be_killed(t)) continue;
    if (atomic_load(&t->os->wait_kind) != 0 || elapsed_ms >= STOP_LIMIT_MS) kill(t, APC_END_STOPPED, EXIT_CODE_STOPPED);
  }
}
