#include "io_record.h"

static size_t chunk_bytes(void) { return IO_CHUNK_RECORDS * sizeof(io_record); }

bool io_pool_have(os_session *os) {
  if (os->io == NULL) os->io = backend_reserve(sizeof *os->io);
  return os->io != NULL;
}

void io_pool_free(os_session *os) {
  if (os->io == NULL) return;
  for (uint32_t i = 0; i < IO_MAX_CHUNKS; i++) {
    io_record *chunk = atomic_load(&os->io->chunks[i]);
    if (chunk != NULL) backend_release(chunk, chunk_bytes());
  }
  backend_release(os->io, sizeof *os->io);
}

static io_record *at(io_pool *pool, uint32_t index) {
  if (index >= IO_CHUNK_RECORDS * IO_MAX_CHUNKS) return NULL;
  io_record *chunk = atomic_load_explicit(&pool->chunks[index / IO_CHUNK_RECORDS], memory_order_acquire);
  return chunk == NULL ? NULL : &chunk[index % IO_CHUNK_RECORDS];
}

io_record *io_record_at(session *s, uint32_t place) {
  io_pool *pool = s->os->io;
  return place == 0 || pool == NULL ? NULL : at(pool, place - 1);
}

/* Two threads may want the same chunk at once, as in apc_pool.c. */
static bool have_chunk(io_pool *pool, uint32_t number) {
  if (number >= IO_MAX_CHUNKS) return false;
  if (atomic_load_explicit(&pool->chunks[number], memory_order_acquire) != NULL) return true;
  io_record *chunk = backend_reserve(chunk_bytes());
  if (chunk == NULL) return false;
  for (uint32_t i = 0; i < IO_CHUNK_RECORDS; i++) chunk[i].index = number * IO_CHUNK_RECORDS + i;
  io_record *none = NULL;
  if (!atomic_compare_exchange_strong(&pool->chunks[number], &none, chunk)) backend_release(chunk, chunk_bytes());
  return true;
}

static io_record *carve(io_pool *pool) {
  uint32_t index = atomic_load(&pool->carved);
  do {
    if (!have_chunk(pool, index / IO_CHUNK_RECORDS)) return NULL;
  } while (!atomic_compare_exchange_weak(&pool->carved, &index, index + 1));
  return at(pool, index);
}

/* The tag, raised by every change, keeps a pop from succeeding when the same record came and went in between. */
static io_record *pop(io_pool *pool) {
  uint64_t top = atomic_load(&pool->free);
  for (;;) {
    if ((uint32_t)top == 0) return NULL;
    io_record *first = at(pool, (uint32_t)top - 1);
    uint64_t next = ((top >> 32) + 1) << 32 | atomic_load(&first->next);
    if (atomic_compare_exchange_weak(&pool->free, &top, next)) return first;
  }
}

static void push(io_pool *pool, io_record *record) {
  uint64_t top = atomic_load(&pool->free);
  uint64_t next;
  do {
    atomic_store(&record->next, (uint32_t)top);
    next = ((top >> 32) + 1) << 32 | (record->index + 1);
  } while (!atomic_compare_exchange_weak(&pool->free, &top, next));
}

io_record *io_record_take(session *s) {
  io_pool *pool = s->os->io;
  if (pool == NULL) return NULL;
  io_record *record = pop(pool);
  if (record == NULL) record = carve(pool);
  if (record == NULL) return NULL;
  record->overlapped = (OVERLAPPED){0};
  record->session = s->number;
  atomic_store(&record->done, 0);
  record->owner = NULL;
  record->io = NULL;
  record->file = (handle_ref){0};
  record->changes = NULL;
  record->armed = 0;
  return record;
}

void io_record_is_done(session *s, io_record *record, uint32_t why) {
  uint32_t before = atomic_fetch_or(&record->done, why);
  bool whole = (before | why) == (IO_COMPLETED | IO_SUPERSEDED);
  if (whole && before != (IO_COMPLETED | IO_SUPERSEDED)) push(s->os->io, record);
}
