#include "life.h"

#include "backend.h"
#include "publish.h"

static void fill_node(
    const lab_thread *by, const lab_thread *target, apc_node *node, uint32_t id, uint32_t routine, uint64_t data) {
  node->id = id;
  node->routine = (uint16_t)routine;
  node->target = target->index;
  node->by = by->index;
  node->arguments[0] = data;
  node->arguments[1] = 0;
  node->arguments[2] = 0;
}

static void count_queued(lab_thread *by, int change) {
  uint64_t queued = atomic_load_explicit(&by->queued, memory_order_relaxed);
  atomic_store_explicit(&by->queued, queued + (uint64_t)(int64_t)change, memory_order_release);
}

static uint32_t queue_node(lab_thread *by, lab_thread *target, uint32_t id, uint32_t routine, uint64_t data) {
  if (!lab_thread_is_created(target)) {
    by->last_error = WIN32_ERROR_INVALID_HANDLE;
    return 0;
  }
  apc_pool *pool = &by->session->pool;
  apc_node *node = apc_pool_take(pool, &by->cache);
  if (node == NULL) {
    by->last_error = WIN32_ERROR_NOT_ENOUGH_MEMORY;
    return 0;
  }
  fill_node(by, target, node, id, routine, data);
  /* Counted before it can be delivered: what has settled is never more than what was queued. */
  count_queued(by, 1);
  uint32_t result = backend_queue_user_apc(by, target, node);
  if (result == 0) {
    count_queued(by, -1);
    apc_pool_give(pool, &by->cache, node);
  }
  return result;
}

queue_outcome life_queue_user_apc(lab_thread *by, lab_thread *target, uint32_t routine, uint64_t data, uint32_t site) {
  uint32_t id = atomic_fetch_add_explicit(&by->session->apc_ids, 1, memory_order_relaxed) + 1;
  uint64_t value = target->index | (uint64_t)routine << 16 | site_bits(site);
  uint64_t began_ns = publish_with(by, APC_KIND_APC_QUEUEING, APC_CALL_QUEUE_USER_APC, id, value, &data, 1);
  uint32_t result = queue_node(by, target, id, routine, data);
  apc_kind kind = result != 0 ? APC_KIND_APC_QUEUED : APC_KIND_APC_QUEUE_FAILED;
  uint64_t returned_ns = publish(by, kind, APC_CALL_QUEUE_USER_APC, id, result | (uint64_t)by->last_error << 32);
  return (queue_outcome){.result = result, .elapsed_ns = returned_ns - began_ns};
}

static void count_created(lab_thread *t) {
  session *s = t->session;
  if (t->index == APC_THREAD_CONTROLLER) {
    atomic_fetch_add(&s->controller_created, 1);
    return;
  }
  atomic_fetch_add(&s->threads_created, 1);
  if (t->of_program) atomic_fetch_add(&s->program_threads_created, 1);
}

static uint32_t create(lab_thread *by, lab_thread *t, bool suspended) {
  if (t->ring.records == NULL && !ring_init(&t->ring, t->session->ring_records)) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  return backend_thread_create(by, t, suspended);
}

uint32_t life_create_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended) {
  uint32_t declared = CREATION_DECLARED;
  if (!atomic_compare_exchange_strong(&t->created, &declared, CREATION_CLAIMED)) {
    by->last_error = WIN32_ERROR_ALREADY_EXISTS;
    return 0;
  }
  t->routine = (uint16_t)routine;
  uint32_t error = create(by, t, suspended);
  if (error != 0) {
    atomic_store(&t->created, CREATION_DECLARED);
    by->last_error = error;
    return 0;
  }
  uint64_t value = atomic_load_explicit(&t->os_id, memory_order_relaxed) | (uint64_t)t->routine << 32 |
                   (uint64_t)suspended << 48 | (uint64_t)(t->index == APC_THREAD_CONTROLLER) << 49;
  publish(by, APC_KIND_THREAD_CREATED, APC_CALL_CREATE_THREAD, subject_of(t), value);
  count_created(t);
  /* From here on others may act on it. Stored before the thread can run, and before it looks at `stopping`: apc_stop
   * either finds it or is seen by it. */
  atomic_store(&t->created, CREATION_DONE);
  backend_thread_release(t);
  return t->index;
}

bool life_suspend(lab_thread *by, lab_thread *target, uint32_t *result) {
  if (lab_thread_is_created(target)) return backend_suspend(by, target, result);
  by->last_error = WIN32_ERROR_INVALID_HANDLE;
  *result = WIN32_FAILED;
  return true;
}

uint32_t life_resume(lab_thread *by, lab_thread *target) {
  if (lab_thread_is_created(target)) return backend_resume(by, target);
  by->last_error = WIN32_ERROR_INVALID_HANDLE;
  return WIN32_FAILED;
}

bool life_terminate(lab_thread *by, lab_thread *target, uint32_t code, uint32_t *result) {
  if (lab_thread_is_created(target)) {
    *result = backend_terminate(by, target, code);
    return by != target;
  }
  by->last_error = WIN32_ERROR_INVALID_HANDLE;
  *result = 0;
  return true;
}

void life_publish_count(
    lab_thread *by, lab_thread *target, apc_kind kind, uint32_t now, uint32_t before, uint32_t flags) {
  publish_flagged(by, flags, kind, 0, subject_of(target), now | (uint64_t)before << 32);
}
