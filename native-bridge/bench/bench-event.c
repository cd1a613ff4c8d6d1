/*
 * bench-event.c: publish() in a loop, in bursts that fit into the ring, each drained before the next. `contended`: a
 * second thread does the same with its own ring, so that both want the ticket. Then what it is made of, each part in a
 * loop of its own; what a processor overlaps in the whole it can't there, so the parts may add up to more.
 */
#include <stdio.h>

#include "backend.h"
#include "bench.h"
#include "check.h"
#include "publish.h"

#define EVENTS 40000u
#define BURSTS 50u
#define RING (1u << 17)
#define PARTS 1000000u

typedef struct producer {
  lab_thread *thread;
  uint32_t values;            /* arguments of each event */
  _Atomic uint32_t *at_start; /* both begin together */
  uint32_t producers;
  double ns;
} producer;

static void produce(void *of) {
  producer *p = of;
  uint64_t values[3] = {1, 2, 3};
  atomic_fetch_add(p->at_start, 1);
  while (atomic_load(p->at_start) < p->producers) {
  }
  uint64_t began_ns = backend_now_ns();
  for (uint32_t i = 0; i < EVENTS; i++) publish_with(p->thread, APC_KIND_LOG, APC_CALL_LOG, 0, i, values, p->values);
  p->ns = (double)(backend_now_ns() - began_ns) / EVENTS;
}

/* The median of the bursts: the first ones find no memory behind the ring yet. */
static double event_ns(session *s, uint32_t values, uint32_t producers) {
  double times[BURSTS];
  for (uint32_t burst = 0; burst < BURSTS; burst++) {
    _Atomic uint32_t at_start = 0;
    producer other = {.thread = s->system, .values = values, .at_start = &at_start, .producers = producers};
    producer own = {.thread = session_main(s), .values = values, .at_start = &at_start, .producers = producers};
    backend_helper *helper = producers > 1 ? backend_helper_start(produce, &other) : NULL;
    CHECK(producers == 1 || helper != NULL);
    produce(&own);
    if (helper != NULL) backend_helper_join(helper);
    times[burst] = own.ns;
    lab_take(s->number, NULL, NULL);
  }
  return load_median(times, BURSTS);
}

static alignas(64) _Atomic uint64_t word;

static void write_record(session *s, uint32_t i) {
  apc_record record = {.time_ns = i, .ticket = i, .subject = i};
  *ring_at(&session_main(s)->ring, i) = record;
}

#define TIME_PART(name, work)                                                                                          \
  static double name(session *s) {                                                                                     \
    (void)s;                                                                                                           \
    uint64_t began_ns = backend_now_ns();                                                                              \
    for (uint32_t i = 0; i < PARTS; i++) {                                                                             \
      work;                                                                                                            \
    }                                                                                                                  \
    return (double)(backend_now_ns() - began_ns) / PARTS;                                                              \
  }
TIME_PART(clock_ns, backend_now_ns())
TIME_PART(ticket_ns, atomic_fetch_add_explicit(&s->ticket, 1, memory_order_acq_rel))
TIME_PART(ordered_store_ns, atomic_store_explicit(&word, i, memory_order_seq_cst))
TIME_PART(release_store_ns, atomic_store_explicit(&word, i, memory_order_release))
TIME_PART(doorbell_ns, doorbell_touch(&s->doorbell))
TIME_PART(record_ns, write_record(s, i))

void bench_event(const load_options *options) {
  (void)options;
  apc_options session_options = {.size = sizeof session_options, .ring_records = RING};
  int32_t number = apc_open(&session_options);
  CHECK(number > 0);
  session *s = session_find(number);
  CHECK(session_add_system(s));
  lab_take(number, NULL, NULL);
  double plain = event_ns(s, 0, 1), with = event_ns(s, 1, 1), contended = event_ns(s, 0, 2);
  CHECK_INT(lab_state(number).lost, 0);
  printf("{\"clockNs\":%.1f,\"eventNs\":%.1f,\"eventWithArgumentNs\":%.1f,\"contendedEventNs\":%.1f", clock_ns(s),
      plain, with, contended);
  printf(",\"ticketNs\":%.1f,\"orderedStoreNs\":%.1f,\"releaseStoreNs\":%.1f,\"doorbellNs\":%.1f,\"recordNs\":%.1f}\n",
      ticket_ns(s), ordered_store_ns(s), release_store_ns(s), doorbell_ns(s), record_ns(s));
  CHECK_INT(apc_close(number), APC_OK);
}
