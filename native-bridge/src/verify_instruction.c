/* One instruction against the form of its call. Used for programs and for steps made by hand. */
#include "error.h"
#include "program.h"

/* What an operand has to be. */
typedef enum operand_form {
  FORM_NONE = 0, /* must be absent */
  FORM_VALUE,    /* a constant, a local or a session variable */
  FORM_THREAD,
  FORM_ROUTINE,
  FORM_OPTIONAL_ROUTINE,
  FORM_TEXT,
  FORM_OPTIONAL_VALUES, /* a list of FORM_VALUE */
  FORM_STATE,           /* a constant apc_thread_state that can be awaited */
  FORM_VARIABLE,
  FORM_FREE_LOCAL, /* one that no call writes */
  FORM_TARGET
} operand_form;

typedef struct instruction_form {
  uint16_t flags; /* that may be set */
  uint8_t operands[3];
} instruction_form;

static const instruction_form *form_of(uint32_t op) {
  switch (op) {
#define FORM(code, ...)                                                                                                \
  case code: {                                                                                                         \
    static const instruction_form form = {__VA_ARGS__};                                                                \
    return &form;                                                                                                      \
  }
    FORM(APC_CALL_SLEEP, 0, {FORM_VALUE})
    FORM(APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, {FORM_VALUE})
    FORM(APC_CALL_QUEUE_USER_APC, 0, {FORM_THREAD, FORM_ROUTINE, FORM_VALUE})
    FORM(APC_CALL_CREATE_THREAD, APC_STEP_SUSPENDED, {FORM_THREAD, FORM_OPTIONAL_ROUTINE})
    FORM(APC_CALL_SUSPEND_THREAD, 0, {FORM_THREAD})
    FORM(APC_CALL_RESUME_THREAD, 0, {FORM_THREAD})
    FORM(APC_CALL_TERMINATE_THREAD, 0, {FORM_THREAD, FORM_VALUE})
    FORM(APC_CALL_EXIT_THREAD, 0, {FORM_VALUE})
    FORM(APC_CALL_LOG, 0, {FORM_TEXT, FORM_OPTIONAL_VALUES})
    FORM(APC_CALL_COMPUTE, 0, {FORM_VALUE})
    FORM(APC_CALL_AWAIT_STATE, 0, {FORM_THREAD, FORM_STATE})
    FORM(APC_CALL_SET, 0, {FORM_VARIABLE, FORM_VALUE})
    FORM(APC_CALL_ADD, 0, {FORM_VARIABLE, FORM_VALUE})
    FORM(APC_CALL_SET_LAST_ERROR, 0, {FORM_VALUE})
    FORM(APC_CALL_GET_LAST_ERROR, 0, {FORM_NONE})
    FORM(APC_OP_END, 0, {FORM_NONE})
    FORM(APC_OP_JUMP, 0, {FORM_TARGET})
    FORM(APC_OP_JUMP_UNLESS, 0x7, {FORM_VALUE, FORM_VALUE, FORM_TARGET})
    FORM(APC_OP_SET_LOCAL, 0, {FORM_FREE_LOCAL, FORM_VALUE})
    FORM(APC_OP_ADD_LOCAL, 0, {FORM_FREE_LOCAL, FORM_VALUE})
#undef FORM
    default: return NULL;
  }
}

const char *call_name(uint32_t op) {
  switch (op) {
#define X(number, name, json, here)                                                                                    \
  case number: return #json;
    APC_CALLS(X)
#undef X
    case APC_OP_END: return "end";
    case APC_OP_JUMP: return "jump";
    case APC_OP_JUMP_UNLESS: return "jumpUnless";
    case APC_OP_SET_LOCAL: return "setLocal";
    case APC_OP_ADD_LOCAL: return "addLocal";
    default: return NULL;
  }
}

static const char *value_fault(uint32_t operand, const operand_limits *limits) {
  uint32_t value = operand_value(operand);
  switch (operand_class(operand)) {
    case APC_OPERAND_CONSTANT: return value < limits->constants ? NULL : "names a constant that is not there";
    case APC_OPERAND_LOCAL: return value < APC_LOCAL_COUNT ? NULL : "names a local that is not there";
    case APC_OPERAND_VARIABLE: return value < limits->variables ? NULL : "names a variable that is not there";
    default: return "must be a number, a local or a variable";
  }
}

static const char *list_fault(uint32_t operand, const operand_limits *limits) {
  if (operand == APC_OPERAND_ABSENT) return NULL;
  if (operand_class(operand) != APC_OPERAND_LIST || limits->operands == NULL) return "must be a list";
  uint32_t at = operand_value(operand);
  if (at >= limits->operand_count) return "names a list that is not there";
  uint32_t count = limits->operands[at];
  if (count > PROGRAM_MAX_LIST) return "is a list of more than 64";
  if (count > limits->operand_count - at - 1) return "is a list that leaves its table";
  for (uint32_t i = 0; i < count; i++) {
    const char *fault = value_fault(limits->operands[at + 1 + i], limits);
    if (fault != NULL) return fault;
  }
  return NULL;
}

static const char *state_fault(uint32_t operand, const operand_limits *limits) {
  if (operand_class(operand) != APC_OPERAND_CONSTANT || operand_value(operand) >= limits->constants)
    return "must be a constant thread state";
  switch (limits->constant_values[operand_value(operand)]) {
    case APC_STATE_BLOCKED:
    case APC_STATE_ALERTABLE:
    case APC_STATE_SUSPENDED:
    case APC_STATE_ENDED: return NULL;
    default: return "must be the state blocked, alertable, suspended or ended";
  }
}

static const char *index_fault(
    uint32_t operand, apc_operand_class class_, uint32_t from, uint32_t end, const char *fault) {
  uint32_t value = operand_value(operand);
  return operand_class(operand) == (uint32_t)class_ && value >= from && value < end ? NULL : fault;
}

static const char *operand_fault(uint32_t operand, operand_form form, const operand_limits *limits) {
  switch (form) {
    case FORM_NONE: return operand == APC_OPERAND_ABSENT ? NULL : "must be absent";
    case FORM_VALUE: return value_fault(operand, limits);
    case FORM_THREAD:
      if (operand == APC_OPERAND(APC_OPERAND_THREAD, APC_OPERAND_VALUE_MASK)) return NULL; /* the own thread */
      return index_fault(operand, APC_OPERAND_THREAD, 0, limits->threads, "must be a thread that is there");
    case FORM_OPTIONAL_ROUTINE:
      if (operand == APC_OPERAND_ABSENT) return NULL;
      return index_fault(operand, APC_OPERAND_ROUTINE, 0, limits->routines, "must be a routine that is there");
    case FORM_ROUTINE:
      return index_fault(operand, APC_OPERAND_ROUTINE, 0, limits->routines, "must be a routine that is there");
    case FORM_TEXT: return index_fault(operand, APC_OPERAND_TEXT, 0, limits->texts, "must be a text that is there");
    case FORM_OPTIONAL_VALUES: return list_fault(operand, limits);
    case FORM_STATE: return state_fault(operand, limits);
    case FORM_VARIABLE:
      return index_fault(operand, APC_OPERAND_VARIABLE, 0, limits->variables, "must be a variable that is there");
    case FORM_FREE_LOCAL:
      return index_fault(
          operand, APC_OPERAND_LOCAL, APC_LOCAL_FIRST_FREE, APC_LOCAL_COUNT, "must be a local that no call writes");
    case FORM_TARGET:
      return index_fault(
          operand, APC_OPERAND_TARGET, limits->first_target, limits->end_target, "must be a target inside the routine");
  }
  return "has an unknown form";
}

int32_t verify_instruction(const apc_instruction *i, const operand_limits *limits, const char *where) {
  const char *name = call_name(i->op);
  if (name == NULL) return error_set(APC_E_BAD_PROGRAM, "%s: there is no operation %u", where, i->op);
  const instruction_form *form = form_of(i->op);
  if (form == NULL)
    return error_set(APC_E_UNSUPPORTED, "%s: this build of the library does not execute %s", where, name);
  if (i->op >= APC_OP_END && limits->first_target == limits->end_target)
    return error_set(APC_E_BAD_PROGRAM, "%s: %s is no step", where, name);
  if ((i->flags & ~form->flags) != 0 || (i->op == APC_OP_JUMP_UNLESS && i->flags > APC_COMPARE_GE)) {
    return error_set(APC_E_BAD_PROGRAM, "%s: %s has no flags 0x%x", where, name, i->flags);
  }
  if (i->site > APC_SITE_NONE) return error_set(APC_E_BAD_PROGRAM, "%s: site %u is too large", where, i->site);
  for (uint32_t k = 0; k < 6; k++) {
    const char *fault = operand_fault(i->a[k], k < 3 ? (operand_form)form->operands[k] : FORM_NONE, limits);
    if (fault != NULL) return error_set(APC_E_BAD_PROGRAM, "%s: operand %u of %s %s", where, k + 1, name, fault);
  }
  return APC_OK;
}
