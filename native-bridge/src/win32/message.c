/* message.c: a thread's message queue. user32 is loaded by main where a session uses it (thread.c). */
#include "../life.h"
#include "symbols.h"

static uint32_t fail(lab_thread *t, uint32_t error) {
  t->last_error = error;
  return 0;
}

/* A thread gets its queue, and whatever user32 makes for it, at its first call there: that is to happen outside a wait,
 * where it could be terminated. A range of messages that nobody posts leaves those that are there new. */
#define NO_MESSAGE 0xBFFFu
void os_have_message_queue(lab_thread *t) {
  peek_message_fn peek = os_messages()->peek_message;
  if (t->os->has_messages || peek == NULL) return;
  MSG message;
  os_enter_system(t);
  peek(&message, NULL, NO_MESSAGE, NO_MESSAGE, PM_NOREMOVE | PM_NOYIELD);
  os_leave_system(t);
  t->os->has_messages = true;
}

uint32_t backend_post_message(lab_thread *t, lab_thread *target, uint32_t message, uint64_t parameter) {
  post_thread_message_fn post = os_messages()->post_thread_message;
  if (post == NULL) return fail(t, WIN32_ERROR_PROC_NOT_FOUND);
  /* The id is its own while our handle is open: it cannot be somebody else's by now. */
  if (!lab_thread_is_created(target)) return fail(t, WIN32_ERROR_INVALID_THREAD_ID);
  os_enter_system(t);
  SetLastError(t->last_error);
  BOOL done = post(target->os->id, message, (WPARAM)parameter, 0);
  t->last_error = GetLastError();
  os_leave_system(t);
  if (atomic_load(&target->os->waits_for) & OS_BIT_MESSAGES) os_wait_is_stirred(target->os);
  return done ? 1 : 0;
}

uint32_t backend_peek_message(lab_thread *t, bool keep) {
  peek_message_fn peek = os_messages()->peek_message;
  if (peek == NULL) return fail(t, WIN32_ERROR_PROC_NOT_FOUND);
  MSG message;
  os_enter_system(t);
  SetLastError(t->last_error);
  BOOL there = peek(&message, NULL, 0, 0, keep ? PM_NOREMOVE : PM_REMOVE);
  t->last_error = GetLastError();
  os_leave_system(t);
  t->os->has_messages = true;
  return there ? 1 : 0;
}
