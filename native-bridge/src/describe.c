/*
 * apc_describe: every number and layout of apc.h as `name=number` lines, in the header's order. Its twin is
 * apc-model/abi.ts. Enumerations and X-macro lists are printed from themselves: a new entry appears by itself.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "apc.h"
#include "error.h"

#define TEXT_BYTES 16384

typedef struct description {
  char text[TEXT_BYTES];
  size_t used;
} description;

static void line(description *d, const char *group, const char *name, long long number) {
  int written = snprintf(
      d->text + d->used, sizeof d->text - d->used, "%s%s%s=%lld\n", group, *group != 0 ? "." : "", name, number);
  if (written > 0 && (size_t)written < sizeof d->text - d->used) d->used += (size_t)written;
}

#define NUMBER(group, name, value) line(d, group, name, (long long)(value));
#define BYTES(type) line(d, #type, "bytes", (long long)sizeof(type));
#define OFFSET(type, field) line(d, #type, #field, (long long)offsetof(type, field));

/* clang-format off */

static void describe_lists(description *d) {
#define X(number, name, text) NUMBER("error", #name, number)
  APC_ERRORS(X)
#undef X
#define X(number, name, json) NUMBER("kind", #json, number)
  APC_KINDS(X)
#undef X
  NUMBER("kind", "more", APC_KIND_MORE)
  NUMBER("flag", "inferred", APC_RECORD_INFERRED)
  NUMBER("flag", "more", APC_RECORD_MORE)
  NUMBER("what", "arguments", APC_WHAT_ARGUMENTS)
  NUMBER("class", "thread", APC_CLASS_THREAD)
  NUMBER("class", "routine", APC_CLASS_ROUTINE)
  NUMBER("class", "object", APC_CLASS_OBJECT)
  NUMBER("class", "text", APC_CLASS_TEXT)
  NUMBER("endReason", "returned", APC_END_RETURNED)
  NUMBER("endReason", "exitThread", APC_END_EXIT_THREAD)
  NUMBER("endReason", "terminated", APC_END_TERMINATED)
  NUMBER("endReason", "stopped", APC_END_STOPPED)
  NUMBER("endReason", "error", APC_END_ERROR)
  NUMBER("state", "notStarted", APC_STATE_NOT_STARTED)
  NUMBER("state", "running", APC_STATE_RUNNING)
  NUMBER("state", "blocked", APC_STATE_BLOCKED)
  NUMBER("state", "alertable", APC_STATE_ALERTABLE)
  NUMBER("state", "suspended", APC_STATE_SUSPENDED)
  NUMBER("state", "ended", APC_STATE_ENDED)
  NUMBER("subject", "none", APC_SUBJECT_NONE)
  NUMBER("subject", "thread", APC_SUBJECT_THREAD)
  NUMBER("subject", "handle", APC_SUBJECT_HANDLE)
  NUMBER("thread", "main", APC_THREAD_MAIN)
  NUMBER("thread", "controller", APC_THREAD_CONTROLLER)
  NUMBER("thread", "first", APC_THREAD_FIRST)
  NUMBER("thread", "system", APC_THREAD_SYSTEM)
  NUMBER("thread", "none", APC_THREAD_NONE)
  NUMBER("routine", "none", APC_ROUTINE_NONE)
  NUMBER("site", "none", APC_SITE_NONE)
  NUMBER("milliseconds", "infinite", APC_INFINITE)
#define X(number, name, json) NUMBER("call", #json, number)
  APC_CALLS(X)
#undef X
#define X(number, name, json) NUMBER("objectType", #json, number)
  APC_OBJECT_TYPES(X)
#undef X
  NUMBER("handle", "null", APC_HANDLE_NULL)
  NUMBER("handle", "bogus", APC_HANDLE_BOGUS)
  NUMBER("handle", "currentThread", APC_HANDLE_CURRENT_THREAD)
  NUMBER("handle", "currentProcess", APC_HANDLE_CURRENT_PROCESS)
}

static void describe_programs(description *d) {
  NUMBER("op", "end", APC_OP_END)
  NUMBER("op", "jump", APC_OP_JUMP)
  NUMBER("op", "jumpUnless", APC_OP_JUMP_UNLESS)
  NUMBER("op", "setLocal", APC_OP_SET_LOCAL)
  NUMBER("op", "addLocal", APC_OP_ADD_LOCAL)
  NUMBER("compare", "eq", APC_COMPARE_EQ)
  NUMBER("compare", "ne", APC_COMPARE_NE)
  NUMBER("compare", "lt", APC_COMPARE_LT)
  NUMBER("compare", "le", APC_COMPARE_LE)
  NUMBER("compare", "gt", APC_COMPARE_GT)
  NUMBER("compare", "ge", APC_COMPARE_GE)
  NUMBER("step", "alertable", APC_STEP_ALERTABLE)
  NUMBER("step", "waitAll", APC_STEP_WAIT_ALL)
  NUMBER("step", "suspended", APC_STEP_SUSPENDED)
  NUMBER("step", "special", APC_STEP_SPECIAL)
  NUMBER("step", "context", APC_STEP_CONTEXT)
  NUMBER("step", "inputAvailable", APC_STEP_INPUT_AVAILABLE)
  NUMBER("step", "absolute", APC_STEP_ABSOLUTE)
  NUMBER("step", "keep", APC_STEP_KEEP)
  NUMBER("operand", "constant", APC_OPERAND_CONSTANT)
  NUMBER("operand", "local", APC_OPERAND_LOCAL)
  NUMBER("operand", "variable", APC_OPERAND_VARIABLE)
  NUMBER("operand", "thread", APC_OPERAND_THREAD)
  NUMBER("operand", "object", APC_OPERAND_OBJECT)
  NUMBER("operand", "routine", APC_OPERAND_ROUTINE)
  NUMBER("operand", "text", APC_OPERAND_TEXT)
  NUMBER("operand", "target", APC_OPERAND_TARGET)
  NUMBER("operand", "list", APC_OPERAND_LIST)
  NUMBER("operand", "handle", APC_OPERAND_HANDLE)
  NUMBER("operand", "none", APC_OPERAND_NONE)
  NUMBER("operand", "valueMask", APC_OPERAND_VALUE_MASK)
  NUMBER("operand", "absent", APC_OPERAND_ABSENT)
  NUMBER("local", "arg1", APC_LOCAL_ARG1)
  NUMBER("local", "arg2", APC_LOCAL_ARG2)
  NUMBER("local", "arg3", APC_LOCAL_ARG3)
  NUMBER("local", "result", APC_LOCAL_RESULT)
  NUMBER("local", "lastError", APC_LOCAL_LAST_ERROR)
  NUMBER("local", "elapsedNs", APC_LOCAL_ELAPSED_NS)
  NUMBER("local", "threadId", APC_LOCAL_THREAD_ID)
  NUMBER("local", "firstFree", APC_LOCAL_FIRST_FREE)
  NUMBER("local", "count", APC_LOCAL_COUNT)
  NUMBER("threadFlag", "starts", APC_THREAD_STARTS)
  NUMBER("threadFlag", "suspended", APC_THREAD_SUSPENDED)
  NUMBER("threadFlag", "controller", APC_THREAD_IS_CONTROLLER)
  NUMBER("program", "magic", APC_PROGRAM_MAGIC)
}

static void describe_layouts(description *d) {
  BYTES(apc_record) OFFSET(apc_record, time_ns) OFFSET(apc_record, ticket) OFFSET(apc_record, kind)
  OFFSET(apc_record, flags) OFFSET(apc_record, thread) OFFSET(apc_record, call) OFFSET(apc_record, subject)
  OFFSET(apc_record, value)
  BYTES(apc_more) OFFSET(apc_more, kind) OFFSET(apc_more, what) OFFSET(apc_more, count) OFFSET(apc_more, u)
  BYTES(apc_instruction) OFFSET(apc_instruction, op) OFFSET(apc_instruction, flags) OFFSET(apc_instruction, site)
  OFFSET(apc_instruction, a)
  BYTES(apc_routine_entry) OFFSET(apc_routine_entry, first) OFFSET(apc_routine_entry, count)
  OFFSET(apc_routine_entry, name_text)
  BYTES(apc_thread_entry) OFFSET(apc_thread_entry, name_text) OFFSET(apc_thread_entry, routine)
  OFFSET(apc_thread_entry, flags)
  BYTES(apc_object_entry) OFFSET(apc_object_entry, name_text) OFFSET(apc_object_entry, type)
  OFFSET(apc_object_entry, parameter)
  BYTES(apc_text_entry) OFFSET(apc_text_entry, offset)
  NUMBER("apc_text_entry", "length", offsetof(apc_text_entry, bytes)) /* not its size */
  BYTES(apc_program_header) OFFSET(apc_program_header, constants) OFFSET(apc_program_header, instructions)
  OFFSET(apc_program_header, operands) OFFSET(apc_program_header, routines) OFFSET(apc_program_header, threads)
  OFFSET(apc_program_header, objects) OFFSET(apc_program_header, texts) OFFSET(apc_program_header, text_bytes)
  OFFSET(apc_program_header, variables)
  BYTES(apc_options) OFFSET(apc_options, size) OFFSET(apc_options, ring_records) OFFSET(apc_options, max_threads)
  OFFSET(apc_options, max_nesting)
  BYTES(apc_status) OFFSET(apc_status, now_ns) OFFSET(apc_status, opened_unix_ns) OFFSET(apc_status, published)
  OFFSET(apc_status, lost) OFFSET(apc_status, queued) OFFSET(apc_status, delivered) OFFSET(apc_status, cancelled)
  OFFSET(apc_status, vanished) OFFSET(apc_status, lost_apcs) OFFSET(apc_status, pending)
  OFFSET(apc_status, threads_created) OFFSET(apc_status, threads_alive) OFFSET(apc_status, controller_alive)
  OFFSET(apc_status, program_threads_alive) OFFSET(apc_status, started) OFFSET(apc_status, stopping)
  BYTES(apc_drain_info) OFFSET(apc_drain_info, records) OFFSET(apc_drain_info, heads)
  OFFSET(apc_drain_info, text_bytes) OFFSET(apc_drain_info, left)
}

/* clang-format on */

int32_t apc_describe(char *text, uint32_t capacity) {
  description d = {.used = 0};
  line(&d, "", "abi", APC_ABI_VERSION);
  describe_lists(&d);
  describe_programs(&d);
  describe_layouts(&d);
  return copy_text(text, capacity, d.text);
}

uint32_t apc_abi_version(void) { return APC_ABI_VERSION; }
uint32_t apc_record_size(void) { return sizeof(apc_record); }
