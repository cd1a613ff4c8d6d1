/*
 * inbox.h: how an APC comes to a thread that runs, without its lock.
 *
 *   open     a stack of what was queued since the thread last looked, the newest on top. Anybody pushes; the thread
 *            takes them all at once (queue.c, collect).
 *   closed   nothing enters: whoever queues takes the thread's lock and finds out why. So it is while the thread stands
 *            in an alertable wait, which an APC has to end; while its queue is held still; and once it refuses.
 *
 * Opened and closed under the thread's lock. No wake-up is lost: who pushes and who closes change the same word, so
 * either the closing brings the APC along, or its pusher finds the inbox closed.
 */
#ifndef APC_SRC_POSIX_INBOX_H
#define APC_SRC_POSIX_INBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "../apc_pool.h"

typedef struct inbox {
  _Atomic(apc_node *) newest; /* NULL: empty; INBOX_CLOSED */
} inbox;

/* The address of no node. */
#define INBOX_CLOSED ((apc_node *)alignof(apc_node))

/* False when it is closed; then the node stays the caller's. Any. */
static inline bool inbox_push(inbox *in, apc_node *node) {
  apc_node *newest = atomic_load_explicit(&in->newest, memory_order_relaxed); /* the exchange checks it */
  do {
    if (newest == INBOX_CLOSED) return false;
    node->next = newest;
    /* release: who takes the node sees what is in it, and in those below, whose pushes this one continues. */
  } while (
      !atomic_compare_exchange_weak_explicit(&in->newest, &newest, node, memory_order_release, memory_order_relaxed));
  return true;
}

/* What was in it, the newest first. Locked, these three. */
static inline apc_node *inbox_take(inbox *in) {
  apc_node *newest = atomic_load_explicit(&in->newest, memory_order_relaxed); /* spares the exchange of nothing */
  if (newest == NULL || newest == INBOX_CLOSED) return NULL;
  return atomic_exchange_explicit(&in->newest, NULL, memory_order_acquire); /* acquire: the nodes' contents */
}

static inline apc_node *inbox_close(inbox *in) {
  apc_node *newest = atomic_exchange_explicit(&in->newest, INBOX_CLOSED, memory_order_acquire); /* as above */
  return newest != INBOX_CLOSED ? newest : NULL;
}

/* relaxed: who pushes reads nothing else of the thread. */
static inline void inbox_open(inbox *in) { atomic_store_explicit(&in->newest, NULL, memory_order_relaxed); }

#endif
