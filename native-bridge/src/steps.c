/* steps.c: which family a step is of, and the lab's own steps. */
#include "steps.h"

#include "publish.h"

open_call step_begin_with(lab_thread *t, activation *a, const apc_instruction *i, uint32_t subject, uint32_t number,
    uint64_t bits, const uint64_t *values, uint32_t count) {
  open_call call = {.t = t, .a = a, .i = i, .subject = subject};
  call.began_ns = publish_with(
      t, APC_KIND_CALL_BEGAN, i->op, subject, number | bits | site_bits(i->site), values, count);
  t->open_calls++; /* only now: a resync just before the event must not count it */
  return call;
}

open_call step_begin(
    lab_thread *t, activation *a, const apc_instruction *i, uint32_t subject, uint32_t number, uint64_t bits) {
  return step_begin_with(t, a, i, subject, number, bits, NULL, 0);
}

void step_note(activation *a, const lab_thread *t, uint32_t result, uint64_t elapsed_ns) {
  a->locals[APC_LOCAL_RESULT] = result;
  a->locals[APC_LOCAL_LAST_ERROR] = t->last_error;
  a->locals[APC_LOCAL_ELAPSED_NS] = elapsed_ns;
}

bool step_finish_flagged(const open_call *call, uint32_t result, uint32_t flags) {
  lab_thread *t = call->t;
  uint64_t now = publish_flagged(
      t, flags, APC_KIND_CALL_RETURNED, call->i->op, call->subject, result | (uint64_t)t->last_error << 32);
  t->open_calls--;
  step_note(call->a, t, result, now - call->began_ns);
  return true;
}

bool step_finish(const open_call *call, uint32_t result) { return step_finish_flagged(call, result, 0); }

static bool step_log(lab_thread *t, activation *a, const apc_instruction *i) {
  uint64_t values[PROGRAM_MAX_LIST];
  uint32_t count = 0;
  if (i->a[1] != APC_OPERAND_ABSENT) {
    const uint32_t *list = &a->operands[operand_value(i->a[1])];
    count = list[0];
    for (uint32_t k = 0; k < count; k++) values[k] = value_of(t, a, list[1 + k]);
  }
  publish_with(t, APC_KIND_LOG, APC_CALL_LOG, operand_value(i->a[0]), site_bits(i->site), values, count);
  return true;
}

/* Spins: the clock and the safe point are looked at every few dozen nanoseconds. */
static bool step_compute(lab_thread *t, activation *a, const apc_instruction *i) {
  catch_up(t);
  uint64_t microseconds = value_of(t, a, i->a[0]);
  if ((int64_t)microseconds < 0) microseconds = 0;
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, (uint32_t)microseconds, 0);
  uint64_t limit_ns = microseconds < UINT64_MAX / 2000 ? microseconds * 1000 : UINT64_MAX / 2;
  while (session_now_ns(t->session) - call.began_ns < limit_ns) {
    if (!safe_point(t)) return false;
  }
  return step_finish(&call, 0);
}

static bool step_await_state(lab_thread *t, activation *a, const apc_instruction *i) {
  catch_up(t);
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t state = step_dword(t, a, i->a[1]);
  open_call call = step_begin(t, a, i, subject_of(target), state, 0);
  backend_seen seen;
  if (!backend_await_state(t, target, (apc_thread_state)state, &seen)) return false;
  return step_finish_flagged(&call, seen.reached ? 0 : 1, seen.inferred ? APC_RECORD_INFERRED : 0);
}

static bool step_set_last_error(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t value = step_dword(t, a, i->a[0]);
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, value, 0);
  t->last_error = value;
  return step_finish(&call, 0);
}

static bool step_get_last_error(lab_thread *t, activation *a, const apc_instruction *i) {
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, 0, 0);
  return step_finish(&call, t->last_error);
}

static bool step_variable(lab_thread *t, activation *a, const apc_instruction *i) {
  _Atomic int64_t *variable = &t->session->variables[operand_value(i->a[0])];
  uint64_t value = value_of(t, a, i->a[1]);
  if (i->op == APC_CALL_SET) atomic_store(variable, (int64_t)value);
  else atomic_fetch_add(variable, (int64_t)value);
  backend_wake_address(t, variable);
  return true;
}

bool run_step(lab_thread *t, activation *a, const apc_instruction *i) {
  switch ((apc_call)i->op) {
    case APC_CALL_SLEEP:
    case APC_CALL_SLEEP_EX:
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT:
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT_EX:
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS:
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS_EX:
    case APC_CALL_SIGNAL_OBJECT_AND_WAIT:
    case APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX:
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS:
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS_EX:
    case APC_CALL_GET_OVERLAPPED_RESULT_EX:
    case APC_CALL_NT_DELAY_EXECUTION:
    case APC_CALL_NT_TEST_ALERT:
    case APC_CALL_WAIT_ON_ADDRESS:
    case APC_CALL_ENTER_CRITICAL_SECTION:
    case APC_CALL_LEAVE_CRITICAL_SECTION:
    case APC_CALL_SWITCH_TO_THREAD: return step_wait(t, a, i);
    case APC_CALL_QUEUE_USER_APC:
    case APC_CALL_QUEUE_USER_APC2:
    case APC_CALL_NT_QUEUE_APC_THREAD:
    case APC_CALL_NT_QUEUE_APC_THREAD_EX: return step_queue(t, a, i);
    case APC_CALL_SET_WAITABLE_TIMER:
    case APC_CALL_CANCEL_WAITABLE_TIMER:
    case APC_CALL_SET_EVENT:
    case APC_CALL_RESET_EVENT:
    case APC_CALL_PULSE_EVENT:
    case APC_CALL_RELEASE_SEMAPHORE:
    case APC_CALL_RELEASE_MUTEX:
    case APC_CALL_POST_MESSAGE:
    case APC_CALL_PEEK_MESSAGE:
    case APC_CALL_OPEN_HANDLE:
    case APC_CALL_DUPLICATE_HANDLE:
    case APC_CALL_CLOSE_HANDLE: return step_object(t, a, i);
    case APC_CALL_READ_FILE_EX:
    case APC_CALL_WRITE_FILE_EX:
    case APC_CALL_CANCEL_IO_EX:
    case APC_CALL_READ_DIRECTORY_CHANGES:
    case APC_CALL_CREATE_COMPLETION_PORT:
    case APC_CALL_POST_QUEUED_COMPLETION_STATUS:
    case APC_CALL_BIND_TO_PORT:
    case APC_CALL_WRITE_PIPE:
    case APC_CALL_CLOSE_PIPE_END: return step_io(t, a, i);
    case APC_CALL_CREATE_THREAD:
    case APC_CALL_SUSPEND_THREAD:
    case APC_CALL_RESUME_THREAD:
    case APC_CALL_TERMINATE_THREAD:
    case APC_CALL_EXIT_THREAD: return step_life(t, a, i);
    case APC_CALL_LOG: return step_log(t, a, i);
    case APC_CALL_COMPUTE: return step_compute(t, a, i);
    case APC_CALL_AWAIT_STATE: return step_await_state(t, a, i);
    case APC_CALL_SET_LAST_ERROR: return step_set_last_error(t, a, i);
    case APC_CALL_GET_LAST_ERROR: return step_get_last_error(t, a, i);
    case APC_CALL_SET:
    case APC_CALL_ADD: return step_variable(t, a, i);
    case APC_CALL_NONE: break;
  }
  return true; /* the loader lets nothing else through */
}
