/* steps_io.c: files, pipes and completion ports. */
#include "steps.h"

#define IO_MAX_BYTES (1u << 20)

/* How many bytes, and which where a text says. More than IO_MAX_BYTES is cut off. */
typedef struct io_data {
  const uint8_t *text;
  uint32_t bytes;
} io_data;

static io_data data_of(const lab_thread *t, const activation *a, uint32_t operand) {
  if (operand_class(operand) == APC_OPERAND_TEXT) {
    const program *p = &t->session->program;
    const apc_text_entry *text = &p->texts[operand_value(operand)];
    return (io_data){.text = p->text + text->offset, .bytes = text->bytes};
  }
  uint64_t bytes = value_of(t, a, operand);
  return (io_data){.bytes = bytes < IO_MAX_BYTES ? (uint32_t)bytes : IO_MAX_BYTES};
}

static bool read_or_write(lab_thread *t, activation *a, const apc_instruction *i) {
  io_data data = data_of(t, a, i->a[3]);
  const io_call io = {.call = (apc_call)i->op,
      .file = handle_of(t, a, i->a[0]),
      .io = object_of(t, i->a[1]),
      .routine = operand_value(i->a[2]),
      .text = data.text,
      .bytes = data.bytes,
      .offset = i->a[4] != APC_OPERAND_ABSENT ? value_of(t, a, i->a[4]) : 0,
      .site = i->site};
  const uint64_t which = io.io->index;
  open_call call = step_begin_with(t, a, i, subject_of_handle(io.file), io.bytes, 0, &which, 1);
  return step_finish(&call, backend_start_io(t, &io));
}

static bool read_directory(lab_thread *t, activation *a, const apc_instruction *i) {
  const io_call io = {
      .call = (apc_call)i->op, .io = object_of(t, i->a[0]), .routine = operand_value(i->a[1]), .site = i->site};
  open_call call = step_begin(t, a, i, io.io->index, 0, 0);
  return step_finish(&call, backend_start_io(t, &io));
}

static bool cancel_io(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *io = object_of(t, i->a[0]);
  open_call call = step_begin(t, a, i, io->index, 0, 0);
  return step_finish(&call, backend_cancel_io(t, io));
}

static bool create_port(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *port = object_of(t, i->a[0]);
  open_call call = step_begin(t, a, i, port->index, 0, 0);
  return step_finish(&call, backend_create_port(t, port));
}

static bool post_packet(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref port = handle_of(t, a, i->a[0]);
  uint32_t bytes = step_dword(t, a, i->a[1]);
  const uint64_t key = i->a[2] != APC_OPERAND_ABSENT ? value_of(t, a, i->a[2]) : 0;
  open_call call = step_begin_with(t, a, i, subject_of_handle(port), bytes, 0, &key, 1);
  return step_finish(&call, backend_post_packet(t, port, bytes, key));
}

static bool bind_to_port(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref file = handle_of(t, a, i->a[0]);
  handle_ref port = handle_of(t, a, i->a[1]);
  uint64_t key = i->a[2] != APC_OPERAND_ABSENT ? value_of(t, a, i->a[2]) : 0;
  const uint64_t to = subject_of_handle(port);
  open_call call = step_begin_with(t, a, i, subject_of_handle(file), (uint32_t)key, 0, &to, 1);
  return step_finish(&call, backend_bind_to_port(t, file, port, key));
}

static bool write_pipe(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref end = handle_of(t, a, i->a[0]);
  io_data data = data_of(t, a, i->a[1]);
  open_call call = step_begin(t, a, i, subject_of_handle(end), data.bytes, 0);
  uint32_t result;
  return backend_write_pipe(t, end, data.bytes, &result) && step_finish(&call, result);
}

static bool close_pipe_end(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref end = handle_of(t, a, i->a[0]);
  open_call call = step_begin(t, a, i, subject_of_handle(end), 0, 0);
  return step_finish(&call, backend_object_call(t, APC_CALL_CLOSE_PIPE_END, end, 0));
}

bool step_io(lab_thread *t, activation *a, const apc_instruction *i) {
  switch (i->op) {
    case APC_CALL_READ_FILE_EX:
    case APC_CALL_WRITE_FILE_EX: return read_or_write(t, a, i);
    case APC_CALL_READ_DIRECTORY_CHANGES: return read_directory(t, a, i);
    case APC_CALL_CANCEL_IO_EX: return cancel_io(t, a, i);
    case APC_CALL_CREATE_COMPLETION_PORT: return create_port(t, a, i);
    case APC_CALL_POST_QUEUED_COMPLETION_STATUS: return post_packet(t, a, i);
    case APC_CALL_BIND_TO_PORT: return bind_to_port(t, a, i);
    case APC_CALL_WRITE_PIPE: return write_pipe(t, a, i);
    default: return close_pipe_end(t, a, i);
  }
}
