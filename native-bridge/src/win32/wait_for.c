/* wait_for.c: the calls that wait for handles. The system finds what is wrong with them (fact 55). */
#include "../life.h"
#include "symbols.h"

#define MOST_HANDLES 65u /* one more than Windows takes, so that it can refuse them */

static DWORD message_flags(const wait_call *call) {
  return (call->alertable ? MWMO_ALERTABLE : 0) | (call->wait_all ? MWMO_WAITALL : 0) |
         (call->input_available ? MWMO_INPUTAVAILABLE : 0);
}

static DWORD wait_for_messages(const wait_call *call, const HANDLE *handles) {
  msg_wait_fn wait = os_messages()->msg_wait;
  if (wait != NULL) return wait(call->count, handles, call->milliseconds, QS_ALLINPUT, message_flags(call));
  SetLastError(WIN32_ERROR_PROC_NOT_FOUND);
  return WAIT_FAILED;
}

static DWORD make_call(const wait_call *call, const HANDLE *handles, HANDLE signal) {
  DWORD ms = call->milliseconds;
  switch (call->call) {
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT: return WaitForSingleObject(handles[0], ms);
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT_EX: return WaitForSingleObjectEx(handles[0], ms, call->alertable);
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS: return WaitForMultipleObjects(call->count, handles, call->wait_all, ms);
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS_EX:
      return WaitForMultipleObjectsEx(call->count, handles, call->wait_all, ms, call->alertable);
    case APC_CALL_SIGNAL_OBJECT_AND_WAIT: return SignalObjectAndWait(signal, handles[0], ms, call->alertable);
    default: return wait_for_messages(call, handles);
  }
}

/* A mutex is ours now; an event, a timer that resets itself and a semaphore have given something away. */
static void tell_taken(lab_thread *t, handle_ref handle) {
  lab_object *o = os_object_of(handle);
  if (o == NULL) return;
  if (o->type == APC_OBJECT_MUTEX) atomic_store(&o->os->owner, t->index);
  os_tell(t, o);
}

static void tell_all_taken(lab_thread *t, const wait_call *call, DWORD result) {
  DWORD first = result < WAIT_ABANDONED_0 ? WAIT_OBJECT_0 : WAIT_ABANDONED_0;
  DWORD which = result - first;
  if (call->wait_all && which <= call->count) {
    for (uint32_t i = 0; i < call->count; i++) tell_taken(t, call->handles[i]);
  } else if (which < call->count) {
    tell_taken(t, call->handles[which]);
  }
}

static void tell_signalled(lab_thread *t, handle_ref handle) {
  lab_object *o = os_object_of(handle);
  if (o == NULL) return;
  uint32_t owner = t->index;
  if (o->type == APC_OBJECT_MUTEX) atomic_compare_exchange_strong(&o->os->owner, &owner, APC_OWNER_NONE);
  os_tell(t, o);
}

bool backend_wait_for(lab_thread *t, const wait_call *call, uint32_t *result) {
  bool messages = call->call == APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX;
  bool signals = call->call == APC_CALL_SIGNAL_OBJECT_AND_WAIT;
  HANDLE handles[MOST_HANDLES];
  uint64_t bits = messages ? OS_BIT_MESSAGES : 0;
  for (uint32_t i = 0; i < call->count && i < MOST_HANDLES; i++) {
    handles[i] = os_handle_of(t, call->handles[i]);
    bits |= os_bit_of(call->handles[i]);
  }
  HANDLE signal = signals ? os_handle_of(t, call->signal) : NULL;
  if (messages) os_have_message_queue(t);
  if (signals) os_stir(t->session, os_bit_of(call->signal));
  atomic_store(&t->os->waits_for, bits);
  os_wait_begins(t->os, call->alertable ? APC_STATE_ALERTABLE : APC_STATE_BLOCKED);
  SetLastError(t->last_error);
  *result = make_call(call, handles, signal);
  t->last_error = GetLastError();
  os_wait_ends(t->os);
  if (*result == WAIT_FAILED) return true;
  if (signals) tell_signalled(t, call->signal);
  if (*result != WIN32_WAIT_IO_COMPLETION && *result != WAIT_TIMEOUT) tell_all_taken(t, call, *result);
  return true;
}
