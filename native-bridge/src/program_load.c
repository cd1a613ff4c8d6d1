/* Finds a program's tables in its bytes. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "program.h"

typedef struct table_cursor {
  const uint8_t *base;
  uint64_t at;
} table_cursor;

/* Each table begins at a multiple of 8. Counts are 32-bit and sizes small: 64-bit sums cannot overflow. */
static const void *next_table(table_cursor *cursor, uint32_t count, uint32_t size) {
  uint64_t first = (cursor->at + 7) & ~(uint64_t)7;
  cursor->at = first + (uint64_t)count * size;
  return cursor->base + (size_t)first;
}

static uint64_t end_of_tables(const apc_program_header *h) {
  table_cursor cursor = {.base = NULL, .at = sizeof *h};
  const uint32_t counts[] = {h->constants, h->instructions, h->operands, h->routines, h->threads, h->objects, h->texts, h->text_bytes};
  const uint32_t sizes[] = {sizeof(uint64_t), sizeof(apc_instruction), sizeof(uint32_t), sizeof(apc_routine_entry),
                            sizeof(apc_thread_entry), sizeof(apc_object_entry), sizeof(apc_text_entry), 1};
  for (int i = 0; i < 8; i++) cursor.at = ((cursor.at + 7) & ~(uint64_t)7) + (uint64_t)counts[i] * sizes[i];
  return cursor.at;
}

static void find_tables(program *p) {
  const apc_program_header *h = &p->header;
  table_cursor cursor = {.base = p->memory, .at = sizeof *h};
  p->constants = next_table(&cursor, h->constants, sizeof(uint64_t));
  p->instructions = next_table(&cursor, h->instructions, sizeof(apc_instruction));
  p->operands = next_table(&cursor, h->operands, sizeof(uint32_t));
  p->routines = next_table(&cursor, h->routines, sizeof(apc_routine_entry));
  p->threads = next_table(&cursor, h->threads, sizeof(apc_thread_entry));
  p->objects = next_table(&cursor, h->objects, sizeof(apc_object_entry));
  p->texts = next_table(&cursor, h->texts, sizeof(apc_text_entry));
  p->text = next_table(&cursor, h->text_bytes, 1);
}

static int32_t check_header(const apc_program_header *h, uint32_t count) {
  if (h->magic != APC_PROGRAM_MAGIC) return error_set(APC_E_BAD_PROGRAM, "this is no program: its magic number is %08x, not %08x", h->magic, APC_PROGRAM_MAGIC);
  if (h->version != APC_ABI_VERSION) return error_set(APC_E_BAD_PROGRAM, "the program is of ABI version %u and the library of %u", h->version, APC_ABI_VERSION);
  if (h->bytes != count) return error_set(APC_E_BAD_PROGRAM, "the program says that it has %u bytes, and %u were given", h->bytes, count);
  uint64_t end = end_of_tables(h);
  if (end > count || count - end >= 8) return error_set(APC_E_BAD_PROGRAM, "the program's tables end at byte %llu of %u", (unsigned long long)end, count);
  return APC_OK;
}

int32_t program_load(program *p, const void *bytes, uint32_t count) {
  *p = (program){.controller = PROGRAM_NO_CONTROLLER};
  if (bytes == NULL || count < sizeof p->header || count > PROGRAM_MAX_BYTES) {
    return error_set(APC_E_BAD_PROGRAM, "a program has %u to %u bytes, not %u", (unsigned)sizeof p->header, PROGRAM_MAX_BYTES, count);
  }
  memcpy(&p->header, bytes, sizeof p->header);
  int32_t error = check_header(&p->header, count);
  if (error != APC_OK) return error;
  /* A copy of its own, made before the tables are read: what was verified is what runs. Empty tables at the end may begin
   * past the last byte, but not past this room. */
  p->memory = malloc((size_t)count + 64);
  if (p->memory == NULL) return error_plain(APC_E_NO_MEMORY);
  memcpy(p->memory, bytes, count);
  find_tables(p);
  error = program_verify(p);
  if (error != APC_OK) program_free(p);
  return error;
}

void program_free(program *p) {
  free(p->memory);
  *p = (program){.controller = PROGRAM_NO_CONTROLLER};
}
