/* steps_life.c: threads come, stand still, go on and end. */
#include "steps.h"

static bool create_thread(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t routine = i->a[1] != APC_OPERAND_ABSENT ? operand_value(i->a[1]) : target->declared_routine;
  open_call call = step_begin(t, a, i, subject_of(target), routine, 0);
  return step_finish(&call, life_create_thread(t, target, routine, step_has(i, APC_STEP_SUSPENDED)));
}

static bool suspend(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref target = handle_of(t, a, i->a[0]);
  open_call call = step_begin(t, a, i, subject_of_handle(target), 0, 0);
  uint32_t result;
  return life_suspend(t, target, &result) && step_finish(&call, result);
}

static bool resume(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref target = handle_of(t, a, i->a[0]);
  open_call call = step_begin(t, a, i, subject_of_handle(target), 0, 0);
  return step_finish(&call, life_resume(t, target));
}

static bool terminate(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref target = handle_of(t, a, i->a[0]);
  uint32_t code = step_dword(t, a, i->a[1]);
  open_call call = step_begin(t, a, i, subject_of_handle(target), code, 0);
  uint32_t result;
  return life_terminate(t, target, code, &result) && step_finish(&call, result);
}

static bool exit_thread(lab_thread *t, activation *a, const apc_instruction *i) {
  uint32_t code = step_dword(t, a, i->a[0]);
  step_begin(t, a, i, APC_SUBJECT_NONE, code, 0);
  backend_exit(t, APC_END_EXIT_THREAD, code);
  return false;
}

bool step_life(lab_thread *t, activation *a, const apc_instruction *i) {
  switch (i->op) {
    case APC_CALL_CREATE_THREAD: return create_thread(t, a, i);
    case APC_CALL_SUSPEND_THREAD: return suspend(t, a, i);
    case APC_CALL_RESUME_THREAD: return resume(t, a, i);
    case APC_CALL_TERMINATE_THREAD: return terminate(t, a, i);
    default: return exit_thread(t, a, i);
  }
}
