/* A session's course: load a program, start it, stop it, say how far it is. */
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

static bool define_all(session *s) {
  const apc_program_header *h = &s->program.header;
  for (uint32_t i = 0; i < h->routines; i++) {
    if (!define_text(s, APC_CLASS_ROUTINE, i, s->program.routines[i].name_text)) return false;
  }
  for (uint32_t i = 0; i < h->texts; i++) {
    if (!define_text(s, APC_CLASS_TEXT, i, i)) return false;
  }
  return session_define_engine_texts(s) && add_threads(s);
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
  s->loaded = true;
  s->text_count = s->program.header.texts;
  if (s->program.header.variables > 0) {
    s->variables = calloc(s->program.header.variables, sizeof *s->variables);
    if (s->variables == NULL) return error_plain(APC_E_NO_MEMORY);
  }
  return define_all(s) ? APC_OK : error_plain(APC_E_NO_MEMORY);
}

/* main creates it, traced as the call that it is. */
static int32_t start_thread(session *s, uint32_t index, bool suspended) {
  lab_thread *main = session_main(s);
  lab_thread *t = s->threads[index];
  publish(
      main, APC_KIND_CALL_BEGAN, APC_CALL_CREATE_THREAD, subject_of(t), t->declared_routine | site_bits(APC_SITE_NONE));
  uint32_t result = life_create_thread(main, t, t->declared_routine, suspended);
  publish(
      main, APC_KIND_CALL_RETURNED, APC_CALL_CREATE_THREAD, subject_of(t), result | (uint64_t)main->last_error << 32);
  return result != 0 ? APC_OK
                     : error_set(APC_E_SYSTEM, "thread %u could not be created: error %u", index, main->last_error);
}

int32_t apc_start(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (s->started) return error_set(APC_E_STATE, "the session has started already");
  if (!s->loaded && !session_define_engine_texts(s)) return error_plain(APC_E_NO_MEMORY);
  s->started = true;
  const program *p = &s->program;
  for (uint32_t i = 0; i < p->header.threads; i++) {
    uint32_t flags = p->threads[i].flags;
    if ((flags & APC_THREAD_STARTS) == 0 && i != p->controller) continue;
    int32_t error = start_thread(s, program_session_thread(p, i), (flags & APC_THREAD_SUSPENDED) != 0);
    if (error != APC_OK) return error;
  }
  return APC_OK;
}

int32_t apc_create_thread(int32_t number, const char *name, uint32_t routine, uint32_t suspended) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (!s->started || atomic_load(&s->stopping))
    return error_set(APC_E_STATE, "threads can be made while the session runs");
  if (routine != APC_ROUTINE_NONE && routine >= s->program.header.routines)
    return error_set(APC_E_BAD_ARGUMENT, "there is no routine %u", routine);
  size_t bytes = 0;
  while (name != NULL && name[bytes] != 0 && bytes <= TEXT_MAX_BYTES) bytes++;
  if (bytes == 0 || bytes > TEXT_MAX_BYTES || !is_utf8((const uint8_t *)name, (uint32_t)bytes) || suspended > 1) {
    return error_set(APC_E_BAD_ARGUMENT, "a thread needs a name in UTF-8, and `suspended` is 0 or 1");
  }
  uint32_t index = s->thread_count;
  if (index >= APC_THREAD_FIRST + s->max_threads)
    return error_set(APC_E_LIMIT, "the session takes %u threads and has had them", s->max_threads);
  if (session_add_thread(s, index, name, (uint32_t)bytes, routine) == NULL) return error_plain(APC_E_NO_MEMORY);
  int32_t error = start_thread(s, index, suspended != 0);
  return error == APC_OK ? (int32_t)index : error;
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
