/*
 * apc_pool.h: where APC nodes come from. A node is one APC from the moment it is queued until it begins to run or is
 * lost.
 *
 * Any lab thread allocates (it queues) and any frees (it delivers), at rates of millions a second, and on win32 each
 * may be suspended at any instruction: so no lock and no heap. Every thread keeps a small cache of its own; caches
 * trade batches of nodes over one lock-free stack. Node memory comes in chunks straight from the operating system,
 * stays mapped until the session closes, and is addressed by index: an index that comes back from the system (the
 * argument of a Win32 APC) can be checked without following a pointer.
 */
#ifndef APC_SRC_APC_POOL_H
#define APC_SRC_APC_POOL_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APC_CHUNK_NODES 4096u
#define APC_MAX_CHUNKS 4096u /* 16.7 million APCs pending at once */
#define APC_BATCH_NODES 32u

/* Where a node is, for an engine that has no queue of its own to look into (win32). */
typedef enum apc_node_state {
  APC_NODE_FREE = 0,
  APC_NODE_QUEUEING = 1, /* the queuing call has not returned */
  APC_NODE_QUEUED = 2
} apc_node_state;

typedef struct apc_node {
  struct apc_node *next; /* in whatever list the owner keeps it */
  uint32_t index;        /* of itself, for good */
  uint32_t id;           /* the APC's id in the trace */
  uint16_t routine;
  uint16_t target, by; /* thread indices: whose queue, who queued it */
  uint16_t origin;     /* apc_call that made it */
  bool special;
  bool armed;                  /* of a timer or an I/O: its arguments are told when it begins */
  uint32_t reserve;            /* object index + 1 of the reserve object that it occupies (posix), or 0 */
  uint32_t site;               /* of the step that made it */
  uint64_t due_ns;             /* win32: when the timer that armed it expires, of the engine's clock */
  _Atomic uint32_t batch_next; /* index + 1 of the next batch on the shared stack */
  _Atomic uint64_t life; /* generation << 2 | apc_node_state; the generation rises whenever the node is given back */
  uint64_t arguments[3];
} apc_node;

#define APC_LIFE(generation, state) ((uint64_t)(generation) << 2 | (uint64_t)(state))
#define APC_LIFE_STATE(life) ((apc_node_state)((life)&3))
#define APC_LIFE_GENERATION(life) ((life) >> 2)

typedef struct apc_pool {
  alignas(64) _Atomic uint64_t stack; /* tag << 32 | index + 1 of the first batch */
  _Atomic uint32_t carved;            /* nodes ever handed out of chunks */
  _Atomic(apc_node *) chunks[APC_MAX_CHUNKS];
} apc_pool;

/* Owned by one thread. */
typedef struct apc_cache {
  apc_node *first;
  uint32_t count;
} apc_cache;

/* NULL when the pool's limit or memory is exhausted. */
apc_node *apc_pool_take(apc_pool *pool, apc_cache *cache);
void apc_pool_give(apc_pool *pool, apc_cache *cache, apc_node *node);
/* Hands a cache back, whose owner is gone. */
void apc_pool_flush(apc_pool *pool, apc_cache *cache);
void apc_pool_free(apc_pool *pool);

/* The node of an index, or NULL where none was ever carved. */
static inline apc_node *apc_pool_at(apc_pool *pool, uint32_t index) {
  if (index >= APC_CHUNK_NODES * APC_MAX_CHUNKS) return NULL;
  apc_node *chunk = atomic_load_explicit(&pool->chunks[index / APC_CHUNK_NODES], memory_order_acquire);
  return chunk == NULL ? NULL : &chunk[index % APC_CHUNK_NODES];
}

#endif
