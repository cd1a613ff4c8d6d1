/*
 * drain.h: every ring's records, merged into one order that a reader can trust.
 *
 * A consistent cut: read all tails and note the highest ticket T seen; read all tails again; hand out, in ticket order,
 * every record up to T. If A caused B, then A's tail was stored before B's ticket was taken, hence before B's tail was
 * stored; so when the first pass saw B, the second sees A. A ticket that was taken but not yet published is not waited
 * for: its record has caused nothing that is visible, and comes with a later drain.
 */
#ifndef APC_SRC_DRAIN_H
#define APC_SRC_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

struct session;
struct lab_thread;

/* One ring with records in the cut. */
typedef struct drain_source {
  struct lab_thread *thread;
  uint32_t at, end; /* positions */
  uint32_t ticket;  /* of the head at `at` */
} drain_source;

/* A binary heap, the lowest ticket on top; kept between drains. */
typedef struct drain_heap {
  drain_source *sources;
  uint32_t count, capacity;
} drain_heap;

void drain_heap_free(drain_heap *heap);

/* Is anything published and not drained, or has a thread ended whose end is not told yet? Main. */
bool drain_has_more(struct session *s);

/* Unmaps the ring of a thread that is swept and drained, and keeps its counts; else does nothing. Main. */
void drain_free_spent_ring(struct session *s, struct lab_thread *thread);

#endif
