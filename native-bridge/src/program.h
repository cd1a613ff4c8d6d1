/*
 * program.h: a compiled scenario, verified whole before any thread runs.
 */
#ifndef APC_SRC_PROGRAM_H
#define APC_SRC_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apc.h"

#define PROGRAM_MAX_BYTES (64u << 20)
#define PROGRAM_MAX_VARIABLES 65536u
#define PROGRAM_MAX_LIST 256u /* operands in one list */
#define PROGRAM_NO_CONTROLLER UINT32_MAX

#define PROGRAM_LATER_TEXTS 65536u
#define PROGRAM_LATER_TEXT_BYTES (16u << 20)

/* Where a program's texts lie once more may join them. Nothing in it moves or changes, so that lab threads read what
 * they were told of while main adds. */
typedef struct text_room {
  apc_text_entry *entries;
  uint8_t *bytes;
  uint32_t most_entries, used_bytes, most_bytes;
} text_room;

/* A copy of the bytes with its tables found. Never changes once loaded, but that texts may join it. */
typedef struct program {
  void *memory;
  const uint64_t *constants;
  const apc_instruction *instructions;
  const uint32_t *operands;
  const apc_routine_entry *routines;
  const apc_thread_entry *threads;
  const apc_object_entry *objects;
  const apc_text_entry *texts;
  const uint8_t *text;
  apc_program_header header;
  uint32_t controller; /* index into threads, or PROGRAM_NO_CONTROLLER */
  text_room later;     /* main; all zero until there is room */
} program;

/* Copies and verifies. On an error the program is empty and the error text says which part is wrong. */
int32_t program_load(program *p, const void *bytes, uint32_t count);
void program_free(program *p);

/* Texts that join a program, also an empty one, after it was loaded (program_texts.c): the library's own, then those by
 * hand. */
bool program_make_text_room(program *p); /* main, before any thread runs; false without memory */
/* The text's index, or APC_E_LIMIT. Main. The text is sound: short enough, and UTF-8. */
int32_t program_add_text(program *p, const void *text, uint32_t bytes);
void program_free_text_room(program *p);

/* Everything that the tables say (program_verify.c); program_load has found them. */
int32_t program_verify(program *p);

/* What operands of an instruction may name. */
typedef struct operand_limits {
  uint32_t constants, variables, threads, routines, texts, objects;
  const uint64_t *constant_values;
  apc_object_type (*object_type)(const void *of, uint32_t index); /* of an object that is there */
  const void *of;
  const uint32_t *operands; /* the operand table, or NULL: no lists */
  uint32_t operand_count;
  uint32_t first_target, end_target; /* instruction indices of the routine; equal: no flow instructions */
} operand_limits;

/* Verifies one instruction. `where` begins the error's sentence. */
int32_t verify_instruction(const apc_instruction *instruction, const operand_limits *limits, const char *where);

/* What is wrong with an object's type or parameters, as the end of a sentence; NULL: nothing. */
const char *object_entry_fault(const apc_object_entry *entry, uint32_t texts);

/* The name of an opcode, or NULL. */
const char *call_name(uint32_t op);

static inline uint32_t operand_class(uint32_t operand) { return operand >> 28; }
static inline uint32_t operand_value(uint32_t operand) { return operand & APC_OPERAND_VALUE_MASK; }

/* The session thread of a program's thread index. */
static inline uint32_t program_session_thread(const program *p, uint32_t index) {
  return index == p->controller ? APC_THREAD_CONTROLLER : APC_THREAD_FIRST + index;
}

#endif
