/* signal.c: calls on objects that neither wait nor queue anything. */
#include "../life.h"
#include "win32.h"

static BOOL make_call(lab_thread *t, apc_call call, HANDLE real, lab_object *o, uint32_t count) {
  switch (call) {
    case APC_CALL_SET_EVENT: return SetEvent(real);
    case APC_CALL_RESET_EVENT: return ResetEvent(real);
    case APC_CALL_PULSE_EVENT: return PulseEvent(real);
    case APC_CALL_RELEASE_SEMAPHORE: return ReleaseSemaphore(real, (LONG)count, NULL);
    case APC_CALL_RELEASE_MUTEX: return ReleaseMutex(real);
    default: return os_cancel_timer(t, real, o);
  }
}

/* Whoever has the mutex next may say so before this thread says that it has it no more: that one stays. */
static void forget_owner(lab_thread *t, lab_object *mutex) {
  uint32_t owner = t->index;
  atomic_compare_exchange_strong(&mutex->os->owner, &owner, APC_OWNER_NONE);
}

/* The other end of a pipe is told too: it finds nobody there any more. */
static uint32_t close_handle(lab_thread *t, handle_ref handle) {
  uint32_t result = os_close(t, handle);
  lab_object *o = handle.object;
  bool pipe = o != NULL && (o->type == APC_OBJECT_PIPE_READ || o->type == APC_OBJECT_PIPE_WRITE);
  if (result != 0 && pipe) os_tell(t, t->session->objects[o->parameter[0]]);
  if (o != NULL && o->type != APC_OBJECT_HANDLE) os_stir_io(o);
  return result;
}

uint32_t backend_object_call(lab_thread *t, apc_call call, handle_ref handle, uint32_t count) {
  if (call == APC_CALL_CLOSE_HANDLE || call == APC_CALL_CLOSE_PIPE_END) return close_handle(t, handle);
  HANDLE real = os_handle_of(t, handle);
  lab_object *o = os_object_of(handle);
  SetLastError(t->last_error);
  BOOL done = make_call(t, call, real, o, count);
  t->last_error = GetLastError();
  os_stir(t->session, os_bit_of(handle));
  if (!done || o == NULL) return done ? 1 : 0;
  os_tell(t, o);
  if (o->type == APC_OBJECT_MUTEX && (atomic_load(&o->os->told) & 0xFFFF) != t->index) forget_owner(t, o);
  return 1;
}
