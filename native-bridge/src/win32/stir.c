/*
 * stir.c: for Wine, which does not say what a thread is doing (state.c): whose wait may be over by now, because of
 * something that was just done? That it has lasted is not to be concluded from its earlier length.
 */
#include "symbols.h"

static uint64_t bit_of_index(uint32_t index) { return (uint64_t)1 << (index % 62); }

uint64_t os_bit_of(handle_ref handle) {
  if (handle.thread != NULL) return bit_of_index(handle.thread->index);
  lab_object *o = os_object_of(handle);
  if (o != NULL) return bit_of_index(o->index);
  lab_thread *behind = handle.object != NULL ? atomic_load(&handle.object->os->of_thread) : NULL;
  return behind != NULL ? bit_of_index(behind->index) : 0;
}

uint64_t os_bit_of_address(const void *address) { return bit_of_index((uint32_t)((uintptr_t)address / 8)); }

void os_wait_is_stirred(os_thread *os) { atomic_store(&os->wait_began_ns, backend_now_ns()); }

/* Those who wait for any of `bits`, and those of `threads` who wait at all. */
static void stir(session *s, uint64_t bits, uint64_t threads) {
  if (os_knows_thread_states()) return;
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    lab_thread *t = s->threads[i];
    if (t == NULL || t->os == NULL || !lab_thread_is_created(t)) continue;
    if ((atomic_load(&t->os->waits_for) & bits) != 0 || (bit_of_index(i) & threads) != 0) os_wait_is_stirred(t->os);
  }
}

void os_stir(session *s, uint64_t bits) { stir(s, bits, 0); }

/* Its own, those at the other end of a pipe, and those who watch the folder. */
void os_stir_io(lab_object *o) {
  session *s = o->session;
  bool pipe = o->type == APC_OBJECT_PIPE_READ || o->type == APC_OBJECT_PIPE_WRITE;
  lab_object *other = pipe ? s->objects[o->parameter[0]] : NULL;
  uint64_t threads = atomic_load(&o->os->io_threads);
  uint64_t bits = bit_of_index(o->index);
  if (other != NULL) {
    threads |= atomic_load(&other->os->io_threads);
    bits |= bit_of_index(other->index);
  }
  if (o->type == APC_OBJECT_FILE) threads |= atomic_load(&s->os->watchers);
  stir(s, bits, threads);
}

/* Its handle is signaled, and the mutexes that it leaves behind are free. */
void os_stir_end_of(lab_thread *t) {
  if (os_knows_thread_states()) return;
  session *s = t->session;
  uint64_t bits = bit_of_index(t->index);
  for (uint32_t i = 0; i < s->object_count; i++) {
    lab_object *o = s->objects[i];
    if (o != NULL && atomic_load(&o->os->owner) == t->index) bits |= bit_of_index(i);
  }
  stir(s, bits, 0);
}
