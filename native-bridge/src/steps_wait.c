/* steps_wait.c: the calls in which a thread may block, or that look for APCs. */
#include "steps.h"

static bool sleep_step(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t milliseconds = step_dword(t, a, i->a[0]);
  bool alertable = step_has(i, APC_STEP_ALERTABLE);
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, milliseconds, alertable ? CALL_ALERTABLE : 0);
  uint32_t result = 0;
  bool goes_on;
  switch (i->op) {
    case APC_CALL_SLEEP: goes_on = backend_sleep(t, milliseconds); break;
    case APC_CALL_SLEEP_EX: goes_on = backend_sleep_ex(t, milliseconds, alertable, &result); break;
    default: goes_on = backend_nt_delay(t, milliseconds, alertable, &result); break;
  }
  return goes_on && step_finish(&call, result);
}

static uint64_t bits_of(const apc_instruction *i) {
  return (step_has(i, APC_STEP_ALERTABLE) ? CALL_ALERTABLE : 0) | (step_has(i, APC_STEP_WAIT_ALL) ? CALL_WAIT_ALL : 0) |
         (step_has(i, APC_STEP_INPUT_AVAILABLE) ? CALL_INPUT_AVAILABLE : 0);
}

static bool wait_for_single(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref handle = handle_of(t, a, i->a[0]);
  wait_call wait = {.call = (apc_call)i->op,
      .handles = &handle,
      .count = 1,
      .milliseconds = step_dword(t, a, i->a[1]),
      .alertable = step_has(i, APC_STEP_ALERTABLE)};
  open_call call = step_begin(t, a, i, subject_of_handle(handle), wait.milliseconds, bits_of(i));
  uint32_t result;
  return backend_wait_for(t, &wait, &result) && step_finish(&call, result);
}

/* One more than Windows takes (MAXIMUM_WAIT_OBJECTS): more are refused in any case, and need not be looked at. */
#define MOST_HANDLES 65u

static bool wait_for_several(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref handles[MOST_HANDLES];
  uint64_t subjects[MOST_HANDLES];
  const uint32_t *list = &a->operands[operand_value(i->a[0])];
  uint32_t count = list[0] < MOST_HANDLES ? list[0] : MOST_HANDLES;
  for (uint32_t k = 0; k < count; k++) {
    handles[k] = handle_of(t, a, list[1 + k]);
    subjects[k] = subject_of_handle(handles[k]);
  }
  wait_call wait = {.call = (apc_call)i->op,
      .handles = handles,
      .count = count,
      .milliseconds = step_dword(t, a, i->a[1]),
      .alertable = step_has(i, APC_STEP_ALERTABLE),
      .wait_all = step_has(i, APC_STEP_WAIT_ALL),
      .input_available = step_has(i, APC_STEP_INPUT_AVAILABLE)};
  uint32_t subject = count > 0 ? (uint32_t)subjects[0] : APC_SUBJECT_NONE;
  open_call call = step_begin_with(t, a, i, subject, wait.milliseconds, bits_of(i), subjects, count);
  uint32_t result;
  return backend_wait_for(t, &wait, &result) && step_finish(&call, result);
}

static bool signal_and_wait(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref handle = handle_of(t, a, i->a[1]);
  wait_call wait = {.call = (apc_call)i->op,
      .handles = &handle,
      .count = 1,
      .signal = handle_of(t, a, i->a[0]),
      .milliseconds = step_dword(t, a, i->a[2]),
      .alertable = step_has(i, APC_STEP_ALERTABLE)};
  uint64_t signalled = subject_of_handle(wait.signal);
  open_call call = step_begin_with(t, a, i, subject_of_handle(handle), wait.milliseconds, bits_of(i), &signalled, 1);
  uint32_t result;
  return backend_wait_for(t, &wait, &result) && step_finish(&call, result);
}

static bool get_packet(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref port = handle_of(t, a, i->a[0]);
  uint32_t milliseconds = step_dword(t, a, i->a[1]);
  bool extended = i->op == APC_CALL_GET_QUEUED_COMPLETION_STATUS_EX;
  open_call call = step_begin(t, a, i, subject_of_handle(port), milliseconds, bits_of(i));
  uint32_t result;
  return backend_get_packet(t, port, milliseconds, extended, step_has(i, APC_STEP_ALERTABLE), &result) &&
         step_finish(&call, result);
}

static bool overlapped_result(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *io = object_of(t, i->a[0]);
  uint32_t milliseconds = step_dword(t, a, i->a[1]);
  open_call call = step_begin(t, a, i, io->index, milliseconds, bits_of(i));
  uint32_t result;
  return backend_overlapped_result(t, io, milliseconds, step_has(i, APC_STEP_ALERTABLE), &result) &&
         step_finish(&call, result);
}

static bool wait_on_address(lab_thread *t, activation *a, const apc_instruction *i) {
  _Atomic int64_t *variable = &t->session->variables[operand_value(i->a[0])];
  int64_t compare = (int64_t)value_of(t, a, i->a[1]);
  uint32_t milliseconds = step_dword(t, a, i->a[2]);
  const uint64_t what[2] = {operand_value(i->a[0]), (uint64_t)compare};
  open_call call = step_begin_with(t, a, i, APC_SUBJECT_NONE, milliseconds, 0, what, 2);
  uint32_t result;
  return backend_wait_on_address(t, variable, compare, milliseconds, &result) && step_finish(&call, result);
}

static bool critical_section(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *section = object_of(t, i->a[0]);
  open_call call = step_begin(t, a, i, section->index, APC_INFINITE, 0);
  bool goes_on = i->op == APC_CALL_ENTER_CRITICAL_SECTION ? backend_enter_critical_section(t, section)
                                                          : backend_leave_critical_section(t, section);
  return goes_on && step_finish(&call, 0);
}

static bool without_operands(lab_thread *t, activation *a, const apc_instruction *i) {
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, 0, 0);
  uint32_t result;
  bool goes_on = i->op == APC_CALL_NT_TEST_ALERT ? backend_nt_test_alert(t, &result)
                                                 : backend_switch_to_thread(t, &result);
  return goes_on && step_finish(&call, result);
}

bool step_wait(lab_thread *t, activation *a, const apc_instruction *i) {
  catch_up(t);
  switch (i->op) {
    case APC_CALL_SLEEP:
    case APC_CALL_SLEEP_EX:
    case APC_CALL_NT_DELAY_EXECUTION: return sleep_step(t, a, i);
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT:
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT_EX: return wait_for_single(t, a, i);
    case APC_CALL_SIGNAL_OBJECT_AND_WAIT: return signal_and_wait(t, a, i);
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS:
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS_EX: return get_packet(t, a, i);
    case APC_CALL_GET_OVERLAPPED_RESULT_EX: return overlapped_result(t, a, i);
    case APC_CALL_WAIT_ON_ADDRESS: return wait_on_address(t, a, i);
    case APC_CALL_ENTER_CRITICAL_SECTION:
    case APC_CALL_LEAVE_CRITICAL_SECTION: return critical_section(t, a, i);
    case APC_CALL_NT_TEST_ALERT:
    case APC_CALL_SWITCH_TO_THREAD: return without_operands(t, a, i);
    default: return wait_for_several(t, a, i);
  }
}
