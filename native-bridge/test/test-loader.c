/* The verifier: what it refuses, and that what it accepts can be run. */
#include "lab.h"

#include "backend.h"
#include "random.h"

/* A program with every table and every kind of operand. */
static uint8_t *sample(uint32_t *bytes) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  variables(b, 2);
  say_value(b, apc, "A", ARG1);
  uint32_t again = repeat_begin(b, body, 0);
  queue_apc(b, body, SELF, apc, 1);
  step(b, body, APC_CALL_ADD, 0, VARIABLE(1), RESULT, APC_OPERAND_ABSENT);
  repeat_end(b, body, 0, again, 3);
  uint32_t place = begin_if(b, body, VARIABLE(1), APC_COMPARE_EQ, number(b, 3));
  sleep_ex(b, body, 1, true);
  end_if(b, body, place);
  step(b, body, APC_CALL_COMPUTE, 0, number(b, 10), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  thread(b, "hand", UINT32_MAX, 0);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  uint8_t *blob = builder_blob(b, bytes);
  builder_free(b);
  return blob;
}

static int32_t try_load(const void *blob, uint32_t bytes) {
  int32_t session = apc_open(NULL);
  CHECK(session > 0);
  int32_t outcome = apc_load(session, blob, bytes);
  CHECK_INT(apc_close(session), APC_OK);
  return outcome;
}

/* Where each table lies in the sample. */
typedef struct layout {
  apc_program_header *h;
  apc_instruction *instructions;
  uint32_t *operands;
  apc_routine_entry *routines;
  apc_thread_entry *threads;
  apc_text_entry *texts;
} layout;

static void *table_at(uint8_t *blob, uint32_t *at, uint32_t bytes) {
  *at = (*at + 7u) & ~7u;
  void *table = blob + *at;
  *at += bytes;
  return table;
}

static layout layout_of(uint8_t *blob) {
  layout l = {.h = (apc_program_header *)(void *)blob};
  uint32_t at = sizeof *l.h;
  table_at(blob, &at, l.h->constants * 8);
  l.instructions = table_at(blob, &at, l.h->instructions * (uint32_t)sizeof(apc_instruction));
  l.operands = table_at(blob, &at, l.h->operands * 4);
  l.routines = table_at(blob, &at, l.h->routines * (uint32_t)sizeof(apc_routine_entry));
  l.threads = table_at(blob, &at, l.h->threads * (uint32_t)sizeof(apc_thread_entry));
  table_at(blob, &at, 0);
  l.texts = table_at(blob, &at, l.h->texts * (uint32_t)sizeof(apc_text_entry));
  return l;
}

static apc_instruction *first_of(layout *l, uint32_t op) {
  for (uint32_t i = 0; i < l->h->instructions; i++) {
    if (l->instructions[i].op == op) return &l->instructions[i];
  }
  check_failed();
}

/* Makes one change to a fresh sample and expects this outcome. */
#define REFUSES_AS(expected, change)                                                                                   \
  do {                                                                                                                 \
    uint32_t bytes;                                                                                                    \
    uint8_t *blob = sample(&bytes);                                                                                    \
    layout l = layout_of(blob);                                                                                        \
    (void)l;                                                                                                           \
    change;                                                                                                            \
    int32_t outcome = try_load(blob, bytes);                                                                           \
    if (outcome != (expected)) fprintf(stderr, "after: %s\n", #change);                                                \
    CHECK_INT(outcome, expected);                                                                                      \
    free(blob);                                                                                                        \
  } while (0)
#define REFUSES(change) REFUSES_AS(APC_E_BAD_PROGRAM, change)

TEST(loader_takes_the_sample) {
  uint32_t bytes;
  uint8_t *blob = sample(&bytes);
  CHECK_INT(try_load(blob, bytes), APC_OK);
  CHECK_INT(try_load(NULL, 0), APC_E_BAD_PROGRAM);
  for (uint32_t shorter = 0; shorter < bytes; shorter++) CHECK_INT(try_load(blob, shorter), APC_E_BAD_PROGRAM);
  int32_t session = apc_open(NULL);
  CHECK_INT(apc_load(session, blob, bytes), APC_OK);
  CHECK_INT(apc_load(session, blob, bytes), APC_E_STATE);
  CHECK_INT(apc_close(session), APC_OK);
  free(blob);
}

TEST(loader_refuses_wrong_headers) {
  REFUSES(l.h->magic++);
  REFUSES(l.h->version++);
  REFUSES(l.h->bytes++);
  REFUSES(l.h->constants += 1000000);
  REFUSES(l.h->instructions = UINT32_MAX);
  REFUSES(l.h->instructions--);
  REFUSES(l.h->routines--);
  REFUSES(l.h->routines = UINT32_MAX);
  REFUSES(l.h->texts = UINT32_MAX);
  REFUSES(l.h->text_bytes += 8);
  REFUSES(l.h->variables = 1);
  REFUSES(l.h->variables = UINT32_MAX);
  REFUSES(bytes += 8; blob = realloc(blob, bytes); ((apc_program_header *)(void *)blob)->bytes = bytes);
}

TEST(loader_refuses_wrong_tables) {
  REFUSES(l.routines[1].first++);
  REFUSES(l.routines[1].count = 0);
  REFUSES(l.routines[1].count++);
  REFUSES(l.routines[2].count = UINT32_MAX);
  REFUSES(l.routines[0].name_text = l.h->texts);
  REFUSES(l.routines[0].reserved = 1);
  REFUSES(l.instructions[l.routines[0].count - 1].op = APC_CALL_GET_LAST_ERROR);
  REFUSES(l.threads[0].routine = l.h->routines);
  REFUSES(l.threads[0].name_text = UINT32_MAX);
  REFUSES(l.threads[0].flags |= 0x80);
  REFUSES(l.threads[0].reserved = 1);
  REFUSES(l.threads[0].flags |= APC_THREAD_IS_CONTROLLER);
  REFUSES(l.threads[2].routine = UINT32_MAX);
  REFUSES(l.threads[2].flags |= APC_THREAD_SUSPENDED);
  REFUSES(l.texts[0].offset = l.h->text_bytes);
  REFUSES(l.texts[0].bytes = UINT32_MAX);
  REFUSES(blob[bytes - 1] = 0xFF);
  REFUSES(blob[bytes - 1] = 0xC3);
}

TEST(loader_refuses_wrong_instructions) {
  REFUSES(l.instructions[0].op = 0);
  REFUSES(l.instructions[0].op = 55);
  REFUSES(l.instructions[0].op = 0x105);
  REFUSES(l.instructions[0].op = APC_CALL_SIGNAL_OBJECT_AND_WAIT);
  REFUSES(l.instructions[0].op = APC_CALL_SET_WAITABLE_TIMER);
  REFUSES(l.instructions[0].site = APC_SITE_NONE + 1);
  REFUSES(l.instructions[0].a[5] = 0);
  REFUSES(first_of(&l, APC_CALL_SLEEP_EX)->flags |= APC_STEP_SUSPENDED);
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->flags |= APC_STEP_SPECIAL);
  REFUSES(first_of(&l, APC_OP_JUMP_UNLESS)->flags = 6);
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->a[0] = THREAD(3));
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->a[0] = ROUTINE(0));
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->a[1] = ROUTINE(3));
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->a[1] = APC_OPERAND_ABSENT); /* fact 10 is shown elsewhere */
  REFUSES(first_of(&l, APC_CALL_QUEUE_USER_APC)->a[2] = APC_OPERAND(APC_OPERAND_CONSTANT, l.h->constants));
  REFUSES(first_of(&l, APC_CALL_ADD)->a[0] = VARIABLE(2));
  REFUSES(first_of(&l, APC_CALL_ADD)->a[0] = RESULT);
  REFUSES(first_of(&l, APC_CALL_ADD)->a[1] = LOCAL(APC_LOCAL_COUNT));
  REFUSES(first_of(&l, APC_CALL_ADD)->a[1] = VARIABLE(2));
  REFUSES(first_of(&l, APC_CALL_LOG)->a[0] = APC_OPERAND(APC_OPERAND_TEXT, l.h->texts));
  REFUSES(first_of(&l, APC_CALL_LOG)->a[1] = APC_OPERAND(APC_OPERAND_LIST, l.h->operands));
  REFUSES(l.operands[0] = 2);
  REFUSES(l.operands[0] = UINT32_MAX);
  REFUSES(l.operands[1] = SELF);
  REFUSES(l.operands[1] = APC_OPERAND(APC_OPERAND_LIST, 0));
  REFUSES(first_of(&l, APC_OP_SET_LOCAL)->a[0] = RESULT);
  REFUSES(first_of(&l, APC_OP_SET_LOCAL)->a[0] = LOCAL(APC_LOCAL_COUNT));
  REFUSES(first_of(&l, APC_OP_JUMP_UNLESS)->a[2] = APC_OPERAND(APC_OPERAND_TARGET, 0)); /* another routine's */
  REFUSES(first_of(&l, APC_OP_JUMP_UNLESS)->a[2] = APC_OPERAND(APC_OPERAND_TARGET, l.h->instructions));
  REFUSES(first_of(&l, APC_OP_JUMP_UNLESS)->a[2] = APC_OPERAND(APC_OPERAND_CONSTANT, 0));
  REFUSES(first_of(&l, APC_CALL_AWAIT_STATE)->a[1] = RESULT);
  REFUSES(first_of(&l, APC_CALL_AWAIT_STATE)->a[1] = APC_OPERAND(APC_OPERAND_CONSTANT, 0));
  REFUSES(l.h->texts -= 4; l.h->objects = 1); /* the same bytes read as an object of this size */
}

/* Random changes of the sample: whatever is still accepted is run for a moment and stopped, and nothing breaks. */
TEST(loader_survives_random_changes) {
  uint32_t accepted = 0;
  for (uint64_t seed = 1; seed <= 3000; seed++) {
    uint64_t state = seed;
    uint32_t bytes;
    uint8_t *blob = sample(&bytes);
    for (uint32_t changes = 1 + next_random(&state) % 3; changes > 0; changes--) {
      uint32_t at = next_random(&state) % (bytes / 4) * 4, value;
      memcpy(&value, blob + at, 4);
      switch (next_random(&state) % 4) {
        case 0: value ^= 1u << next_random(&state) % 32; break;
        case 1: value += next_random(&state) % 5 - 2; break;
        case 2: value = next_random(&state); break;
        default: memcpy(&value, blob + next_random(&state) % (bytes / 4) * 4, 4);
      }
      memcpy(blob + at, &value, 4);
    }
    int32_t session = apc_open(NULL);
    if (apc_load(session, blob, bytes) == APC_OK) {
      accepted++;
      CHECK_INT(apc_start(session), APC_OK);
      apc_stop(session);
    }
    free(blob);
    uint64_t until = backend_now_ns() + 5000000000u;
    while (apc_close(session) == APC_E_BUSY) {
      CHECK(backend_now_ns() < until);
      apc_stop(session);
      apc_record batch[512];
      apc_drain_info info;
      apc_drain(session, batch, 512, &info);
    }
  }
  printf("%u of 3000 accepted and run\n", accepted);
  CHECK(accepted > 50 && accepted < 2500);
}
