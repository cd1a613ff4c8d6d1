/*
 * builder.h: programs that read like the scenario that they are.
 *
 *   builder *b = builder_new();
 *   uint32_t apc = routine(b, "apc"), body = routine(b, "body");
 *   say(b, apc, "A");
 *   queue_apc(b, body, SELF, apc, 7);
 *   sleep_ex(b, body, APC_INFINITE, true);
 *   thread(b, "T1", body, APC_THREAD_STARTS);
 */
#ifndef APC_TEST_BUILDER_H
#define APC_TEST_BUILDER_H

#include <stdbool.h>
#include <stdint.h>

#include "apc.h"

typedef struct builder builder;

builder *builder_new(void);
void builder_free(builder *b);
/* The program; the caller frees it. */
uint8_t *builder_blob(builder *b, uint32_t *bytes);

#define SELF APC_OPERAND(APC_OPERAND_THREAD, APC_OPERAND_VALUE_MASK)
/* Threads are numbered in the order of thread(); the controller comes last. */
#define THREAD(index) APC_OPERAND(APC_OPERAND_THREAD, index)
#define LOCAL(index) APC_OPERAND(APC_OPERAND_LOCAL, index)
#define VARIABLE(index) APC_OPERAND(APC_OPERAND_VARIABLE, index)
#define ROUTINE(index) APC_OPERAND(APC_OPERAND_ROUTINE, index)
#define RESULT LOCAL(APC_LOCAL_RESULT)
#define ARG1 LOCAL(APC_LOCAL_ARG1)

uint32_t routine(builder *b, const char *name);
uint32_t thread(builder *b, const char *name, uint32_t routine, uint32_t flags); /* returns its program index */
uint32_t controller(builder *b, uint32_t routine);
void variables(builder *b, uint32_t count);
/* An object with its parameters (apc.h, "Objects"); a pipe's ends are two. Returns its operand. */
uint32_t object(builder *b, const char *name, apc_object_type type, uint64_t p0, uint64_t p1);

/* Operands. */
uint32_t number(builder *b, uint64_t value);
uint32_t text(builder *b, const char *words);

/* Steps, appended to a routine. Each returns its place in the routine. */
uint32_t step(builder *b, uint32_t routine, uint32_t op, uint32_t flags, uint32_t a0, uint32_t a1, uint32_t a2);
/* With up to six operands. */
uint32_t step_of(builder *b, uint32_t routine, uint32_t op, uint32_t flags, const uint32_t operands[6]);
/* A list operand. */
uint32_t list(builder *b, const uint32_t *operands, uint32_t count);
uint32_t say(builder *b, uint32_t routine, const char *words);
uint32_t say_value(builder *b, uint32_t routine, const char *words, uint32_t operand);
uint32_t sleep_ms(builder *b, uint32_t routine, uint32_t milliseconds);
uint32_t sleep_ex(builder *b, uint32_t routine, uint32_t milliseconds, bool alertable);
uint32_t queue_apc(builder *b, uint32_t routine, uint32_t thread, uint32_t apc_routine, uint64_t data);
uint32_t await(builder *b, uint32_t routine, uint32_t thread, apc_thread_state state);
uint32_t on_thread(builder *b, uint32_t routine, apc_call call, uint32_t thread); /* suspend, resume, create */
uint32_t terminate(builder *b, uint32_t routine, uint32_t thread, uint32_t code);
uint32_t exit_thread(builder *b, uint32_t routine, uint32_t code);

/* Repeats what stands between the two calls `count` times, counting in a free local of its own. */
uint32_t repeat_begin(builder *b, uint32_t routine, uint32_t local);
void repeat_end(builder *b, uint32_t routine, uint32_t local, uint32_t begin, uint64_t count);
/* Jumps to `place` of the same routine. */
uint32_t jump(builder *b, uint32_t routine, uint32_t place);
/* Skips what follows, up to end_if, unless a <compare> b. */
uint32_t begin_if(builder *b, uint32_t routine, uint32_t left, apc_compare compare, uint32_t right);
void end_if(builder *b, uint32_t routine, uint32_t begin);

#endif
