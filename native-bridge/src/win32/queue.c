/* queue.c: QueueUserAPC and its kin, and what the kernel calls back. */
#include "../life.h"
#include "deliver.h"
#include "symbols.h"

/* ---- what comes back ---- */

/* The thread that an APC with this token is for, if it is this one. */
static lab_thread *find(ULONG_PTR token, os_arrival *arrival) {
  session *s = token_session(token);
  apc_node *node = s != NULL ? apc_pool_at(&s->pool, token_index(token)) : NULL;
  lab_thread *t = node != NULL ? os_thread_here(s, node->target) : NULL;
  if (t == NULL) return NULL;
  *arrival = (os_arrival){.node = node, .generation = token_generation(token)};
  return t;
}

static void arrive(ULONG_PTR token, DWORD last_error, bool specially) {
  os_arrival arrival;
  lab_thread *t = find(token, &arrival);
  if (t == NULL) return;
  if (specially) os_deliver_specially(t, &arrival, last_error);
  else os_deliver(t, &arrival, last_error);
}

static void CALLBACK on_apc(ULONG_PTR token) { arrive(token, GetLastError(), false); }
static void CALLBACK on_special(ULONG_PTR token) { arrive(token, GetLastError(), true); }

/* APC_CALLBACK_DATA, to which the parameter points with CALLBACK_DATA_CONTEXT (fact 130). */
typedef struct callback_data {
  ULONG_PTR parameter;
  CONTEXT *context;
  ULONG_PTR reserved[2];
} callback_data;
static ULONG_PTR token_in(ULONG_PTR data) { return ((const callback_data *)data)->parameter; }
static void CALLBACK on_apc_with_context(ULONG_PTR data) { arrive(token_in(data), GetLastError(), false); }
static void CALLBACK on_special_with_context(ULONG_PTR data) { arrive(token_in(data), GetLastError(), true); }

/* A native routine gets three arguments (fact 15). Ours: the token, and the second and third of the scenario's. */
static void WINAPI on_native(void *token, void *two, void *three) {
  (void)two, (void)three;
  arrive((ULONG_PTR)token, GetLastError(), false);
}
static void WINAPI on_special_native(void *token, void *two, void *three) {
  (void)two, (void)three;
  arrive((ULONG_PTR)token, GetLastError(), true);
}

/* Never in the trace: ends an alertable wait, and with it the thread, when the session stops. */
static void CALLBACK on_stop(ULONG_PTR token) {
  lab_thread *t = os_thread_here(token_session(token), token_index(token));
  if (t != NULL) os_end_if_asked(t);
}

void os_queue_stop_apc(os_thread *os) {
  QueueUserAPC(on_stop, os->handle, token_of(os->self->session, os->self->index, 0));
}

/* ---- the calls ---- */

#define FLAG_SPECIAL 0x1u
#define FLAG_CONTEXT 0x10000u
#define RESERVE_SPECIAL ((HANDLE)(ULONG_PTR)1) /* in place of a reserve object (fact 132) */

static uint32_t queue2(HANDLE thread, const queue_call *call, ULONG_PTR token) {
  queue_user_apc2_fn queue = os_symbols()->queue_user_apc2;
  if (queue == NULL) {
    SetLastError(WIN32_ERROR_PROC_NOT_FOUND);
    return 0;
  }
  PAPCFUNC routine = call->context ? (call->special ? on_special_with_context : on_apc_with_context)
                                   : (call->special ? on_special : on_apc);
  return queue(routine, thread, token, (call->special ? FLAG_SPECIAL : 0) | (call->context ? FLAG_CONTEXT : 0)) ? 1 : 0;
}

static uint32_t queue_native(
    lab_thread *by, HANDLE thread, const queue_call *call, const apc_node *node, ULONG_PTR token) {
  nt_apc_routine routine = call->special ? on_special_native : on_native;
  if (node->routine == APC_ROUTINE_NONE) routine = NULL; /* the kernel takes it and runs nothing (fact 11) */
  void *two = (void *)(ULONG_PTR)node->arguments[1];
  void *three = (void *)(ULONG_PTR)node->arguments[2];
  const win32_symbols *s = os_symbols();
  if (call->call == APC_CALL_NT_QUEUE_APC_THREAD) {
    if (s->nt_queue_apc_thread == NULL) return NT_STATUS_PROCEDURE_NOT_FOUND;
    return (uint32_t)s->nt_queue_apc_thread(thread, routine, (void *)token, two, three);
  }
  if (s->nt_queue_apc_thread_ex == NULL) return NT_STATUS_PROCEDURE_NOT_FOUND;
  HANDLE reserve = call->special ? RESERVE_SPECIAL : NULL;
  bool null = call->reserve.thread == NULL && call->reserve.object == NULL && call->reserve.pseudo == APC_HANDLE_NULL;
  if (call->with_reserve && !null) reserve = os_handle_of(by, call->reserve);
  return (uint32_t)s->nt_queue_apc_thread_ex(thread, reserve, routine, (void *)token, two, three);
}

static uint32_t make_call(lab_thread *by, const queue_call *call, const apc_node *node, ULONG_PTR token) {
  HANDLE thread = os_handle_of(by, call->target);
  switch (call->call) {
    case APC_CALL_QUEUE_USER_APC: return QueueUserAPC(on_apc, thread, token);
    case APC_CALL_QUEUE_USER_APC2: return queue2(thread, call, token);
    default: {
      uint32_t status = queue_native(by, thread, call, node, token);
      /* The section that stands in for a bad handle is of a wrong type. */
      bool stood_in = os_symbols()->strict_handles && os_is_bad_handle(thread);
      return stood_in && status == NT_STATUS_OBJECT_TYPE_MISMATCH ? NT_STATUS_INVALID_HANDLE : status;
    }
  }
}

/* The reserve object that this call occupies where it succeeds. */
static lab_object *reserve_of(const queue_call *call) {
  lab_object *o = call->with_reserve ? os_object_of(call->reserve) : NULL;
  return o != NULL && o->type == APC_OBJECT_RESERVE ? o : NULL;
}

uint32_t backend_queue_apc(lab_thread *by, const queue_call *call, apc_node *node, bool *goes_on) {
  (void)goes_on; /* an ending thread does not return */
  lab_thread *target = backend_thread_of(by, call->target);
  lab_object *reserve = reserve_of(call);
  bool runs = node->routine != APC_ROUTINE_NONE;
  uint64_t generation = APC_LIFE_GENERATION(atomic_load_explicit(&node->life, memory_order_relaxed));
  uint64_t queueing = APC_LIFE(generation, APC_NODE_QUEUEING);
  if (reserve != NULL && runs) {
    node->reserve = reserve->index + 1;
    atomic_fetch_add(&reserve->os->in_use, 1);
  }
  if (target != NULL && runs) {
    atomic_store(&node->life, queueing);
    atomic_fetch_add(&target->os->outstanding, 1);
  }
  SetLastError(by->last_error);
  uint32_t result = make_call(by, call, node, token_of(by->session, node->index, generation));
  by->last_error = GetLastError();
  if (!life_queue_succeeded(call->call, result)) {
    if (target != NULL && runs) atomic_fetch_sub(&target->os->outstanding, 1);
    if (reserve != NULL && runs) atomic_fetch_sub(&reserve->os->in_use, 1);
    return result;
  }
  if (target == NULL || !runs) return result;
  os_wait_is_stirred(target->os);
  /* It may have begun, or even ended, already: then its life has moved on and is left alone. */
  atomic_compare_exchange_strong(&node->life, &queueing, APC_LIFE(generation, APC_NODE_QUEUED));
  if (reserve != NULL) os_tell(by, reserve);
  if (target == by && call->special) os_run_specials(by); /* it came, and was kept (fact 127) */
  return result;
}

/* User mode cannot read the kernel's list: a number at best. */
backend_snapshot backend_hold_queue(lab_thread *owner, uint64_t *ids, uint32_t capacity) {
  (void)ids, (void)capacity;
  if (owner->os == NULL) return (backend_snapshot){.complete = true};
  uint32_t outstanding = atomic_load(&owner->os->outstanding);
  return (backend_snapshot){.queued = outstanding, .complete = outstanding == 0};
}

void backend_release_queue(lab_thread *owner, backend_snapshot snapshot) { (void)owner, (void)snapshot; }
