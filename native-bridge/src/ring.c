#include "ring.h"

#include "backend.h"

bool ring_init(ring *r, uint32_t capacity) {
  r->records = backend_reserve((size_t)capacity * sizeof(apc_record));
  r->capacity = r->records != NULL ? capacity : 0;
  return r->records != NULL;
}

void ring_free(ring *r) {
  if (r->records == NULL) return;
  backend_release(r->records, (size_t)r->capacity * sizeof(apc_record));
  r->records = NULL;
  r->capacity = 0;
}

bool ring_grow(ring *r, uint32_t records) {
  uint32_t used = r->tail - atomic_load_explicit(&r->read, memory_order_relaxed);
  uint64_t wanted = (uint64_t)used + records + RING_RESERVE;
  if (wanted <= r->capacity) return true;
  if (wanted > RING_MAX_RECORDS) return false;
  uint32_t capacity = r->capacity;
  while (capacity < wanted) capacity *= 2;
  apc_record *larger = backend_reserve((size_t)capacity * sizeof(apc_record));
  if (larger == NULL) return false;
  for (uint32_t position = r->tail - used; position != r->tail; position++) {
    larger[position & (capacity - 1)] = *ring_at(r, position);
  }
  backend_release(r->records, (size_t)r->capacity * sizeof(apc_record));
  r->records = larger;
  r->capacity = capacity;
  return true;
}
