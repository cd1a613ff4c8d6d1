/* port.c: completion ports and the threads' message queues. */
#include "dispatcher.h"

#define MOST_MESSAGES 10000u
#define WIN32_ERROR_ABANDONED_WAIT_0 735u
#define WIN32_ERROR_NOT_ENOUGH_QUOTA 1816u

static uint32_t fail(lab_thread *t, uint32_t error) {
  t->last_error = error;
  return 0;
}

uint32_t backend_create_port(lab_thread *t, lab_object *port) {
  dispatcher_lock(t);
  bool existed = port->os->exists;
  port->os->exists = true;
  object_tell(t, port->os);
  dispatcher_unlock(t);
  return existed ? fail(t, WIN32_ERROR_ALREADY_EXISTS) : port->index + 1;
}

uint32_t backend_post_packet(lab_thread *t, handle_ref handle, uint32_t bytes, uint64_t key) {
  (void)bytes, (void)key; /* nobody looks at them */
  os_object *port;
  dispatcher_lock(t);
  handle_fault fault = handle_object(handle, ACCESS_MODIFY_STATE, APC_OBJECT_PORT, APC_OBJECT_PORT, &port);
  if (fault == HANDLE_GOOD) {
    port->count++;
    dispatcher_signal(t, &port->waiters);
    object_tell(t, port);
  }
  dispatcher_unlock(t);
  return fault == HANDLE_GOOD ? 1 : fail(t, handle_error(fault));
}

uint32_t backend_bind_to_port(lab_thread *t, handle_ref file, handle_ref port_handle, uint64_t key) {
  (void)key;
  os_object *end, *port;
  dispatcher_lock(t);
  handle_fault fault = handle_object(port_handle, ACCESS_MODIFY_STATE, APC_OBJECT_PORT, APC_OBJECT_PORT, &port);
  if (fault == HANDLE_GOOD) {
    fault = handle_object(file, 0, APC_OBJECT_PIPE_READ, APC_OBJECT_PIPE_WRITE, &end);
    if (fault != HANDLE_GOOD) fault = handle_object(file, 0, APC_OBJECT_FILE, APC_OBJECT_FILE, &end);
  }
  bool again = fault == HANDLE_GOOD && end->bound;
  if (fault == HANDLE_GOOD) end->bound = true;
  dispatcher_unlock(t);
  if (fault != HANDLE_GOOD) return fail(t, handle_error(fault));
  return again ? fail(t, WIN32_ERROR_INVALID_PARAMETER) : port->self->index + 1;
}

static uint32_t packet_error(const object_wait *wait, wait_end end) {
  switch (end) {
    case WAIT_ENDED_BY_APC: return WIN32_WAIT_IO_COMPLETION;
    case WAIT_ENDED_BY_TIMEOUT: return WIN32_WAIT_TIMEOUT;
    default: return wait->result == WIN32_WAIT_ABANDONED ? WIN32_ERROR_ABANDONED_WAIT_0 : 0;
  }
}

/* With its last handle it closes: those who wait for its packets wait no longer, and what is in it is lost. Who only
 * waits for the port goes on. */
void port_close(lab_thread *by, os_object *port) {
  port->abandoned = true;
  port->count = 0;
  dispatcher_signal(by, &port->waiters);
}

/* A thread that takes from this port already gets the packet before its APCs, another its APCs first (fact 77). */
bool backend_get_packet(
    lab_thread *t, handle_ref handle, uint32_t milliseconds, bool extended, bool alertable, uint32_t *result) {
  (void)extended;
  os_object *port;
  uint32_t error = 0;
  wait_end end = WAIT_ENDED_BY_CONDITION;
  dispatcher_lock(t);
  handle_fault fault = handle_object(handle, ACCESS_MODIFY_STATE, APC_OBJECT_PORT, APC_OBJECT_PORT, &port);
  if (fault != HANDLE_GOOD) {
    error = handle_error(fault);
  } else {
    object_wait wait = {.waiter = t->os,
        .alertable = alertable,
        .deadline_ns = os_deadline_of(milliseconds),
        .takes_packet = true,
        .apc_first = t->os->port != port,
        .count = 1};
    wait.on[0] = &port->waiters;
    end = dispatcher_wait(&wait);
    error = packet_error(&wait, end);
  }
  dispatcher_unlock(t);
  *result = error == 0 ? 1 : fail(t, error);
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

/* A thread has a message queue once it looked for messages. */
uint32_t backend_post_message(lab_thread *t, lab_thread *target, uint32_t message, uint64_t parameter) {
  (void)message, (void)parameter;
  if (!lab_thread_is_created(target)) return fail(t, WIN32_ERROR_INVALID_THREAD_ID);
  os_thread *os = target->os;
  dispatcher_lock(t);
  uint32_t error = 0;
  if (!os->has_message_queue || os->has_ended) error = WIN32_ERROR_INVALID_THREAD_ID;
  else if (os->messages >= MOST_MESSAGES) error = WIN32_ERROR_NOT_ENOUGH_QUOTA;
  if (error == 0) {
    os->messages++;
    os->new_messages = true;
    if (os->wait != NULL && os->wait->for_messages) dispatcher_look(t, os->wait);
  }
  dispatcher_unlock(t);
  return error == 0 ? 1 : fail(t, error);
}

uint32_t backend_peek_message(lab_thread *t, bool keep) {
  os_thread *os = t->os;
  dispatcher_lock(t);
  os->has_message_queue = true;
  bool there = os->messages > 0;
  os->new_messages = false; /* it has looked */
  if (there && !keep) os->messages--;
  dispatcher_unlock(t);
  return there;
}
