#include "life.h"

#include "backend.h"
#include "publish.h"

static void count(_Atomic uint64_t *counter, int change) {
  uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
  atomic_store_explicit(counter, now + (uint64_t)(int64_t)change, memory_order_release);
}

static uint32_t next_apc_id(session *s) { return atomic_fetch_add_explicit(&s->apc_ids, 1, memory_order_relaxed) + 1; }

bool life_queue_succeeded(apc_call call, uint32_t result) {
  bool native = call == APC_CALL_NT_QUEUE_APC_THREAD || call == APC_CALL_NT_QUEUE_APC_THREAD_EX;
  return native ? (int32_t)result >= 0 : result != 0;
}

static apc_node *take_node(lab_thread *by, uint32_t id, uint32_t routine, uint32_t target, apc_call origin) {
  apc_node *node = apc_pool_take(&by->session->pool, &by->cache);
  if (node == NULL) return NULL;
  node->id = id;
  node->routine = (uint16_t)routine;
  node->target = (uint16_t)target;
  node->by = by->index;
  node->origin = (uint16_t)origin;
  node->special = false;
  node->armed = false;
  node->reserve = 0;
  return node;
}

/* What the call returns when it was not even tried. */
static uint32_t refuse(lab_thread *by, apc_call call, uint32_t error, uint32_t status) {
  if (call == APC_CALL_NT_QUEUE_APC_THREAD || call == APC_CALL_NT_QUEUE_APC_THREAD_EX) return status;
  by->last_error = error;
  return 0;
}

static uint32_t queue_node(lab_thread *by, const queue_request *request, uint32_t id, uint32_t target, bool *goes_on) {
  const queue_call *call = &request->call;
  if (call->target.thread != NULL && !lab_thread_is_created(call->target.thread))
    return refuse(by, call->call, WIN32_ERROR_INVALID_HANDLE, NT_STATUS_INVALID_HANDLE);
  apc_node *node = take_node(by, id, request->routine, target, call->call);
  if (node == NULL) return refuse(by, call->call, WIN32_ERROR_NOT_ENOUGH_MEMORY, NT_STATUS_NO_MEMORY);
  node->special = call->special;
  for (uint32_t i = 0; i < 3; i++) node->arguments[i] = request->arguments[i];
  /* Counted before it can be delivered: what has settled is never more than what was queued. */
  count(&by->queued, 1);
  uint32_t result = backend_queue_apc(by, call, node, goes_on);
  bool queued = life_queue_succeeded(call->call, result);
  if (!queued) count(&by->queued, -1);
  else if (request->routine == APC_ROUTINE_NONE) count(&by->vanished, 1);
  if (!queued || request->routine == APC_ROUTINE_NONE) apc_pool_give(&by->session->pool, &by->cache, node);
  return result;
}

queue_outcome life_queue(lab_thread *by, const queue_request *request) {
  const queue_call *call = &request->call;
  uint32_t id = next_apc_id(by->session);
  lab_thread *target = backend_thread_of(by, call->target);
  uint32_t target_index = target != NULL ? target->index : APC_THREAD_NONE;
  uint64_t value = target_index | (uint64_t)request->routine << 16 | (uint64_t)call->special << 32 |
                   (uint64_t)call->context << 33 | (uint64_t)call->with_reserve << 34 | site_bits(request->site);
  uint64_t began_ns = publish_with(
      by, APC_KIND_APC_QUEUEING, call->call, id, value, request->arguments, call->arguments);
  queue_outcome outcome = {.goes_on = true};
  outcome.result = queue_node(by, request, id, target_index, &outcome.goes_on);
  if (!outcome.goes_on) return outcome;
  apc_kind kind = life_queue_succeeded(call->call, outcome.result) ? APC_KIND_APC_QUEUED : APC_KIND_APC_QUEUE_FAILED;
  uint64_t returned_ns = publish(by, kind, call->call, id, outcome.result | (uint64_t)by->last_error << 32);
  outcome.elapsed_ns = returned_ns - began_ns;
  return outcome;
}

apc_node *life_arm(
    lab_thread *teller, lab_thread *owner, apc_call origin, uint32_t routine, uint32_t site, uint32_t flags) {
  uint32_t id = next_apc_id(teller->session);
  apc_node *node = take_node(teller, id, routine, owner->index, origin);
  if (node == NULL) return NULL;
  node->by = owner->index;
  node->armed = true;
  node->site = site;
  uint64_t value = owner->index | (uint64_t)routine << 16 | site_bits(site);
  publish_flagged(teller, flags, APC_KIND_APC_ARMED, origin, id, value);
  return node;
}

void life_fire(lab_thread *teller, apc_node *node, bool tell) {
  count(&teller->queued, 1);
  if (tell) publish(teller, APC_KIND_APC_QUEUED, node->origin, node->id, 1 | (uint64_t)teller->last_error << 32);
}

void life_cancel(lab_thread *teller, apc_node *node, bool was_queued, uint32_t flags) {
  if (was_queued) count(&teller->cancelled, 1);
  publish_flagged(teller, flags, APC_KIND_APC_CANCELLED, node->origin, node->id, 0);
  apc_pool_give(&teller->session->pool, &teller->cache, node);
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

uint32_t life_make_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended) {
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
  return t->index;
}

uint32_t life_create_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended) {
  uint32_t made = life_make_thread(by, t, routine, suspended);
  if (made != 0) backend_thread_release(t);
  return made;
}

/* A thread that was never created has no handle. */
static bool has_handle(lab_thread *by, handle_ref target) {
  if (target.thread == NULL || lab_thread_is_created(target.thread)) return true;
  by->last_error = WIN32_ERROR_INVALID_HANDLE;
  return false;
}

bool life_suspend(lab_thread *by, handle_ref target, uint32_t *result) {
  if (has_handle(by, target)) return backend_suspend(by, target, result);
  *result = WIN32_FAILED;
  return true;
}

uint32_t life_resume(lab_thread *by, handle_ref target) {
  return has_handle(by, target) ? backend_resume(by, target) : WIN32_FAILED;
}

bool life_terminate(lab_thread *by, handle_ref target, uint32_t code, uint32_t *result) {
  bool goes_on = true;
  *result = has_handle(by, target) ? backend_terminate(by, target, code, &goes_on) : 0;
  return goes_on;
}

void life_tell_object(lab_thread *by, const lab_object *o, uint64_t state) {
  publish(by, APC_KIND_OBJECT_CHANGED, 0, o->index, state);
}

void life_publish_count(
    lab_thread *by, lab_thread *target, apc_kind kind, uint32_t now, uint32_t before, uint32_t flags) {
  publish_flagged(by, flags, kind, 0, subject_of(target), now | (uint64_t)before << 32);
}
