/*
 * steps.c: each call of the lab as a step. callBegan, the call, callReturned, and the activation's result, lastError
 * and elapsedNs. queueUserApc tells itself by its own events, log by one; set and add are silent.
 */
#include "backend.h"
#include "interpreter.h"
#include "life.h"
#include "publish.h"

/* A call between its two events. */
typedef struct open_call {
  lab_thread *t;
  activation *a;
  const apc_instruction *i;
  uint32_t subject;
  uint64_t began_ns;
} open_call;

#define ALERTABLE_BIT ((uint64_t)1 << 32)

static open_call begin(
    lab_thread *t, activation *a, const apc_instruction *i, uint32_t subject, uint32_t number, uint64_t bits) {
  open_call call = {.t = t, .a = a, .i = i, .subject = subject};
  call.began_ns = publish(t, APC_KIND_CALL_BEGAN, i->op, subject, number | bits | site_bits(i->site));
  t->open_calls++; /* only now: a resync just before the event must not count it */
  return call;
}

static void note(activation *a, const lab_thread *t, uint32_t result, uint64_t elapsed_ns) {
  a->locals[APC_LOCAL_RESULT] = result;
  a->locals[APC_LOCAL_LAST_ERROR] = t->last_error;
  a->locals[APC_LOCAL_ELAPSED_NS] = elapsed_ns;
}

static bool finish_flagged(const open_call *call, uint32_t result, uint32_t flags) {
  lab_thread *t = call->t;
  uint64_t now = publish_flagged(
      t, flags, APC_KIND_CALL_RETURNED, call->i->op, call->subject, result | (uint64_t)t->last_error << 32);
  t->open_calls--;
  note(call->a, t, result, now - call->began_ns);
  return true;
}

static bool finish(const open_call *call, uint32_t result) { return finish_flagged(call, result, 0); }

/* A DWORD parameter. */
static uint32_t dword(const lab_thread *t, const activation *a, uint32_t operand) {
  return (uint32_t)value_of(t, a, operand);
}

static bool step_sleep(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t milliseconds = dword(t, a, i->a[0]);
  open_call call = begin(t, a, i, APC_SUBJECT_NONE, milliseconds, 0);
  return backend_sleep(t, milliseconds) && finish(&call, 0);
}

static bool step_sleep_ex(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t milliseconds = dword(t, a, i->a[0]);
  bool alertable = (i->flags & APC_STEP_ALERTABLE) != 0;
  open_call call = begin(t, a, i, APC_SUBJECT_NONE, milliseconds, alertable ? ALERTABLE_BIT : 0);
  uint32_t result;
  return backend_sleep_ex(t, milliseconds, alertable, &result) && finish(&call, result);
}

static bool step_queue_user_apc(lab_thread *t, activation *a, const apc_instruction *i) {
  queue_outcome outcome = life_queue_user_apc(
      t, thread_of(t, a, i->a[0]), operand_value(i->a[1]), value_of(t, a, i->a[2]), i->site);
  note(a, t, outcome.result, outcome.elapsed_ns);
  return true;
}

static bool step_create_thread(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t routine = i->a[1] != APC_OPERAND_ABSENT ? operand_value(i->a[1]) : target->declared_routine;
  open_call call = begin(t, a, i, subject_of(target), routine, 0);
  return finish(&call, life_create_thread(t, target, routine, (i->flags & APC_STEP_SUSPENDED) != 0));
}

static bool step_suspend(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  open_call call = begin(t, a, i, subject_of(target), 0, 0);
  uint32_t result;
  return life_suspend(t, target, &result) && finish(&call, result);
}

static bool step_resume(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  open_call call = begin(t, a, i, subject_of(target), 0, 0);
  return finish(&call, life_resume(t, target));
}

static bool step_terminate(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t code = dword(t, a, i->a[1]);
  open_call call = begin(t, a, i, subject_of(target), code, 0);
  uint32_t result;
  return life_terminate(t, target, code, &result) && finish(&call, result);
}

static bool step_exit(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t code = dword(t, a, i->a[0]);
  begin(t, a, i, APC_SUBJECT_NONE, code, 0);
  backend_exit(t, APC_END_EXIT_THREAD, code);
  return false;
}

static bool step_log(lab_thread *t, activation *a, const apc_instruction *i) {
  uint64_t values[PROGRAM_MAX_LIST];
  uint32_t count = 0;
  if (i->a[1] != APC_OPERAND_ABSENT) {
    const uint32_t *list = &t->session->program.operands[operand_value(i->a[1])];
    count = list[0];
    for (uint32_t k = 0; k < count; k++) values[k] = value_of(t, a, list[1 + k]);
  }
  publish_with(t, APC_KIND_LOG, APC_CALL_LOG, operand_value(i->a[0]), site_bits(i->site), values, count);
  return true;
}

/* Spins: the clock and the safe point are looked at every few dozen nanoseconds. */
static bool step_compute(lab_thread *t, activation *a, const apc_instruction *i) {
  uint64_t microseconds = value_of(t, a, i->a[0]);
  open_call call = begin(t, a, i, APC_SUBJECT_NONE, (uint32_t)microseconds, 0);
  uint64_t limit_ns = microseconds < UINT64_MAX / 2000 ? microseconds * 1000 : UINT64_MAX / 2;
  while (session_now_ns(t->session) - call.began_ns < limit_ns) {
    if (!safe_point(t)) return false;
  }
  return finish(&call, 0);
}

static bool step_await_state(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t state = dword(t, a, i->a[1]);
  open_call call = begin(t, a, i, subject_of(target), state, 0);
  backend_seen seen;
  if (!backend_await_state(t, target, (apc_thread_state)state, &seen)) return false;
  return finish_flagged(&call, seen.reached ? 0 : 1, seen.inferred ? APC_RECORD_INFERRED : 0);
}

static bool step_set_last_error(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t value = dword(t, a, i->a[0]);
  open_call call = begin(t, a, i, APC_SUBJECT_NONE, value, 0);
  t->last_error = value;
  return finish(&call, 0);
}

static bool step_get_last_error(lab_thread *t, activation *a, const apc_instruction *i) {
  open_call call = begin(t, a, i, APC_SUBJECT_NONE, 0, 0);
  return finish(&call, t->last_error);
}

static bool step_variable(lab_thread *t, activation *a, const apc_instruction *i) {
  _Atomic int64_t *variable = &t->session->variables[operand_value(i->a[0])];
  uint64_t value = value_of(t, a, i->a[1]);
  if (i->op == APC_CALL_SET) atomic_store(variable, (int64_t)value);
  else atomic_fetch_add(variable, (int64_t)value);
  return true;
}

bool run_step(lab_thread *t, activation *a, const apc_instruction *i) {
  switch (i->op) {
    case APC_CALL_SLEEP: return step_sleep(t, a, i);
    case APC_CALL_SLEEP_EX: return step_sleep_ex(t, a, i);
    case APC_CALL_QUEUE_USER_APC: return step_queue_user_apc(t, a, i);
    case APC_CALL_CREATE_THREAD: return step_create_thread(t, a, i);
    case APC_CALL_SUSPEND_THREAD: return step_suspend(t, a, i);
    case APC_CALL_RESUME_THREAD: return step_resume(t, a, i);
    case APC_CALL_TERMINATE_THREAD: return step_terminate(t, a, i);
    case APC_CALL_EXIT_THREAD: return step_exit(t, a, i);
    case APC_CALL_LOG: return step_log(t, a, i);
    case APC_CALL_COMPUTE: return step_compute(t, a, i);
    case APC_CALL_AWAIT_STATE: return step_await_state(t, a, i);
    case APC_CALL_SET_LAST_ERROR: return step_set_last_error(t, a, i);
    case APC_CALL_GET_LAST_ERROR: return step_get_last_error(t, a, i);
    case APC_CALL_SET:
    case APC_CALL_ADD: return step_variable(t, a, i);
    default: return true; /* the loader lets nothing else through */
  }
}
