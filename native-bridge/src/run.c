/* A session's course: load a program, start it, stop it, say how far it is. */
#include <stdio.h>
#include <stdlib.h>

#include "backend.h"
#include "error.h"
#include "life.h"
#include "publish.h"
#include "thread_end.h"

static bool define_text(session *s, apc_class class_, uint32_t id, uint32_t text) {
  const apc_text_entry *entry = &s->program.texts[text];
  return session_define(s, class_, id, 0, s->program.text + entry->offset, entry->bytes);
}

static bool add_threads(session *s) {
  const program *p = &s->program;
  for (uint32_t i = 0; i < p->header.threads; i++) {
    const apc_thread_entry *entry = &p->threads[i];
    const apc_text_entry *name = &p->texts[entry->name_text];
    lab_thread *t = session_add_thread(
        s, program_session_thread(p, i), (const char *)p->text + name->offset, name->bytes, entry->routine & 0xFFFF);
    if (t == NULL) return false;
    t->of_program = i != p->controller;
  }
  return true;
}

static bool add_objects(session *s) {
  const program *p = &s->program;
  for (uint32_t i = 0; i < p->header.objects; i++) {
    const apc_text_entry *name = &p->texts[p->objects[i].name_text];
    if (session_add_object(s, i, &p->objects[i], (const char *)p->text + name->offset, name->bytes) == NULL)
      return false;
  }
  return true;
}

static bool define_all(session *s) {
  const apc_program_header *h = &s->program.header;
  for (uint32_t i = 0; i < h->routines; i++) {
    if (!define_text(s, APC_CLASS_ROUTINE, i, s->program.routines[i].name_text)) return false;
  }
  for (uint32_t i = 0; i < h->texts; i++) {
    if (!define_text(s, APC_CLASS_TEXT, i, i)) return false;
  }
  return session_begin_texts(s) && add_threads(s) && add_objects(s);
}

int32_t apc_load(int32_t number, const void *bytes, uint32_t count) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (s->loaded || s->started) return error_set(APC_E_STATE, "a program is loaded once, before the session starts");
  int32_t error = program_load(&s->program, bytes, count);
  if (error != APC_OK) return error;
  if (s->program.header.threads > s->max_threads) {
    error = error_set(
        APC_E_LIMIT, "the program has %u threads and the session takes %u", s->program.header.threads, s->max_threads);
    program_free(&s->program);
    return error;
  }
  if (s->program.header.objects > SESSION_MAX_OBJECTS) {
    error = error_set(APC_E_LIMIT, "the program has %u objects and a session takes %u", s->program.header.objects,
        SESSION_MAX_OBJECTS);
    program_free(&s->program);
    return error;
  }
  s->loaded = true;
  s->text_count = s->program.header.texts;
  if (s->program.header.variables > 0) {
    s->variables = calloc(s->program.header.variables, sizeof *s->variables);
    if (s->variables == NULL) return error_plain(APC_E_NO_MEMORY);
  }
  return define_all(s) ? APC_OK : error_plain(APC_E_NO_MEMORY);
}

/* main creates it, traced as the call that it is; it stands before its first instruction. */
static int32_t make_thread(session *s, uint32_t index, bool suspended) {
  lab_thread *main = session_main(s);
  lab_thread *t = s->threads[index];
  publish(
      main, APC_KIND_CALL_BEGAN, APC_CALL_CREATE_THREAD, subject_of(t), t->declared_routine | site_bits(APC_SITE_NONE));
  uint32_t result = life_make_thread(main, t, t->declared_routine, suspended);
  publish(
      main, APC_KIND_CALL_RETURNED, APC_CALL_CREATE_THREAD, subject_of(t), result | (uint64_t)main->last_error << 32);
  if (result != 0) return APC_OK;
  return error_set(APC_E_SYSTEM, "thread %u could not be created: error %u", index, main->last_error);
}

static bool starts_with_session(const program *p, uint32_t thread) {
  return (p->threads[thread].flags & APC_THREAD_STARTS) != 0 || thread == p->controller;
}

/* Those that start with the session know each other from their first instruction on: none runs before all are there. */
static int32_t start_threads(session *s) {
  const program *p = &s->program;
  int32_t error = APC_OK;
  uint32_t made = 0;
  for (; made < p->header.threads && error == APC_OK; made++) {
    bool suspended = (p->threads[made].flags & APC_THREAD_SUSPENDED) != 0;
    if (starts_with_session(p, made)) error = make_thread(s, program_session_thread(p, made), suspended);
  }
  if (error != APC_OK) made--;
  for (uint32_t i = 0; i < made; i++) {
    if (starts_with_session(p, i)) backend_thread_release(s->threads[program_session_thread(p, i)]);
  }
  return error;
}

int32_t apc_start(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (s->started) return error_set(APC_E_STATE, "the session has started already");
  if (!s->loaded && !session_begin_texts(s)) return error_plain(APC_E_NO_MEMORY);
  s->started = true;
  return start_threads(s);
}

/* Of a name given by hand; 0 where it is none. */
static uint32_t name_bytes(const char *name) {
  size_t bytes = 0;
  while (name != NULL && name[bytes] != 0 && bytes <= TEXT_MAX_BYTES) bytes++;
  return bytes <= TEXT_MAX_BYTES && is_utf8((const uint8_t *)name, (uint32_t)bytes) ? (uint32_t)bytes : 0;
}

int32_t apc_create_thread(int32_t number, const char *name, uint32_t routine, uint32_t suspended) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (!s->started || atomic_load(&s->stopping))
    return error_set(APC_E_STATE, "threads can be made while the session runs");
  if (routine != APC_ROUTINE_NONE && routine >= s->program.header.routines)
    return error_set(APC_E_BAD_ARGUMENT, "there is no routine %u", routine);
  uint32_t bytes = name_bytes(name);
  if (bytes == 0 || suspended > 1)
    return error_set(APC_E_BAD_ARGUMENT, "a thread needs a name in UTF-8, and `suspended` is 0 or 1");
  uint32_t index = s->thread_count;
  if (index >= APC_THREAD_FIRST + s->max_threads)
    return error_set(APC_E_LIMIT, "the session takes %u threads and has had them", s->max_threads);
  if (session_add_thread(s, index, name, bytes, routine) == NULL) return error_plain(APC_E_NO_MEMORY);
  int32_t error = make_thread(s, index, suspended != 0);
  if (error != APC_OK) return error;
  backend_thread_release(s->threads[index]);
  return (int32_t)index;
}

/* The ends of a pipe are two objects, called name.read and name.write. */
static int32_t add_by_hand(session *s, const char *name, uint32_t bytes, const apc_object_entry *entry) {
  uint32_t index = s->object_count;
  bool pipe = entry->type == APC_OBJECT_PIPE_READ;
  if (index + (pipe ? 2 : 1) > SESSION_MAX_OBJECTS)
    return error_set(APC_E_LIMIT, "a session takes %u objects and has them", SESSION_MAX_OBJECTS);
  if (!pipe)
    return session_add_object(s, index, entry, name, bytes) != NULL ? (int32_t)index : error_plain(APC_E_NO_MEMORY);
  char end_name[TEXT_MAX_BYTES + 8];
  static const char *const suffixes[] = {".read", ".write"};
  for (uint32_t i = 0; i < 2; i++) {
    int length = snprintf(end_name, sizeof end_name, "%s%s", name, suffixes[i]);
    apc_object_entry end = {
        .type = i == 0 ? APC_OBJECT_PIPE_READ : APC_OBJECT_PIPE_WRITE, .parameter = {i == 0 ? index + 1 : index}};
    if (session_add_object(s, index + i, &end, end_name, (uint32_t)length) == NULL) return error_plain(APC_E_NO_MEMORY);
  }
  return (int32_t)index;
}

int32_t apc_create_object(int32_t number, const char *name, uint32_t type, const uint64_t *parameters) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (!s->started || atomic_load(&s->stopping))
    return error_set(APC_E_STATE, "objects can be made while the session runs");
  uint32_t bytes = name_bytes(name);
  if (bytes == 0) return error_set(APC_E_BAD_ARGUMENT, "an object needs a name in UTF-8");
  apc_object_entry entry = {.type = type};
  for (uint32_t i = 0; parameters != NULL && i < 3; i++) entry.parameter[i] = parameters[i];
  const char *fault = type == APC_OBJECT_PIPE_WRITE ? "is an end of a pipe: make its reading end"
                                                    : object_entry_fault(&entry, s->program.header.texts);
  if (fault != NULL) return error_set(APC_E_BAD_ARGUMENT, "the object %s", fault);
  return add_by_hand(s, name, bytes, &entry);
}

int32_t apc_query_objects(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  for (uint32_t i = 0; i < s->object_count; i++) {
    if (s->objects[i] != NULL && s->objects[i]->type != APC_OBJECT_IO)
      backend_object_tell(session_main(s), s->objects[i]);
  }
  return APC_OK;
}

int32_t apc_stop(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (!s->stopping) {
    s->stopping_since_ns = backend_now_ns();
    atomic_store(&s->stopping, 1);
    for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
      lab_thread *t = s->threads[i];
      if (t != NULL && lab_thread_is_created(t)) backend_stop(t);
    }
  }
  thread_end_sweep(s);
  return APC_OK;
}
