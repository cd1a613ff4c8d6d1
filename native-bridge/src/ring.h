/*
 * ring.h: one thread's records on their way to the drain.
 *
 *        read                       tail
 *         v                          v
 *   ------#################################-----------     # published, not yet drained      - free
 *          <---- drain (one) ----   <---- the owner (one)
 *
 * One producer, the thread that owns the ring; one consumer, whoever calls apc_drain. Neither waits for the other,
 * takes a lock, allocates or makes a system call. Positions count records, wrap at 2^32 and are masked when used.
 *
 * `published` holds tail and the last head's ticket in one word, so that a reader of one tail learns, by the same load,
 * the highest ticket it may see here: the consistent cut (drain.h) rests on that.
 *
 * A thread may be stopped at any instruction for any time: until the store of `published` nothing of the record exists
 * for the reader, after it all of it does.
 */
#ifndef APC_SRC_RING_H
#define APC_SRC_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "apc.h"

#define RING_MIN_RECORDS 64u
#define RING_DEFAULT_RECORDS                                                                                           \
  131072u /* 4 MiB that cost only what is touched: 10,000 APCs and more between two drains                             \
           */
#define RING_MAX_RECORDS (1u << 24)

/* Room that only a thread's end may use: one `lost` and one `threadEnded`, so that an end is never lost. */
#define RING_RESERVE 2u

typedef struct ring {
  apc_record *records; /* lazily committed; NULL until the thread is created and after it is drained and swept */
  uint32_t capacity;   /* a power of two */

  /* The producer's line. */
  alignas(64) _Atomic uint64_t published; /* ticket of the last head << 32 | tail */
  uint32_t tail;
  uint32_t read_seen; /* a copy of `read`, refreshed only when the ring looks full */
  uint64_t last_time_ns;
  uint64_t unreported;    /* heads that did not fit since the last record */
  _Atomic uint64_t heads; /* published in all; written by the producer only */
  _Atomic uint64_t lost;  /* likewise */

  /* The consumer's line. */
  alignas(64) _Atomic uint32_t read;
} ring;

bool ring_init(ring *r, uint32_t capacity);
void ring_free(ring *r);

/* Makes room for at least `records` more. Only where producer and consumer are the same thread: main's ring. */
bool ring_grow(ring *r, uint32_t records);

/* How many records fit now. Producer only. */
static inline uint32_t ring_room(ring *r) { return r->capacity - (r->tail - r->read_seen); }

/* The same after a look at how far the consumer has come. */
static inline uint32_t ring_room_refreshed(ring *r) {
  r->read_seen = atomic_load_explicit(&r->read, memory_order_acquire);
  return ring_room(r);
}

static inline apc_record *ring_at(const ring *r, uint32_t position) {
  return &r->records[position & (r->capacity - 1)];
}

static inline uint32_t published_tail(uint64_t published) { return (uint32_t)published; }
static inline uint32_t published_ticket(uint64_t published) { return (uint32_t)(published >> 32); }

/* Tickets wrap; any two that are in flight at once lie within 2^31 of each other. */
static inline bool ticket_after(uint32_t a, uint32_t b) { return (int32_t)(a - b) > 0; }

#endif
