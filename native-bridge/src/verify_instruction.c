/* One instruction against the form of its call. Used for programs and for steps made by hand. */
#include "error.h"
#include "program.h"

/* What an operand has to be. */
typedef enum operand_form {
  FORM_NONE = 0, /* must be absent */
  FORM_VALUE,    /* a constant, a local or a session variable */
  FORM_OPTIONAL_VALUE,
  FORM_THREAD,
  FORM_HANDLE, /* a thread, an object or a pseudo handle */
  FORM_OPTIONAL_HANDLE,
  FORM_HANDLES, /* a list of them */
  FORM_ROUTINE,
  FORM_OPTIONAL_ROUTINE,
  FORM_TEXT,
  FORM_VALUE_OR_TEXT,
  FORM_OPTIONAL_VALUES, /* a list of FORM_VALUE */
  FORM_STATE,           /* a constant apc_thread_state that can be awaited */
  FORM_VARIABLE,
  FORM_IO, /* objects of one type */
  FORM_PLACE,
  FORM_PORT,
  FORM_PIPE_END,
  FORM_CRITICAL_SECTION,
  FORM_FREE_LOCAL, /* one that no call writes */
  FORM_TARGET
} operand_form;

#define MAX_OPERANDS 6

typedef struct instruction_form {
  uint16_t flags; /* that may be set */
  uint8_t operands[MAX_OPERANDS];
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
    FORM(APC_CALL_NT_DELAY_EXECUTION, APC_STEP_ALERTABLE, {FORM_VALUE})
    FORM(APC_CALL_WAIT_FOR_SINGLE_OBJECT, 0, {FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_WAIT_FOR_SINGLE_OBJECT_EX, APC_STEP_ALERTABLE, {FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS, APC_STEP_WAIT_ALL, {FORM_HANDLES, FORM_VALUE})
    FORM(APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS_EX, APC_STEP_WAIT_ALL | APC_STEP_ALERTABLE, {FORM_HANDLES, FORM_VALUE})
    FORM(APC_CALL_SIGNAL_OBJECT_AND_WAIT, APC_STEP_ALERTABLE, {FORM_HANDLE, FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX, APC_STEP_WAIT_ALL | APC_STEP_ALERTABLE | APC_STEP_INPUT_AVAILABLE,
        {FORM_HANDLES, FORM_VALUE})
    FORM(APC_CALL_GET_QUEUED_COMPLETION_STATUS, 0, {FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_GET_QUEUED_COMPLETION_STATUS_EX, APC_STEP_ALERTABLE, {FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_GET_OVERLAPPED_RESULT_EX, APC_STEP_ALERTABLE, {FORM_IO, FORM_VALUE})
    FORM(APC_CALL_NT_TEST_ALERT, 0, {FORM_NONE})
    FORM(APC_CALL_WAIT_ON_ADDRESS, 0, {FORM_VARIABLE, FORM_VALUE, FORM_VALUE})
    FORM(APC_CALL_ENTER_CRITICAL_SECTION, 0, {FORM_CRITICAL_SECTION})
    FORM(APC_CALL_LEAVE_CRITICAL_SECTION, 0, {FORM_CRITICAL_SECTION})
    FORM(APC_CALL_SWITCH_TO_THREAD, 0, {FORM_NONE})
    FORM(APC_CALL_QUEUE_USER_APC, 0, {FORM_HANDLE, FORM_ROUTINE, FORM_VALUE})
    FORM(APC_CALL_QUEUE_USER_APC2, APC_STEP_SPECIAL | APC_STEP_CONTEXT, {FORM_HANDLE, FORM_ROUTINE, FORM_VALUE})
    FORM(APC_CALL_NT_QUEUE_APC_THREAD, 0,
        {FORM_HANDLE, FORM_OPTIONAL_ROUTINE, FORM_OPTIONAL_VALUE, FORM_OPTIONAL_VALUE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_NT_QUEUE_APC_THREAD_EX, APC_STEP_SPECIAL,
        {FORM_HANDLE, FORM_OPTIONAL_HANDLE, FORM_OPTIONAL_ROUTINE, FORM_OPTIONAL_VALUE, FORM_OPTIONAL_VALUE,
            FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_SET_WAITABLE_TIMER, APC_STEP_ABSOLUTE,
        {FORM_HANDLE, FORM_VALUE, FORM_VALUE, FORM_OPTIONAL_ROUTINE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_CANCEL_WAITABLE_TIMER, 0, {FORM_HANDLE})
    FORM(APC_CALL_READ_FILE_EX, 0, {FORM_HANDLE, FORM_IO, FORM_ROUTINE, FORM_VALUE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_WRITE_FILE_EX, 0, {FORM_HANDLE, FORM_IO, FORM_ROUTINE, FORM_VALUE_OR_TEXT, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_CANCEL_IO_EX, 0, {FORM_IO})
    FORM(APC_CALL_READ_DIRECTORY_CHANGES, 0, {FORM_IO, FORM_ROUTINE})
    FORM(APC_CALL_SET_EVENT, 0, {FORM_HANDLE})
    FORM(APC_CALL_RESET_EVENT, 0, {FORM_HANDLE})
    FORM(APC_CALL_PULSE_EVENT, 0, {FORM_HANDLE})
    FORM(APC_CALL_RELEASE_SEMAPHORE, 0, {FORM_HANDLE, FORM_VALUE})
    FORM(APC_CALL_RELEASE_MUTEX, 0, {FORM_HANDLE})
    FORM(APC_CALL_POST_MESSAGE, 0, {FORM_THREAD, FORM_OPTIONAL_VALUE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_PEEK_MESSAGE, APC_STEP_KEEP, {FORM_NONE})
    FORM(APC_CALL_CREATE_COMPLETION_PORT, 0, {FORM_PORT})
    FORM(APC_CALL_POST_QUEUED_COMPLETION_STATUS, 0, {FORM_HANDLE, FORM_OPTIONAL_VALUE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_BIND_TO_PORT, 0, {FORM_HANDLE, FORM_HANDLE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_WRITE_PIPE, 0, {FORM_HANDLE, FORM_VALUE_OR_TEXT})
    FORM(APC_CALL_CLOSE_PIPE_END, 0, {FORM_PIPE_END})
    FORM(APC_CALL_OPEN_HANDLE, 0, {FORM_PLACE, FORM_THREAD, FORM_VALUE})
    FORM(APC_CALL_DUPLICATE_HANDLE, 0, {FORM_PLACE, FORM_HANDLE, FORM_OPTIONAL_VALUE})
    FORM(APC_CALL_CLOSE_HANDLE, 0, {FORM_HANDLE})
    FORM(APC_CALL_CREATE_THREAD, APC_STEP_SUSPENDED, {FORM_THREAD, FORM_OPTIONAL_ROUTINE})
    FORM(APC_CALL_SUSPEND_THREAD, 0, {FORM_HANDLE})
    FORM(APC_CALL_RESUME_THREAD, 0, {FORM_HANDLE})
    FORM(APC_CALL_TERMINATE_THREAD, 0, {FORM_HANDLE, FORM_VALUE})
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
#define X(number, name, json)                                                                                          \
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

static bool is_own_thread(uint32_t operand) {
  return operand == APC_OPERAND(APC_OPERAND_THREAD, APC_OPERAND_VALUE_MASK);
}

static const char *handle_fault(uint32_t operand, const operand_limits *limits) {
  uint32_t value = operand_value(operand);
  switch (operand_class(operand)) {
    case APC_OPERAND_THREAD:
      return is_own_thread(operand) || value < limits->threads ? NULL : "names a thread that is not there";
    case APC_OPERAND_OBJECT: return value < limits->objects ? NULL : "names an object that is not there";
    case APC_OPERAND_HANDLE:
      return value <= APC_HANDLE_CURRENT_PROCESS ? NULL : "names a pseudo handle that is not there";
    default: return "must be a thread, an object or a pseudo handle";
  }
}

static const char *list_fault(uint32_t operand, const operand_limits *limits,
    const char *(*item_fault)(uint32_t operand, const operand_limits *limits)) {
  if (operand_class(operand) != APC_OPERAND_LIST || limits->operands == NULL) return "must be a list";
  uint32_t at = operand_value(operand);
  if (at >= limits->operand_count) return "names a list that is not there";
  uint32_t count = limits->operands[at];
  if (count > PROGRAM_MAX_LIST) return "is a list of more than 256";
  if (count > limits->operand_count - at - 1) return "is a list that leaves its table";
  for (uint32_t i = 0; i < count; i++) {
    const char *fault = item_fault(limits->operands[at + 1 + i], limits);
    if (fault != NULL) return fault;
  }
  return NULL;
}

static const char *object_fault(
    uint32_t operand, const operand_limits *limits, apc_object_type one, apc_object_type other, const char *fault) {
  if (operand_class(operand) != APC_OPERAND_OBJECT || operand_value(operand) >= limits->objects) return fault;
  apc_object_type type = limits->object_type(limits->of, operand_value(operand));
  return type == one || type == other ? NULL : fault;
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
    case FORM_OPTIONAL_VALUE: return operand == APC_OPERAND_ABSENT ? NULL : value_fault(operand, limits);
    case FORM_HANDLE: return handle_fault(operand, limits);
    case FORM_OPTIONAL_HANDLE: return operand == APC_OPERAND_ABSENT ? NULL : handle_fault(operand, limits);
    case FORM_HANDLES: return list_fault(operand, limits, handle_fault);
    case FORM_THREAD:
      if (is_own_thread(operand)) return NULL;
      return index_fault(operand, APC_OPERAND_THREAD, 0, limits->threads, "must be a thread that is there");
    case FORM_OPTIONAL_ROUTINE:
      if (operand == APC_OPERAND_ABSENT) return NULL;
      return index_fault(operand, APC_OPERAND_ROUTINE, 0, limits->routines, "must be a routine that is there");
    case FORM_ROUTINE:
      return index_fault(operand, APC_OPERAND_ROUTINE, 0, limits->routines, "must be a routine that is there");
    case FORM_TEXT: return index_fault(operand, APC_OPERAND_TEXT, 0, limits->texts, "must be a text that is there");
    case FORM_VALUE_OR_TEXT:
      if (operand_class(operand) != APC_OPERAND_TEXT) return value_fault(operand, limits);
      return operand_value(operand) < limits->texts ? NULL : "must be a text that is there";
    case FORM_OPTIONAL_VALUES: return operand == APC_OPERAND_ABSENT ? NULL : list_fault(operand, limits, value_fault);
    case FORM_IO: return object_fault(operand, limits, APC_OBJECT_IO, APC_OBJECT_IO, "must be an I/O that is there");
    case FORM_PLACE:
      return object_fault(operand, limits, APC_OBJECT_HANDLE, APC_OBJECT_HANDLE, "must be a place for a handle");
    case FORM_PORT:
      return object_fault(operand, limits, APC_OBJECT_PORT, APC_OBJECT_PORT, "must be a port that is there");
    case FORM_PIPE_END:
      return object_fault(
          operand, limits, APC_OBJECT_PIPE_READ, APC_OBJECT_PIPE_WRITE, "must be an end of a pipe that is there");
    case FORM_CRITICAL_SECTION:
      return object_fault(operand, limits, APC_OBJECT_CRITICAL_SECTION, APC_OBJECT_CRITICAL_SECTION,
          "must be a critical section that is there");
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
  if (i->op >= APC_OP_END && limits->first_target == limits->end_target)
    return error_set(APC_E_BAD_PROGRAM, "%s: %s is no step", where, name);
  if ((i->flags & ~form->flags) != 0 || (i->op == APC_OP_JUMP_UNLESS && i->flags > APC_COMPARE_GE)) {
    return error_set(APC_E_BAD_PROGRAM, "%s: %s has no flags 0x%x", where, name, i->flags);
  }
  if (i->site > APC_SITE_NONE) return error_set(APC_E_BAD_PROGRAM, "%s: site %u is too large", where, i->site);
  for (uint32_t k = 0; k < MAX_OPERANDS; k++) {
    const char *fault = operand_fault(i->a[k], (operand_form)form->operands[k], limits);
    if (fault != NULL) return error_set(APC_E_BAD_PROGRAM, "%s: operand %u of %s %s", where, k + 1, name, fault);
  }
  return APC_OK;
}
