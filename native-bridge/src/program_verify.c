/* Everything that a program's tables say, checked once, so that the interpreter need not look again. */
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "program.h"
#include "text_table.h"

static int32_t verify_texts(const program *p) {
  for (uint32_t i = 0; i < p->header.texts; i++) {
    const apc_text_entry *t = &p->texts[i];
    if ((uint64_t)t->offset + t->bytes > p->header.text_bytes)
      return error_set(APC_E_BAD_PROGRAM, "text %u lies outside the text bytes", i);
    if (t->bytes > TEXT_MAX_BYTES)
      return error_set(APC_E_BAD_PROGRAM, "text %u has %u bytes; %u are allowed", i, t->bytes, TEXT_MAX_BYTES);
    if (!is_utf8(p->text + t->offset, t->bytes)) return error_set(APC_E_BAD_PROGRAM, "text %u is not UTF-8", i);
  }
  return APC_OK;
}

/* A name is any text with a length that fits a message. */
static const char *name_of(const program *p, uint32_t text, char *buffer, size_t size) {
  const apc_text_entry *t = &p->texts[text];
  size_t bytes = t->bytes < size ? t->bytes : size - 1;
  memcpy(buffer, p->text + t->offset, bytes);
  buffer[bytes] = 0;
  return buffer;
}

/* Routines stand one behind the other and together are all instructions. */
static int32_t verify_routines(const program *p) {
  const apc_program_header *h = &p->header;
  if (h->routines >= APC_ROUTINE_NONE) return error_set(APC_E_BAD_PROGRAM, "%u routines are too many", h->routines);
  uint32_t next = 0;
  for (uint32_t i = 0; i < h->routines; i++) {
    const apc_routine_entry *r = &p->routines[i];
    if (r->name_text >= h->texts)
      return error_set(APC_E_BAD_PROGRAM, "routine %u: its name is text %u of %u", i, r->name_text, h->texts);
    if (r->reserved != 0) return error_set(APC_E_BAD_PROGRAM, "routine %u: its reserved field is not 0", i);
    if (r->first != next || r->count == 0 || r->count > h->instructions - next) {
      return error_set(APC_E_BAD_PROGRAM, "routine %u: %u instructions from %u, expected some from %u on, of %u", i,
          r->count, r->first, next, h->instructions);
    }
    next += r->count;
    if (p->instructions[next - 1].op != APC_OP_END)
      return error_set(APC_E_BAD_PROGRAM, "routine %u: its last instruction is not the end", i);
  }
  if (next != h->instructions)
    return error_set(APC_E_BAD_PROGRAM, "%u instructions belong to no routine", h->instructions - next);
  return APC_OK;
}

static apc_object_type type_of_object(const void *of, uint32_t index) {
  return (apc_object_type)((const program *)of)->objects[index].type;
}

static int32_t verify_instructions(const program *p) {
  const apc_program_header *h = &p->header;
  operand_limits limits = {.constants = h->constants,
      .variables = h->variables,
      .threads = h->threads,
      .routines = h->routines,
      .texts = h->texts,
      .objects = h->objects,
      .object_type = type_of_object,
      .of = p,
      .constant_values = p->constants,
      .operands = p->operands,
      .operand_count = h->operands};
  for (uint32_t i = 0; i < h->routines; i++) {
    const apc_routine_entry *r = &p->routines[i];
    limits.first_target = r->first;
    limits.end_target = r->first + r->count;
    for (uint32_t k = 0; k < r->count; k++) {
      char name[64], where[128];
      snprintf(where, sizeof where, "routine '%s', instruction %u", name_of(p, r->name_text, name, sizeof name), k);
      int32_t error = verify_instruction(&p->instructions[r->first + k], &limits, where);
      if (error != APC_OK) return error;
    }
  }
  return APC_OK;
}

static int32_t verify_threads(program *p) {
  const apc_program_header *h = &p->header;
  const uint32_t known = APC_THREAD_STARTS | APC_THREAD_SUSPENDED | APC_THREAD_IS_CONTROLLER;
  for (uint32_t i = 0; i < h->threads; i++) {
    const apc_thread_entry *t = &p->threads[i];
    bool hand_driven = t->routine == UINT32_MAX;
    if (t->name_text >= h->texts)
      return error_set(APC_E_BAD_PROGRAM, "thread %u: its name is text %u of %u", i, t->name_text, h->texts);
    if (!hand_driven && t->routine >= h->routines)
      return error_set(APC_E_BAD_PROGRAM, "thread %u: routine %u of %u", i, t->routine, h->routines);
    if ((t->flags & ~known) != 0 || t->reserved != 0)
      return error_set(APC_E_BAD_PROGRAM, "thread %u: unknown flags", i);
    if ((t->flags & APC_THREAD_IS_CONTROLLER) == 0) continue;
    if (i + 1 != h->threads)
      return error_set(APC_E_BAD_PROGRAM, "thread %u: only the last thread can be the controller", i);
    if (hand_driven || (t->flags & APC_THREAD_SUSPENDED) != 0)
      return error_set(APC_E_BAD_PROGRAM, "thread %u: the controller needs a routine and is not suspended", i);
    p->controller = i;
  }
  return APC_OK;
}

const char *object_entry_fault(const apc_object_entry *o, uint32_t texts) {
  const uint64_t *p = o->parameter;
  switch ((apc_object_type)o->type) {
    case APC_OBJECT_EVENT: return p[0] <= 1 && p[1] <= 1 ? NULL : "is an event whose parameters are not 0 or 1";
    case APC_OBJECT_SEMAPHORE:
      return p[1] >= 1 && p[1] <= INT32_MAX && p[0] <= p[1] ? NULL
                                                            : "is a semaphore that counts from 0 to at most 2147483647";
    case APC_OBJECT_TIMER: return p[0] <= 1 ? NULL : "is a timer whose parameter is not 0 or 1";
    case APC_OBJECT_FILE: return p[0] == UINT32_MAX || p[0] < texts ? NULL : "is a file whose text is not there";
    case APC_OBJECT_PORT: return p[0] <= 1 ? NULL : "is a port whose parameter is not 0 or 1";
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE:
    case APC_OBJECT_MUTEX:
    case APC_OBJECT_RESERVE:
    case APC_OBJECT_CRITICAL_SECTION:
    case APC_OBJECT_HANDLE:
    case APC_OBJECT_IO: return NULL;
  }
  return "is of no known type";
}

/* The ends of a pipe stand side by side, the reading one first, and each names the other. */
static bool is_pipe_half(const program *p, uint32_t index) {
  uint32_t count = p->header.objects;
  const apc_object_entry *o = &p->objects[index];
  uint32_t other = o->type == APC_OBJECT_PIPE_READ ? index + 1 : index - 1;
  apc_object_type type = o->type == APC_OBJECT_PIPE_READ ? APC_OBJECT_PIPE_WRITE : APC_OBJECT_PIPE_READ;
  return other < count && o->parameter[0] == other && p->objects[other].type == (uint32_t)type &&
         p->objects[other].parameter[0] == index;
}

static int32_t verify_objects(const program *p) {
  for (uint32_t i = 0; i < p->header.objects; i++) {
    const apc_object_entry *o = &p->objects[i];
    if (o->name_text >= p->header.texts)
      return error_set(APC_E_BAD_PROGRAM, "object %u: its name is text %u of %u", i, o->name_text, p->header.texts);
    const char *fault = object_entry_fault(o, p->header.texts);
    if (fault != NULL) return error_set(APC_E_BAD_PROGRAM, "object %u %s", i, fault);
    bool is_end = o->type == APC_OBJECT_PIPE_READ || o->type == APC_OBJECT_PIPE_WRITE;
    if (is_end && !is_pipe_half(p, i))
      return error_set(APC_E_BAD_PROGRAM, "object %u is an end of a pipe whose other end is not beside it", i);
  }
  return APC_OK;
}

int32_t program_verify(program *p) {
  const apc_program_header *h = &p->header;
  if (h->variables > PROGRAM_MAX_VARIABLES)
    return error_set(APC_E_BAD_PROGRAM, "%u variables; %u are allowed", h->variables, PROGRAM_MAX_VARIABLES);
  int32_t error = verify_texts(p);
  if (error == APC_OK) error = verify_routines(p);
  if (error == APC_OK) error = verify_threads(p);
  if (error == APC_OK) error = verify_objects(p);
  if (error == APC_OK) error = verify_instructions(p);
  return error;
}
