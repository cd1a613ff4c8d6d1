/*
 * io.c: files, pipes, the folder's watch: what begins at once, what is under way, and the routine that is queued when
 * it completes (facts 83..90). A file is a number of bytes; what they are nobody reads.
 */
#include <stdlib.h>

#include "dispatcher.h"

#define PIPE_QUOTA 65536u
#define NOTIFICATION_BYTES 12u /* of FILE_NOTIFY_INFORMATION without its name */

static uint32_t fail(lab_thread *t, uint32_t error) {
  t->last_error = error;
  return 0;
}

/* ---- operations under way ---- */

static void list_push(io_list *list, io_operation *operation) {
  operation->next = NULL;
  if (list->last != NULL) list->last->next = operation;
  else list->first = operation;
  list->last = operation;
}

static bool list_remove(io_list *list, const io_operation *operation) {
  io_operation *previous = NULL;
  for (io_operation *one = list->first; one != NULL; previous = one, one = one->next) {
    if (one != operation) continue;
    if (previous != NULL) previous->next = one->next;
    else list->first = one->next;
    if (list->last == one) list->last = previous;
    return true;
  }
  return false;
}

static io_list *list_of(session *s, const io_operation *operation) {
  return operation->file != NULL ? &operation->file->pending : &s->os->watchers;
}

static io_operation *begin(lab_thread *t, const io_call *call, os_object *file) {
  io_operation *operation = calloc(1, sizeof *operation);
  if (operation == NULL) return NULL;
  operation->node = life_arm(t, t, call->call, call->routine, call->site, 0);
  if (operation->node == NULL) {
    free(operation);
    return NULL;
  }
  operation->owner = t;
  operation->file = file;
  operation->bytes = operation->whole = call->bytes;
  operation->io = call->io->os;
  operation->io->operation = operation;
  operation->io->signaled = false;
  if (file != NULL) file->signaled = false;
  list_push(list_of(t->session, operation), operation);
  return operation;
}

/* The routine's APC takes its place in the queue now: by completion, not by issue (fact 84). */
static void queue_routine(lab_thread *by, io_operation *operation, uint32_t error, uint32_t bytes) {
  apc_node *node = operation->node;
  node->arguments[0] = error;
  node->arguments[1] = bytes;
  node->arguments[2] = operation->io->self->index;
  os_thread *owner = operation->owner->os;
  os_lock(owner);
  if (!owner->refusing) {
    life_fire(by, node, true);
    os_enqueue(owner, node);
  } else {
    life_cancel(by, node, false, 0);
  }
  os_unlock(owner);
}

static void complete(lab_thread *by, io_operation *operation, uint32_t error, uint32_t bytes) {
  list_remove(list_of(by->session, operation), operation);
  os_object *file = operation->file;
  os_object *io = operation->io;
  if (file != NULL && operation->node != NULL) { /* else it has an event of its own, which is signaled instead */
    file->signaled = true;
    dispatcher_signal(by, &file->waiters);
  }
  if (io->operation == operation) {
    io->operation = NULL;
    io->error = error;
    io->transferred = bytes;
    io->signaled = true;
    dispatcher_signal(by, &io->waiters);
  }
  if (operation->node != NULL) queue_routine(by, operation, error, bytes);
  free(operation);
}

/* ---- the folder ---- */

/* Once it is watched, a change that no call waits for is kept for the next one. */
static void tell_watchers(lab_thread *by) {
  os_session *os = by->session->os;
  io_list *watchers = &os->watchers;
  if (watchers->first == NULL) os->folder_changed = os->folder_watched;
  while (watchers->first != NULL) complete(by, watchers->first, 0, NOTIFICATION_BYTES);
}

/* ---- pipes ---- */

uint64_t pipe_readable(const os_object *reading) {
  uint64_t bytes = reading->bytes;
  for (const io_operation *write = reading->other->pending.first; write != NULL; write = write->next)
    bytes += write->bytes;
  return bytes;
}

/* In the order in which they were written: those of complete writes, then those of the ones that wait. */
static uint32_t take_bytes(os_object *reading, uint32_t wanted) {
  uint32_t taken = wanted < reading->bytes ? wanted : reading->bytes;
  reading->bytes -= taken;
  for (io_operation *write = reading->other->pending.first; write != NULL; write = write->next) {
    uint32_t part = wanted - taken < write->bytes ? wanted - taken : write->bytes;
    write->bytes -= part;
    taken += part;
  }
  return taken;
}

/* What is written can be read at once; the write is complete as soon as all that was not read up to its end is within
 * the quota. What waited completes before what was begun now, which may be NULL: as npfs does it, and Wine. */
static void move(lab_thread *by, os_object *reading, io_operation *begun) {
  os_object *writing = reading->other;
  bool is_over = false;
  uint32_t bytes = 0;
  for (;;) {
    io_operation *write = writing->pending.first, *read = reading->pending.first, *done;
    uint32_t moved;
    if (write != NULL && (uint64_t)reading->bytes + write->bytes <= PIPE_QUOTA) {
      reading->bytes += write->bytes;
      done = write;
      moved = write->whole;
    } else if (read != NULL && pipe_readable(reading) > 0) {
      done = read;
      moved = take_bytes(reading, read->bytes);
    } else {
      break;
    }
    if (done != begun) {
      complete(by, done, 0, moved);
      continue;
    }
    list_remove(done == write ? &writing->pending : &reading->pending, done); /* it lets the next ones go on */
    is_over = true;
    bytes = moved;
  }
  if (is_over) complete(by, begun, 0, bytes);
  object_tell(by, reading);
  object_tell(by, writing);
}

/* A write that waited is gone, and what it would have written. */
static void writes_go_on(lab_thread *by, os_object *file) {
  if (file->self->type != APC_OBJECT_PIPE_WRITE) return;
  move(by, file->other, NULL);
  if (file->pending.first == NULL) file->signaled = true;
  dispatcher_signal(by, &file->waiters);
}

static void abort_all(lab_thread *by, os_object *file, uint32_t error) {
  while (file->pending.first != NULL) complete(by, file->pending.first, error, 0);
}

/* What is under way on either side of a pipe finds it broken (fact 88): closing a handle cancels nothing. A file has
 * nothing under way. */
void io_close(lab_thread *by, os_object *file) {
  abort_all(by, file, WIN32_ERROR_BROKEN_PIPE);
  if (file->self->type == APC_OBJECT_FILE) tell_watchers(by); /* it is deleted on close */
  if (file->other == NULL) return;
  abort_all(by, file->other, WIN32_ERROR_BROKEN_PIPE); /* reads and writes alike; a new write gets 232 */
  dispatcher_signal(by, &file->other->waiters);
  object_tell(by, file->other);
}

/* ---- calls ---- */

static uint32_t read_pipe(lab_thread *t, const io_call *call, os_object *end) {
  if (end->self->type != APC_OBJECT_PIPE_READ) return WIN32_ERROR_ACCESS_DENIED;
  if (end->other->handles == 0 && pipe_readable(end) == 0) return WIN32_ERROR_BROKEN_PIPE;
  io_operation *read = begin(t, call, end);
  if (read == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  move(t, end, read);
  return 0;
}

static uint32_t write_fault(const os_object *end) {
  if (end->self->type != APC_OBJECT_PIPE_WRITE) return WIN32_ERROR_ACCESS_DENIED;
  return end->other->handles == 0 ? WIN32_ERROR_NO_DATA : 0;
}

static uint32_t write_to_pipe(lab_thread *t, const io_call *call, os_object *end) {
  uint32_t fault = write_fault(end);
  if (fault != 0) return fault;
  io_operation *write = begin(t, call, end);
  if (write == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  move(t, end->other, write);
  return 0;
}

static uint32_t read_file(lab_thread *t, const io_call *call, os_object *file) {
  if (call->offset >= file->bytes) return WIN32_ERROR_HANDLE_EOF; /* it fails at once and runs nothing (fact 86) */
  io_operation *operation = begin(t, call, file);
  if (operation == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  uint64_t left = file->bytes - call->offset;
  complete(t, operation, 0, left < call->bytes ? (uint32_t)left : call->bytes);
  return 0;
}

static uint32_t write_file(lab_thread *t, const io_call *call, os_object *file) {
  if (call->offset > INT32_MAX) return WIN32_ERROR_INVALID_PARAMETER;
  io_operation *operation = begin(t, call, file);
  if (operation == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  uint32_t end = (uint32_t)call->offset + call->bytes;
  if (end > file->bytes) file->bytes = end;
  complete(t, operation, 0, call->bytes);
  tell_watchers(t);
  object_tell(t, file);
  return 0;
}

static uint32_t watch_folder(lab_thread *t, const io_call *call) {
  os_session *os = t->session->os;
  io_operation *operation = begin(t, call, NULL);
  if (operation == NULL) return WIN32_ERROR_NOT_ENOUGH_MEMORY;
  os->folder_watched = true;
  if (os->folder_changed) complete(t, operation, 0, NOTIFICATION_BYTES);
  os->folder_changed = false;
  return 0;
}

static uint32_t start(lab_thread *t, const io_call *call) {
  if (call->call == APC_CALL_READ_DIRECTORY_CHANGES) return watch_folder(t, call);
  os_object *file;
  bool reads = call->call == APC_CALL_READ_FILE_EX;
  handle_fault fault = handle_file(call->file, reads ? FILE_READ_DATA : FILE_WRITE_DATA | FILE_APPEND_DATA, &file);
  if (fault != HANDLE_GOOD) return handle_error(fault);
  if (file->bound) return WIN32_ERROR_INVALID_PARAMETER; /* fact 90 */
  if (file->other != NULL) return reads ? read_pipe(t, call, file) : write_to_pipe(t, call, file);
  return reads ? read_file(t, call, file) : write_file(t, call, file);
}

uint32_t backend_start_io(lab_thread *t, const io_call *call) {
  dispatcher_lock(t);
  uint32_t error = start(t, call);
  dispatcher_unlock(t);
  return error == 0 ? 1 : fail(t, error);
}

/* Cancelled, it still completes: with error 995 (fact 87). */
uint32_t backend_cancel_io(lab_thread *t, lab_object *io) {
  dispatcher_lock(t);
  io_operation *operation = io->os->operation;
  if (operation != NULL) {
    os_object *file = operation->file;
    complete(t, operation, WIN32_ERROR_OPERATION_ABORTED, 0);
    if (file != NULL) writes_go_on(t, file);
  }
  dispatcher_unlock(t);
  return operation != NULL ? 1 : fail(t, WIN32_ERROR_NOT_FOUND);
}

/* The wait is for the file, which whatever ends there signals: the operation itself may be under way still. */
static uint32_t overlapped_error(const os_object *io, wait_end end) {
  switch (end) {
    case WAIT_ENDED_BY_APC: return WIN32_WAIT_IO_COMPLETION;
    case WAIT_ENDED_BY_TIMEOUT: return WIN32_WAIT_TIMEOUT;
    default: return io->operation != NULL ? 0 : io->error;
  }
}

/* With a timeout of 0 it only looks, and runs no APC (fact 79). */
bool backend_overlapped_result(
    lab_thread *t, lab_object *self, uint32_t milliseconds, bool alertable, uint32_t *result) {
  os_object *io = self->os;
  dispatcher_lock(t);
  uint32_t error = io->error;
  wait_end end = WAIT_ENDED_BY_CONDITION;
  if (io->operation != NULL && milliseconds == 0) {
    error = WIN32_ERROR_IO_INCOMPLETE;
  } else if (io->operation != NULL) {
    object_wait wait = {
        .waiter = t->os, .alertable = alertable, .deadline_ns = os_deadline_of(milliseconds), .count = 1};
    os_object *file = io->operation->file;
    wait.on[0] = file != NULL ? &file->waiters : &io->waiters;
    end = dispatcher_wait(&wait);
    error = overlapped_error(io, end);
  }
  dispatcher_unlock(t);
  *result = error == 0 ? 1 : fail(t, error);
  return end != WAIT_THREAD_ENDS && os_run_specials(t->os);
}

static io_operation *begin_plain_write(os_object *end, uint32_t bytes, os_object *io) {
  io_operation *operation = calloc(1, sizeof *operation);
  if (operation == NULL) return NULL;
  *operation = (io_operation){.file = end, .io = io, .bytes = bytes, .whole = bytes};
  io->operation = operation;
  list_push(&end->pending, operation);
  return operation;
}

/* Not alertable (fact 38). False when the thread ends: nobody waits for it any more. */
static bool wait_for_write(lab_thread *t, os_object *end, os_object *io) {
  object_wait wait = {.waiter = t->os, .deadline_ns = NO_DEADLINE, .count = 1};
  wait.on[0] = &io->waiters;
  wait_end ended = dispatcher_wait(&wait);
  if (io->operation != NULL) {
    list_remove(&end->pending, io->operation);
    free(io->operation);
    writes_go_on(t, end);
  }
  return ended != WAIT_THREAD_ENDS;
}

/* A plain WriteFile with an event of its own: what does not fit is waited for. */
bool backend_write_pipe(lab_thread *t, handle_ref handle, uint32_t bytes, uint32_t *result) {
  lab_object self = {.type = APC_OBJECT_IO};
  os_object io = {.self = &self};
  io.waiters.object = &io;
  os_object *end;
  bool goes_on = true;
  dispatcher_lock(t);
  handle_fault fault = handle_file(handle, FILE_WRITE_DATA, &end);
  if (fault == HANDLE_GOOD && end->other == NULL) fault = HANDLE_OF_ANOTHER_TYPE;
  io.error = fault != HANDLE_GOOD ? handle_error(fault) : write_fault(end);
  if (io.error == 0) {
    io_operation *write = begin_plain_write(end, bytes, &io);
    if (write == NULL) io.error = WIN32_ERROR_NOT_ENOUGH_MEMORY;
    else move(t, end->other, write);
    if (io.operation != NULL) goes_on = wait_for_write(t, end, &io);
  }
  dispatcher_unlock(t);
  if (!goes_on) return false;
  *result = io.error == 0 ? 1 : fail(t, io.error);
  return os_run_specials(t->os);
}

/* ---- a thread ends: what it began is cancelled, the routines are lost (fact 89) ---- */

static void lose_those_of(lab_thread *t, io_list *list) {
  for (io_operation *one = list->first, *next; one != NULL; one = next) {
    next = one->next;
    if (one->owner != t) continue;
    list_remove(list, one);
    if (one->file != NULL) {
      one->file->signaled = true;
      dispatcher_signal(t, &one->file->waiters);
    }
    if (one->io->operation == one) {
      one->io->operation = NULL;
      one->io->error = WIN32_ERROR_OPERATION_ABORTED;
      one->io->signaled = true;
      dispatcher_signal(t, &one->io->waiters);
    }
    life_fire(t, one->node, false); /* it counts as queued, and is lost with what stood in the queue */
    apc_list_push(&t->os->undelivered, one->node);
    free(one);
  }
}

void io_thread_ended(lab_thread *t) {
  session *s = t->session;
  for (uint32_t i = 0; i < s->object_count; i++) {
    if (s->objects[i] == NULL) continue;
    lose_those_of(t, &s->objects[i]->os->pending);
    writes_go_on(t, s->objects[i]->os);
  }
  lose_those_of(t, &s->os->watchers);
}
