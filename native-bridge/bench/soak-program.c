#include "soak.h"

#include "check.h"
#include "random.h"

#define HALTED VARIABLE(0)
#define NOTED VARIABLE(1)

typedef struct kinds {
  uint32_t note, chain, nest;
} kinds;

static uint32_t any_thread(uint64_t *random, uint32_t threads) { return THREAD(next_random(random) % threads); }

static void queue_some(builder *b, uint32_t work, const kinds *k, uint32_t threads, uint64_t *random) {
  const uint32_t routines[] = {k->note, k->note, k->note, k->chain, k->nest};
  for (uint32_t i = 0; i < 5; i++)
    queue_apc(b, work, any_thread(random, threads), routines[next_random(random) % 5], i);
  queue_apc(b, work, SELF, k->note, 5);
  uint32_t special = next_random(random) % 4 == 0 ? APC_STEP_SPECIAL : 0;
  step(b, work, APC_CALL_QUEUE_USER_APC2, special, any_thread(random, threads), ROUTINE(k->note), number(b, 6));
  /* No routine: it vanishes. */
  step(b, work, APC_CALL_NT_QUEUE_APC_THREAD, 0, any_thread(random, threads), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
}

/* Threads with the same routine share a timer: each sets it anew, which cancels what another's thread has of it. */
static void use_timer(builder *b, uint32_t work, const kinds *k, uint32_t timer, uint64_t *random) {
  const uint32_t set[6] = {
      timer, number(b, next_random(random) % 3), number(b, 0), ROUTINE(k->note), number(b, 7), APC_OPERAND_ABSENT};
  step_of(b, work, APC_CALL_SET_WAITABLE_TIMER, 0, set);
  if (next_random(random) % 2 == 0)
    step(b, work, APC_CALL_CANCEL_WAITABLE_TIMER, 0, timer, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
}

builder *soak_program(uint32_t threads, uint32_t pause_ms, uint64_t *random) {
  builder *b = builder_new();
  variables(b, 2);
  kinds k;
  CHECK_INT(k.note = routine(b, "note"), SOAK_NOTE);
  step(b, k.note, APC_CALL_ADD, 0, NOTED, number(b, 1), APC_OPERAND_ABSENT);
  uint32_t leave = routine(b, "leave"), halt = routine(b, "halt");
  CHECK_INT(leave, SOAK_LEAVE);
  CHECK_INT(halt, SOAK_HALT);
  exit_thread(b, leave, 7);
  step(b, halt, APC_CALL_SET, 0, HALTED, number(b, 1), APC_OPERAND_ABSENT);
  uint32_t workers[SOAK_WORKERS];
  for (uint32_t i = 0; i < SOAK_WORKERS; i++) CHECK_INT(workers[i] = routine(b, "work"), SOAK_FIRST_WORKER + i);
  k.chain = routine(b, "chain");
  queue_apc(b, k.chain, SELF, k.note, 8);
  k.nest = routine(b, "nest");
  queue_apc(b, k.nest, SELF, k.note, 9);
  sleep_ex(b, k.nest, 0, true);
  for (uint32_t i = 0; i < SOAK_WORKERS; i++) {
    uint32_t work = workers[i];
    uint32_t timer = object(b, "timer", APC_OBJECT_TIMER, 0, 0);
    uint32_t unless_halted = begin_if(b, work, HALTED, APC_COMPARE_EQ, number(b, 0));
    queue_some(b, work, &k, threads, random);
    use_timer(b, work, &k, timer, random);
    sleep_ex(b, work, i % 3, true);
    sleep_ms(b, work, pause_ms + i % 3);
    jump(b, work, 0);
    end_if(b, work, unless_halted);
  }
  for (uint32_t i = 0; i < threads; i++) thread(b, "first", workers[i % SOAK_WORKERS], APC_THREAD_STARTS);
  return b;
}
