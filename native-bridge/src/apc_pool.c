#include "apc_pool.h"

#include "backend.h"

/* Two threads may want the same chunk at once: both map one, one wins the slot, the other unmaps its own. */
static bool have_chunk(apc_pool *pool, uint32_t number) {
  if (number >= APC_MAX_CHUNKS) return false;
  if (atomic_load_explicit(&pool->chunks[number], memory_order_acquire) != NULL) return true;
  size_t bytes = APC_CHUNK_NODES * sizeof(apc_node);
  apc_node *chunk = backend_reserve(bytes);
  if (chunk == NULL) return false;
  for (uint32_t i = 0; i < APC_CHUNK_NODES; i++) chunk[i].index = number * APC_CHUNK_NODES + i;
  apc_node *none = NULL;
  if (!atomic_compare_exchange_strong(&pool->chunks[number], &none, chunk)) backend_release(chunk, bytes);
  return true;
}

/* A batch is a chain of nodes; its first node stands on the stack for all of them. The tag, raised by every change,
 * keeps a pop from succeeding when the same batch was popped and pushed again in between. */
static void push_batch(apc_pool *pool, apc_node *first) {
  uint64_t top = atomic_load_explicit(&pool->stack, memory_order_relaxed);
  uint64_t next;
  do {
    atomic_store_explicit(&first->batch_next, (uint32_t)top, memory_order_relaxed);
    next = ((top >> 32) + 1) << 32 | (first->index + 1);
  } while (
      !atomic_compare_exchange_weak_explicit(&pool->stack, &top, next, memory_order_release, memory_order_relaxed));
}

static apc_node *pop_batch(apc_pool *pool) {
  uint64_t top = atomic_load_explicit(&pool->stack, memory_order_acquire);
  for (;;) {
    if ((uint32_t)top == 0) return NULL;
    apc_node *first = apc_pool_at(pool, (uint32_t)top - 1);
    uint64_t next = ((top >> 32) + 1) << 32 | atomic_load_explicit(&first->batch_next, memory_order_relaxed);
    if (atomic_compare_exchange_weak_explicit(&pool->stack, &top, next, memory_order_acquire, memory_order_acquire))
      return first;
  }
}

static apc_node *carve_batch(apc_pool *pool) {
  uint32_t index = atomic_load_explicit(&pool->carved, memory_order_relaxed);
  do {
    if (!have_chunk(pool, index / APC_CHUNK_NODES)) return NULL;
  } while (!atomic_compare_exchange_weak_explicit(
      &pool->carved, &index, index + APC_BATCH_NODES, memory_order_relaxed, memory_order_relaxed));
  apc_node *first = apc_pool_at(pool, index);
  for (uint32_t i = 0; i < APC_BATCH_NODES; i++) first[i].next = i + 1 < APC_BATCH_NODES ? &first[i + 1] : NULL;
  return first;
}

apc_node *apc_pool_take(apc_pool *pool, apc_cache *cache) {
  if (cache->first == NULL) {
    apc_node *batch = pop_batch(pool);
    if (batch == NULL) batch = carve_batch(pool);
    if (batch == NULL) return NULL;
    cache->first = batch;
    cache->count = 0;
    for (apc_node *node = batch; node != NULL; node = node->next) cache->count++;
  }
  apc_node *node = cache->first;
  cache->first = node->next;
  cache->count--;
  return node;
}

void apc_pool_give(apc_pool *pool, apc_cache *cache, apc_node *node) {
  uint64_t life = atomic_load_explicit(&node->life, memory_order_relaxed);
  atomic_store_explicit(&node->life, APC_LIFE(APC_LIFE_GENERATION(life) + 1, APC_NODE_FREE), memory_order_relaxed);
  if (cache->count >= 2 * APC_BATCH_NODES) {
    apc_node *batch = cache->first;
    apc_node *last = batch;
    for (uint32_t i = 1; i < APC_BATCH_NODES; i++) last = last->next;
    cache->first = last->next;
    cache->count -= APC_BATCH_NODES;
    last->next = NULL;
    push_batch(pool, batch);
  }
  node->next = cache->first;
  cache->first = node;
  cache->count++;
}

void apc_pool_flush(apc_pool *pool, apc_cache *cache) {
  if (cache->first != NULL) push_batch(pool, cache->first);
  *cache = (apc_cache){0};
}

void apc_pool_free(apc_pool *pool) {
  for (uint32_t i = 0; i < APC_MAX_CHUNKS; i++) {
    apc_node *chunk = atomic_load_explicit(&pool->chunks[i], memory_order_relaxed);
    if (chunk != NULL) backend_release(chunk, APC_CHUNK_NODES * sizeof(apc_node));
  }
}
