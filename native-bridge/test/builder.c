#include "builder.h"

#include "check.h"

#define MAX_ROUTINES 64
#define MAX_STEPS 256
#define MAX_ENTRIES 4096

typedef struct routine_draft {
  const char *name;
  apc_instruction steps[MAX_STEPS];
  uint32_t count;
} routine_draft;

struct builder {
  routine_draft routines[MAX_ROUTINES];
  uint32_t routine_count;
  uint64_t constants[MAX_ENTRIES];
  uint32_t constant_count;
  uint32_t operands[MAX_ENTRIES];
  uint32_t operand_count;
  apc_thread_entry threads[MAX_ENTRIES];
  uint32_t thread_count;
  apc_object_entry objects[MAX_ENTRIES];
  uint32_t object_count;
  char texts[MAX_ENTRIES][32];
  uint32_t text_count;
  uint32_t variables;
};

builder *builder_new(void) {
  builder *b = calloc(1, sizeof *b);
  CHECK(b != NULL);
  return b;
}

void builder_free(builder *b) { free(b); }

uint32_t routine(builder *b, const char *name) {
  CHECK(b->routine_count < MAX_ROUTINES);
  b->routines[b->routine_count].name = name;
  return b->routine_count++;
}

static uint32_t text_index(builder *b, const char *words) {
  for (uint32_t i = 0; i < b->text_count; i++) {
    if (strcmp(b->texts[i], words) == 0) return i;
  }
  CHECK(b->text_count < MAX_ENTRIES && strlen(words) < sizeof b->texts[0]);
  strcpy(b->texts[b->text_count], words);
  return b->text_count++;
}

uint32_t text(builder *b, const char *words) { return APC_OPERAND(APC_OPERAND_TEXT, text_index(b, words)); }

uint32_t number(builder *b, uint64_t value) {
  for (uint32_t i = 0; i < b->constant_count; i++) {
    if (b->constants[i] == value) return APC_OPERAND(APC_OPERAND_CONSTANT, i);
  }
  CHECK(b->constant_count < MAX_ENTRIES);
  b->constants[b->constant_count] = value;
  return APC_OPERAND(APC_OPERAND_CONSTANT, b->constant_count++);
}

uint32_t thread(builder *b, const char *name, uint32_t routine, uint32_t flags) {
  CHECK(b->thread_count < MAX_ENTRIES);
  b->threads[b->thread_count] = (apc_thread_entry){
      .name_text = text_index(b, name), .routine = routine, .flags = flags};
  return b->thread_count++;
}

uint32_t controller(builder *b, uint32_t routine) { return thread(b, "controller", routine, APC_THREAD_IS_CONTROLLER); }

void variables(builder *b, uint32_t count) { b->variables = count; }

uint32_t object(builder *b, const char *name, apc_object_type type, uint64_t p0, uint64_t p1) {
  CHECK(b->object_count < MAX_ENTRIES);
  b->objects[b->object_count] =
      (apc_object_entry){.name_text = text_index(b, name), .type = type, .parameter = {p0, p1}};
  return APC_OPERAND(APC_OPERAND_OBJECT, b->object_count++);
}

#define NONE APC_OPERAND_ABSENT

uint32_t step_of(builder *b, uint32_t routine, uint32_t op, uint32_t flags, const uint32_t operands[6]) {
  routine_draft *r = &b->routines[routine];
  CHECK(r->count < MAX_STEPS - 1);
  apc_instruction *i = &r->steps[r->count];
  *i = (apc_instruction){.op = (uint16_t)op, .flags = (uint16_t)flags, .site = routine * 1000 + r->count};
  for (uint32_t k = 0; k < 6; k++) i->a[k] = operands[k];
  return r->count++;
}

uint32_t step(builder *b, uint32_t routine, uint32_t op, uint32_t flags, uint32_t a0, uint32_t a1, uint32_t a2) {
  const uint32_t operands[6] = {a0, a1, a2, NONE, NONE, NONE};
  return step_of(b, routine, op, flags, operands);
}

uint32_t list(builder *b, const uint32_t *operands, uint32_t count) {
  CHECK(b->operand_count + count + 1 <= MAX_ENTRIES);
  uint32_t at = b->operand_count;
  b->operands[b->operand_count++] = count;
  for (uint32_t i = 0; i < count; i++) b->operands[b->operand_count++] = operands[i];
  return APC_OPERAND(APC_OPERAND_LIST, at);
}

uint32_t say(builder *b, uint32_t routine, const char *words) {
  return step(b, routine, APC_CALL_LOG, 0, text(b, words), NONE, NONE);
}

uint32_t say_value(builder *b, uint32_t routine, const char *words, uint32_t operand) {
  return step(b, routine, APC_CALL_LOG, 0, text(b, words), list(b, &operand, 1), NONE);
}

uint32_t sleep_ms(builder *b, uint32_t routine, uint32_t milliseconds) {
  return step(b, routine, APC_CALL_SLEEP, 0, number(b, milliseconds), NONE, NONE);
}

uint32_t sleep_ex(builder *b, uint32_t routine, uint32_t milliseconds, bool alertable) {
  return step(b, routine, APC_CALL_SLEEP_EX, alertable ? APC_STEP_ALERTABLE : 0, number(b, milliseconds), NONE, NONE);
}

uint32_t queue_apc(builder *b, uint32_t routine, uint32_t thread, uint32_t apc_routine, uint64_t data) {
  return step(b, routine, APC_CALL_QUEUE_USER_APC, 0, thread, ROUTINE(apc_routine), number(b, data));
}

uint32_t await(builder *b, uint32_t routine, uint32_t thread, apc_thread_state state) {
  return step(b, routine, APC_CALL_AWAIT_STATE, 0, thread, number(b, state), NONE);
}

uint32_t on_thread(builder *b, uint32_t routine, apc_call call, uint32_t thread) {
  return step(b, routine, call, 0, thread, NONE, NONE);
}

uint32_t terminate(builder *b, uint32_t routine, uint32_t thread, uint32_t code) {
  return step(b, routine, APC_CALL_TERMINATE_THREAD, 0, thread, number(b, code), NONE);
}

uint32_t exit_thread(builder *b, uint32_t routine, uint32_t code) {
  return step(b, routine, APC_CALL_EXIT_THREAD, 0, number(b, code), NONE, NONE);
}

uint32_t repeat_begin(builder *b, uint32_t routine, uint32_t local) {
  return step(b, routine, APC_OP_SET_LOCAL, 0, LOCAL(APC_LOCAL_FIRST_FREE + local), number(b, 0), NONE) + 1;
}

void repeat_end(builder *b, uint32_t routine, uint32_t local, uint32_t begin, uint64_t count) {
  step(b, routine, APC_OP_ADD_LOCAL, 0, LOCAL(APC_LOCAL_FIRST_FREE + local), number(b, 1), NONE);
  step(b, routine, APC_OP_JUMP_UNLESS, APC_COMPARE_GE, LOCAL(APC_LOCAL_FIRST_FREE + local), number(b, count),
      APC_OPERAND(APC_OPERAND_TARGET, begin));
}

uint32_t jump(builder *b, uint32_t routine, uint32_t place) {
  return step(b, routine, APC_OP_JUMP, 0, APC_OPERAND(APC_OPERAND_TARGET, place), NONE, NONE);
}

uint32_t begin_if(builder *b, uint32_t routine, uint32_t left, apc_compare compare, uint32_t right) {
  return step(b, routine, APC_OP_JUMP_UNLESS, compare, left, right, APC_OPERAND(APC_OPERAND_TARGET, 0));
}

void end_if(builder *b, uint32_t routine, uint32_t begin) {
  b->routines[routine].steps[begin].a[2] = APC_OPERAND(APC_OPERAND_TARGET, b->routines[routine].count);
}

/* ---- the blob ---- */

typedef struct blob {
  uint8_t *bytes;
  uint32_t used;
} blob;

static void put_table(blob *to, const void *table, size_t bytes) {
  to->used = (to->used + 7u) & ~7u;
  if (bytes > 0) memcpy(to->bytes + to->used, table, bytes);
  to->used += (uint32_t)bytes;
}

static void put_instructions(blob *to, const builder *b, apc_routine_entry *entries, uint32_t total) {
  apc_instruction *all = calloc(total, sizeof *all);
  CHECK(all != NULL);
  uint32_t at = 0;
  for (uint32_t i = 0; i < b->routine_count; i++) {
    const routine_draft *r = &b->routines[i];
    entries[i].first = at;
    entries[i].count = r->count + 1;
    for (uint32_t k = 0; k < r->count; k++) {
      all[at + k] = r->steps[k];
      for (uint32_t o = 0; o < 6; o++) {
        if (all[at + k].a[o] >> 28 == APC_OPERAND_TARGET) all[at + k].a[o] += at;
      }
    }
    all[at + r->count] = (apc_instruction){.op = APC_OP_END, .a = {NONE, NONE, NONE, NONE, NONE, NONE}};
    at += r->count + 1;
  }
  put_table(to, all, total * sizeof *all);
  free(all);
}

uint8_t *builder_blob(builder *b, uint32_t *bytes) {
  apc_routine_entry entries[MAX_ROUTINES] = {0};
  for (uint32_t i = 0; i < b->routine_count; i++) entries[i].name_text = text_index(b, b->routines[i].name);
  apc_program_header h = {.magic = APC_PROGRAM_MAGIC,
      .version = APC_ABI_VERSION,
      .constants = b->constant_count,
      .operands = b->operand_count,
      .routines = b->routine_count,
      .threads = b->thread_count,
      .objects = b->object_count,
      .texts = b->text_count,
      .variables = b->variables};
  for (uint32_t i = 0; i < b->routine_count; i++) h.instructions += b->routines[i].count + 1;
  apc_text_entry texts[MAX_ENTRIES];
  for (uint32_t i = 0; i < b->text_count; i++) {
    texts[i] = (apc_text_entry){.offset = h.text_bytes, .bytes = (uint32_t)strlen(b->texts[i])};
    h.text_bytes += texts[i].bytes;
  }
  blob to = {.bytes = calloc(1, 1 << 20)};
  CHECK(to.bytes != NULL);
  to.used = sizeof h;
  put_table(&to, b->constants, b->constant_count * sizeof(uint64_t));
  put_instructions(&to, b, entries, h.instructions);
  put_table(&to, b->operands, b->operand_count * sizeof(uint32_t));
  put_table(&to, entries, b->routine_count * sizeof *entries);
  put_table(&to, b->threads, b->thread_count * sizeof *b->threads);
  put_table(&to, b->objects, b->object_count * sizeof *b->objects);
  put_table(&to, texts, b->text_count * sizeof *texts);
  put_table(&to, NULL, 0);
  for (uint32_t i = 0; i < b->text_count; i++) {
    memcpy(to.bytes + to.used, b->texts[i], texts[i].bytes);
    to.used += texts[i].bytes;
  }
  h.bytes = to.used;
  memcpy(to.bytes, &h, sizeof h);
  *bytes = to.used;
  return to.bytes;
}
