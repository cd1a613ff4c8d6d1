#include "interpreter.h"

#include "backend.h"
#include "publish.h"

void activation_init(activation *a, lab_thread *t, const uint64_t arguments[3]) {
  *a = (activation){.constants = t->session->program.constants, .operands = t->session->program.operands};
  a->locals[APC_LOCAL_ARG1] = arguments[0];
  a->locals[APC_LOCAL_ARG2] = arguments[1];
  a->locals[APC_LOCAL_ARG3] = arguments[2];
  a->locals[APC_LOCAL_THREAD_ID] = atomic_load_explicit(&t->os_id, memory_order_relaxed);
}

bool safe_point(lab_thread *t) { return may_go_on(t) || backend_safe_point(t); }

#define PATIENCE_MS 250u

void catch_up(lab_thread *t) {
  for (uint32_t waited = 0; !publish_caught_up(t) && waited < PATIENCE_MS && safe_point(t); waited++) backend_pause();
}

uint64_t value_of(const lab_thread *t, const activation *a, uint32_t operand) {
  uint32_t at = operand_value(operand);
  switch (operand_class(operand)) {
    case APC_OPERAND_LOCAL: return a->locals[at];
    case APC_OPERAND_VARIABLE: return (uint64_t)atomic_load(&t->session->variables[at]);
    default: return a->constants[at];
  }
}

lab_thread *thread_of(lab_thread *t, const activation *a, uint32_t operand) {
  uint32_t index = operand_value(operand);
  if (index == APC_OPERAND_VALUE_MASK) return t;
  return t->session->threads[a->by_hand ? index : program_session_thread(&t->session->program, index)];
}

handle_ref handle_of(lab_thread *t, const activation *a, uint32_t operand) {
  switch (operand_class(operand)) {
    case APC_OPERAND_THREAD: return (handle_ref){.thread = thread_of(t, a, operand)};
    case APC_OPERAND_OBJECT: return (handle_ref){.object = object_of(t, operand)};
    case APC_OPERAND_HANDLE: return (handle_ref){.pseudo = (apc_pseudo_handle)operand_value(operand)};
    default: return (handle_ref){.pseudo = APC_HANDLE_NULL}; /* absent */
  }
}

static bool compare(apc_compare how, int64_t a, int64_t b) {
  switch (how) {
    case APC_COMPARE_EQ: return a == b;
    case APC_COMPARE_NE: return a != b;
    case APC_COMPARE_LT: return a < b;
    case APC_COMPARE_LE: return a <= b;
    case APC_COMPARE_GT: return a > b;
    case APC_COMPARE_GE: return a >= b;
  }
  return false;
}

bool interpret(lab_thread *t, uint32_t routine, const uint64_t arguments[3]) {
  const program *p = &t->session->program;
  const apc_instruction *i = &p->instructions[p->routines[routine].first];
  activation a;
  activation_init(&a, t, arguments);
  for (;;) {
    if (!safe_point(t)) return false;
    switch (i->op) {
      case APC_OP_END: return true;
      case APC_OP_JUMP: i = &p->instructions[operand_value(i->a[0])]; continue;
      case APC_OP_JUMP_UNLESS:
        if (!compare((apc_compare)i->flags, (int64_t)value_of(t, &a, i->a[0]), (int64_t)value_of(t, &a, i->a[1]))) {
          i = &p->instructions[operand_value(i->a[2])];
          continue;
        }
        break;
      case APC_OP_SET_LOCAL: a.locals[operand_value(i->a[0])] = value_of(t, &a, i->a[1]); break;
      case APC_OP_ADD_LOCAL: a.locals[operand_value(i->a[0])] += value_of(t, &a, i->a[1]); break;
      default:
        if (!run_step(t, &a, i)) return false;
    }
    i++;
  }
}
