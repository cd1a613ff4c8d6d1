/*
 * control.c: suspend, resume, terminate, stop: the real calls, made only at instants at which they hurt neither the
 * process nor the trace.
 *
 * TerminateThread strikes a thread only inside a real wait of its own (or before it ever ran): there it holds no lock
 * of the loader or the heap, which would block every later thread, and has no record half told. Whether it is there is
 * looked at while it stands suspended. Anywhere else it is asked, and ends itself before its next step or wait:
 * microseconds later.
 */
#include "../life.h"
#include "../thread_end.h"
#include "win32.h"

#define DEATH_LIMIT_MS 100u             /* how long a lab thread watches what it terminated */
#define STOP_PATIENCE_MS 100u           /* then a thread that is in a wait is terminated there */
#define DELICATE_LIMIT_NS 50000000u     /* how long a lab thread waits until another may be suspended or resumed */
#define DELICATE_MAIN_LIMIT_NS 1000000u /* and main, which must not wait */

/* SuspendThread returns before the other stands still; asking for its context does not. */
static void see_it_stand(HANDLE thread) {
  CONTEXT context;
  context.ContextFlags = CONTEXT_CONTROL;
  GetThreadContext(thread, &context);
}

/* In the loader's or the system's hands: it may hold a lock that the whole process needs. */
static bool is_delicate(os_thread *os) {
  if (atomic_load(&os->in_system)) return true;
  return !atomic_load(&os->started) && !atomic_load(&os->never_ran);
}

static uint64_t limit_for(const lab_thread *by) { return by->os != NULL ? DELICATE_LIMIT_NS : DELICATE_MAIN_LIMIT_NS; }

/* Harmless, and what the system counts is what the program did, no more and no less? It is otherwise while a thread has
 * told that it suspends itself and not done it, while another is about to suspend or resume it, and before its creator
 * lets it go. */
static bool may_be_suspended(os_thread *os, uint32_t count) {
  return count == atomic_load(&os->suspend_count) && (count > 0 || !is_delicate(os));
}

/* Suspends it, by the handle `via`, if that may be, or if there is no more time. Returns as SuspendThread does; where
 * it is on its way out, which it then goes on with, 0xFFFFFFFF and error 5. True when that is settled. */
static bool try_to_suspend(os_thread *os, HANDLE via, bool at_last, DWORD *before) {
  *before = SuspendThread(via);
  if (*before == WIN32_FAILED) return true;
  see_it_stand(os->handle);
  bool leaves = thread_end_is_published(os->self);
  if (!leaves && (at_last || may_be_suspended(os, *before))) return true;
  ResumeThread(os->handle);
  *before = WIN32_FAILED;
  if (leaves) SetLastError(WIN32_ERROR_ACCESS_DENIED);
  return leaves;
}

/* The same after waiting until it may be. In between it only looks: a thread that is stopped again and again gets
 * nowhere. From a successful try to the end of backend_suspend the caller itself is not to be suspended: others wait
 * for it to count what it did. */
static DWORD suspend_other(lab_thread *by, os_thread *os, HANDLE via) {
  uint64_t until = backend_now_ns() + limit_for(by);
  for (;;) {
    DWORD before;
    os_enter_system(by);
    if (try_to_suspend(os, via, backend_now_ns() >= until, &before)) return before;
    os_leave_system(by);
    do SwitchToThread();
    while (!may_be_suspended(os, os_real_suspend_count(os)) && backend_now_ns() < until);
  }
}

/* A thread that suspends itself cannot tell afterwards: it tells before, and says that it concluded. Whoever comes in
 * between waits until it is so (suspend_other, resume_other, state.c). It runs, so its count was 0: if the system says
 * more, somebody only tried whether it may be suspended. It stands in a wait, so that it can be terminated there. */
static void suspend_self(lab_thread *t, uint32_t *result) {
  atomic_fetch_add(&t->os->suspend_count, 1);
  life_publish_count(t, t, APC_KIND_SUSPENDED, 1, 0, APC_RECORD_INFERRED);
  os_wait_begins(t->os, APC_STATE_SUSPENDED);
  SetLastError(t->last_error);
  bool done = SuspendThread(GetCurrentThread()) != WIN32_FAILED;
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  *result = done ? 0 : WIN32_FAILED;
  if (!done) {
    atomic_fetch_sub(&t->os->suspend_count, 1);
    life_publish_count(t, t, APC_KIND_RESUMED, 0, 1, APC_RECORD_INFERRED);
  }
  os_end_if_asked(t);
}

/* The thread of a handle through which it may be suspended, resumed or terminated. NULL, and the error, where the
 * handle is of no thread of the lab's or lacks the right. Only through what passes here is any such call made. */
static lab_thread *usable_thread(lab_thread *by, handle_ref handle, HANDLE real, ACCESS_MASK right) {
  lab_thread *target = backend_thread_of(by, handle);
  if (target == NULL || os_is_bad_handle(real)) by->last_error = WIN32_ERROR_INVALID_HANDLE;
  else if (!os_has_right(handle, real, right)) by->last_error = WIN32_ERROR_ACCESS_DENIED;
  else return target;
  return NULL;
}

bool backend_suspend(lab_thread *by, handle_ref handle, uint32_t *result) {
  HANDLE real = os_handle_of(by, handle);
  lab_thread *target = usable_thread(by, handle, real, THREAD_SUSPEND_RESUME);
  if (target == NULL) {
    *result = WIN32_FAILED;
    return true;
  }
  if (by == target) {
    suspend_self(by, result);
    return true;
  }
  os_thread *os = target->os;
  SetLastError(by->last_error);
  *result = suspend_other(by, os, real);
  if (*result != WIN32_FAILED) {
    atomic_fetch_add(&os->suspend_count, 1);
    life_publish_count(by, target, APC_KIND_SUSPENDED, *result + 1, *result, 0);
  } else {
    by->last_error = GetLastError();
  }
  os_leave_system(by);
  return true;
}

/* Takes one of the suspensions that the program made. Returns how many there were. */
static uint32_t take_suspension(os_thread *os) {
  uint32_t count = atomic_load(&os->suspend_count);
  while (count > 0 && !atomic_compare_exchange_weak(&os->suspend_count, &count, count - 1)) continue;
  return count;
}

/* Resumes it by the handle `via`. Returns as ResumeThread does, but counts what the program did and not what somebody
 * only tries (try_to_suspend): where the system counts more, it waits until that is undone or counted. Where it counts
 * less, the thread is about to suspend itself, as it has told: it waits for that too. */
static DWORD resume_other(os_thread *os, HANDLE via, uint64_t limit_ns) {
  uint64_t until = backend_now_ns() + limit_ns;
  uint32_t before;
  while ((before = take_suspension(os)) == 0) {
    if (os_real_suspend_count(os) == 0 || backend_now_ns() >= until) return 0;
    SwitchToThread();
  }
  if (before == 1) atomic_store(&os->never_ran, 0);
  DWORD real;
  while ((real = ResumeThread(via)) == 0 && backend_now_ns() < until) SwitchToThread();
  if (real != 0 && real != WIN32_FAILED) return before;
  atomic_fetch_add(&os->suspend_count, 1);
  return real;
}

uint32_t backend_resume(lab_thread *by, handle_ref handle) {
  HANDLE real = os_handle_of(by, handle);
  lab_thread *target = usable_thread(by, handle, real, THREAD_SUSPEND_RESUME);
  if (target == NULL) return WIN32_FAILED;
  os_thread *os = target->os;
  /* Wine keeps the count that end_other left on it, which is not the program's (fact 108). */
  if (os_is_dead(os)) return 0;
  os_enter_system(by); /* until it is told: see suspend_other */
  SetLastError(by->last_error);
  uint32_t before = resume_other(os, real, limit_for(by));
  by->last_error = GetLastError();
  if (before != WIN32_FAILED && before != 0) {
    os_wait_is_stirred(os);
    life_publish_count(by, target, APC_KIND_RESUMED, before - 1, before, 0);
  }
  os_leave_system(by);
  return before;
}

/* As often as it takes. */
static void resume_fully(os_thread *os) {
  DWORD before;
  atomic_store(&os->never_ran, 0);
  do before = ResumeThread(os->handle);
  while (before != WIN32_FAILED && before > 1);
  atomic_store(&os->suspend_count, 0);
}

/* Ends a thread that is neither the caller nor gone. The first reason stands. */
static bool end_other(os_thread *os, apc_end_reason reason, uint32_t code) {
  lab_thread *t = os->self;
  uint32_t nobody = 0;
  if (atomic_load(&os->end_reason) == 0) os->end_code = code;
  atomic_compare_exchange_strong(&os->end_reason, &nobody, reason);
  if (SuspendThread(os->handle) == WIN32_FAILED) return true; /* gone meanwhile */
  see_it_stand(os->handle);
  bool in_wait = atomic_load(&os->wait_kind) != 0 && !atomic_load(&os->in_listed_wait) && !thread_end_is_published(t);
  if (in_wait || atomic_load(&os->never_ran)) {
    bool done = TerminateThread(os->handle, os->end_code);
    if (!done) ResumeThread(os->handle);
    atomic_store(&t->end_due, true);
    os_stir_end_of(t);
    return done;
  }
  atomic_fetch_or(&t->control, CONTROL_END);
  resume_fully(os);
  return true;
}

/* A lab thread sees what became of it, so that what it does next comes after the end in the trace. */
static void see_it_end(lab_thread *by, lab_thread *target) {
  os_thread *os = target->os;
  if (WaitForSingleObject(os->handle, DEATH_LIMIT_MS) != WAIT_OBJECT_0) return;
  thread_end_tell(by, target, (apc_end_reason)atomic_load(&os->end_reason), os->end_code);
}

uint32_t backend_terminate(lab_thread *by, handle_ref handle, uint32_t code, bool *goes_on) {
  (void)goes_on; /* an ending thread does not return */
  lab_thread *target = usable_thread(by, handle, os_handle_of(by, handle), THREAD_TERMINATE);
  if (target == NULL) return 0;
  if (by == target) {
    thread_end_publish(by, APC_END_TERMINATED, code);
    TerminateThread(GetCurrentThread(), code);
  }
  /* On its way out by itself, or gone: TerminateThread succeeds then and changes nothing that we tell. */
  if (thread_end_is_published(target) || os_is_dead(target->os)) return 1;
  os_enter_system(by); /* so that it does not leave the other standing */
  SetLastError(by->last_error);
  bool done = end_other(target->os, APC_END_TERMINATED, code);
  by->last_error = GetLastError();
  os_leave_system(by);
  if (done && by->os != NULL) see_it_end(by, target);
  return done;
}

bool backend_thread_gone(lab_thread *t, backend_end *end) {
  os_thread *os = t->os;
  if (!os_is_dead(os)) return false;
  *end = (backend_end){.reason = (apc_end_reason)atomic_load(&os->end_reason), .code = os->end_code};
  return true;
}

/* Resumed, woken from an alertable wait, or given a step that is none: then it sees that it is to stop. */
void backend_stop(lab_thread *t) {
  os_thread *os = t->os;
  atomic_fetch_or(&t->control, CONTROL_END);
  if (os->step_event != NULL) SetEvent(os->step_event);
  os_queue_stop_apc(os);
  resume_fully(os);
}

/* What is still in a wait by then cannot be woken: a plain Sleep. What is not may have been suspended by another since.
 */
void backend_press_stop(session *s) {
  if ((backend_now_ns() - s->stopping_since_ns) / 1000000u < STOP_PATIENCE_MS) return;
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    lab_thread *t = s->threads[i];
    if (t == NULL || t->swept || !lab_thread_is_created(t) || atomic_load(&t->end_due)) continue;
    if (atomic_load(&t->os->wait_kind) != 0) end_other(t->os, APC_END_STOPPED, EXIT_CODE_STOPPED);
    else resume_fully(t->os);
  }
}
