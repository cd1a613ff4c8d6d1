#include "drain.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "session.h"
#include "thread_end.h"

void drain_heap_free(drain_heap *heap) {
  free(heap->sources);
  *heap = (drain_heap){0};
}

static bool heap_reserve(drain_heap *heap, uint32_t count) {
  if (count <= heap->capacity) return true;
  uint32_t capacity = heap->capacity != 0 ? heap->capacity : 64;
  while (capacity < count) capacity *= 2;
  drain_source *larger = realloc(heap->sources, capacity * sizeof *larger);
  if (larger == NULL) return false;
  heap->sources = larger;
  heap->capacity = capacity;
  return true;
}

static void sift_up(drain_heap *heap, uint32_t at) {
  drain_source moved = heap->sources[at];
  while (at > 0) {
    uint32_t parent = (at - 1) / 2;
    if (!ticket_after(heap->sources[parent].ticket, moved.ticket)) break;
    heap->sources[at] = heap->sources[parent];
    at = parent;
  }
  heap->sources[at] = moved;
}

static void sift_down(drain_heap *heap) {
  drain_source moved = heap->sources[0];
  uint32_t at = 0;
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= heap->count) break;
    if (child + 1 < heap->count && ticket_after(heap->sources[child].ticket, heap->sources[child + 1].ticket)) child++;
    if (!ticket_after(moved.ticket, heap->sources[child].ticket)) break;
    heap->sources[at] = heap->sources[child];
    at = child;
  }
  heap->sources[at] = moved;
}

static uint64_t load_published(const lab_thread *thread) {
  return atomic_load_explicit(&thread->ring.published, memory_order_seq_cst);
}

static uint32_t read_position(const lab_thread *thread) {
  return atomic_load_explicit(&thread->ring.read, memory_order_relaxed); /* only this thread writes it */
}

static bool is_drained(lab_thread *thread) { return published_tail(load_published(thread)) == read_position(thread); }

/* The threads, and behind them the system. */
static lab_thread *thread_with_ring(session *s, uint32_t index) {
  lab_thread *thread = index < s->thread_count ? s->threads[index] : s->system;
  return thread != NULL && lab_thread_is_created(thread) && thread->ring.records != NULL ? thread : NULL;
}

/* The first pass: is there anything, and up to which ticket? */
static bool highest_ticket(session *s, uint32_t *highest) {
  bool any = false;
  for (uint32_t i = 0; i <= s->thread_count; i++) {
    lab_thread *thread = thread_with_ring(s, i);
    if (thread == NULL) continue;
    uint64_t published = load_published(thread);
    if (published_tail(published) == read_position(thread)) continue;
    if (!any || ticket_after(published_ticket(published), *highest)) *highest = published_ticket(published);
    any = true;
  }
  return any;
}

/* The second pass: the heap of rings that have records up to that ticket. */
static bool gather(session *s, uint32_t highest) {
  drain_heap *heap = &s->heap;
  heap->count = 0;
  if (!heap_reserve(heap, s->thread_count + 1)) return false;
  for (uint32_t i = 0; i <= s->thread_count; i++) {
    lab_thread *thread = thread_with_ring(s, i);
    if (thread == NULL) continue;
    drain_source source = {
        .thread = thread, .at = read_position(thread), .end = published_tail(load_published(thread))};
    if (source.at == source.end) continue;
    source.ticket = ring_at(&thread->ring, source.at)->ticket;
    if (ticket_after(source.ticket, highest)) continue;
    heap->sources[heap->count] = source;
    sift_up(heap, heap->count++);
  }
  return true;
}

/* Copies the group at the top of the heap; false when it does not fit into what is left of the batch. */
static bool hand_out(drain_source *source, apc_record *records, uint32_t room, uint32_t *written) {
  ring *r = &source->thread->ring;
  uint32_t group = 1 + APC_RECORD_MORE_COUNT(ring_at(r, source->at)->flags);
  if (group > room) return false;
  for (uint32_t i = 0; i < group; i++) records[i] = *ring_at(r, source->at + i);
  source->at += group;
  *written = group;
  return true;
}

static void give_back(drain_source *source) {
  atomic_store_explicit(&source->thread->ring.read, source->at, memory_order_release);
}

void drain_free_spent_ring(session *s, lab_thread *thread) {
  if (!thread->swept || thread->ring.records == NULL || !is_drained(thread)) return;
  s->heads_of_freed += atomic_load_explicit(&thread->ring.heads, memory_order_relaxed);
  s->lost_of_freed += atomic_load_explicit(&thread->ring.lost, memory_order_relaxed);
  ring_free(&thread->ring);
}

static void merge(session *s, uint32_t highest, apc_record *records, uint32_t capacity, apc_drain_info *info) {
  drain_heap *heap = &s->heap;
  while (heap->count > 0) {
    drain_source *top = &heap->sources[0];
    uint32_t written;
    if (!hand_out(top, records + info->records, capacity - info->records, &written)) {
      info->left = 1;
      break;
    }
    info->records += written;
    info->heads++;
    if (top->at != top->end) top->ticket = ring_at(&top->thread->ring, top->at)->ticket;
    if (top->at == top->end || ticket_after(top->ticket, highest)) {
      give_back(top);
      drain_free_spent_ring(s, top->thread);
      *top = heap->sources[--heap->count];
    }
    if (heap->count > 1) sift_down(heap);
  }
  for (uint32_t i = 0; i < heap->count; i++) give_back(&heap->sources[i]);
}

int32_t apc_drain(int32_t number, apc_record *records, uint32_t capacity, apc_drain_info *info) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (info == NULL || (records == NULL && capacity > 0))
    return error_set(APC_E_BAD_ARGUMENT, "apc_drain needs a buffer and an apc_drain_info");
  *info = (apc_drain_info){0};
  thread_end_sweep(s);
  uint32_t highest = 0;
  if (highest_ticket(s, &highest)) {
    if (!gather(s, highest)) return error_plain(APC_E_NO_MEMORY);
    merge(s, highest, records, capacity, info);
  }
  info->text_bytes = s->texts.used;
  return APC_OK;
}

int32_t apc_drain_text(int32_t number, uint32_t from, uint8_t *bytes, uint32_t capacity) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (from > s->texts.used || (bytes == NULL && capacity > 0))
    return error_set(APC_E_BAD_ARGUMENT, "the text table has %u bytes", s->texts.used);
  uint32_t count = s->texts.used - from;
  if (count > capacity) count = capacity;
  if (count > 0) memcpy(bytes, s->texts.bytes + from, count);
  return (int32_t)count;
}

bool drain_has_more(session *s) {
  if (thread_end_awaits_sweep(s)) return true;
  for (uint32_t i = 0; i <= s->thread_count; i++) {
    lab_thread *thread = thread_with_ring(s, i);
    if (thread != NULL && !is_drained(thread)) return true;
  }
  return false;
}
