/* Finds a program's tables in its bytes. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "program.h"

/* Each table begins at a multiple of 8. Counts are 32-bit and sizes small: 64-bit sums cannot overflow. */
static uint64_t next_table(uint64_t *at, uint32_t count, size_t size) {
  uint64_t first = (*at + 7) & ~(uint64_t)7;
  *at = first + (uint64_t)count * size;
  return first;
}

typedef struct table_offsets {
  uint64_t constants, instructions, operands, routines, threads, objects, texts, text, end;
} table_offsets;

static table_offsets offsets_of(const apc_program_header *h) {
  table_offsets o;
  uint64_t at = sizeof *h;
  o.constants = next_table(&at, h->constants, sizeof(uint64_t));
  o.instructions = next_table(&at, h->instructions, sizeof(apc_instruction));
  o.operands = next_table(&at, h->operands, sizeof(uint32_t));
  o.routines = next_table(&at, h->routines, sizeof(apc_routine_entry));
  o.threads = next_table(&at, h->threads, sizeof(apc_thread_entry));
  o.objects = next_table(&at, h->objects, sizeof(apc_object_entry));
  o.texts = next_table(&at, h->texts, sizeof(apc_text_entry));
  o.text = next_table(&at, h->text_bytes, 1);
  o.end = at;
  return o;
}

static const void *at(const program *p, uint64_t offset) { return (const uint8_t *)p->memory + (size_t)offset; }

static void find_tables(program *p) {
  table_offsets o = offsets_of(&p->header);
  p->constants = at(p, o.constants);
  p->instructions = at(p, o.instructions);
  p->operands = at(p, o.operands);
  p->routines = at(p, o.routines);
  p->threads = at(p, o.threads);
  p->objects = at(p, o.objects);
  p->texts = at(p, o.texts);
  p->text = at(p, o.text);
}

static int32_t check_header(const apc_program_header *h, uint32_t count) {
  if (h->magic != APC_PROGRAM_MAGIC)
    return error_set(
        APC_E_BAD_PROGRAM, "this is no program: its magic number is %08x, not %08x", h->magic, APC_PROGRAM_MAGIC);
  if (h->version != APC_ABI_VERSION)
    return error_set(
        APC_E_BAD_PROGRAM, "the program is of ABI version %u and the library of %u", h->version, APC_ABI_VERSION);
  if (h->bytes != count)
    return error_set(APC_E_BAD_PROGRAM, "the program says that it has %u bytes, and %u were given", h->bytes, count);
  uint64_t end = offsets_of(h).end;
  if (end > count || count - end >= 8)
    return error_set(APC_E_BAD_PROGRAM, "the program's tables end at byte %llu of %u", (unsigned long long)end, count);
  return APC_OK;
}

int32_t program_load(program *p, const void *bytes, uint32_t count) {
  *p = (program){.controller = PROGRAM_NO_CONTROLLER};
  if (bytes == NULL || count < sizeof p->header || count > PROGRAM_MAX_BYTES) {
    return error_set(APC_E_BAD_PROGRAM, "a program has %u to %u bytes, not %u", (unsigned)sizeof p->header,
        PROGRAM_MAX_BYTES, count);
  }
  memcpy(&p->header, bytes, sizeof p->header);
  int32_t error = check_header(&p->header, count);
  if (error != APC_OK) return error;
  /* A copy of its own, made before the tables are read: what was verified is what runs. Empty tables at the end may
   * begin past the last byte, but not past this room. */
  p->memory = malloc((size_t)count + 64);
  if (p->memory == NULL) return error_plain(APC_E_NO_MEMORY);
  memcpy(p->memory, bytes, count);
  find_tables(p);
  error = program_verify(p);
  if (error != APC_OK) program_free(p);
  return error;
}

void program_free(program *p) {
  program_free_text_room(p);
  free(p->memory);
  *p = (program){.controller = PROGRAM_NO_CONTROLLER};
}
