#include "lab-load.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "session.h"

/* As the event pump's (electron/event-pump.ts). */
#define BATCH_RECORDS 8192u
#define PUMP_INTERVAL_MS 8

/* The lab's queue_apc steps in one pass of the producer's loop, so that the loop's own steps don't count. */
#define STEPS 100u

/* Each thread's ring holds a whole burst, so that no event is lost where nothing drains meanwhile or the pump comes
 * late: the producer writes three records an APC. Of many threads each gets less, for their memory. */
#define RING (1u << 20)
#define RING_OF_MANY (1u << 17)

_Noreturn void check_failed(void) { exit(1); }

int32_t lab_begin(builder *b, uint32_t ring_records) {
  apc_options options = {.size = sizeof options, .ring_records = ring_records};
  int32_t session = apc_open(&options);
  CHECK(session > 0);
  uint32_t bytes;
  uint8_t *blob = builder_blob(b, &bytes);
  CHECK_INT(apc_load(session, blob, bytes), APC_OK);
  free(blob);
  builder_free(b);
  CHECK_INT(apc_start(session), APC_OK);
  return session;
}

void lab_end(int32_t session) {
  apc_stop(session);
  while (apc_close(session) == APC_E_BUSY) {
    lab_take(session, NULL, NULL);
    load_pause(1);
  }
}

apc_status lab_state(int32_t session) {
  apc_status status;
  CHECK_INT(apc_status_of(session, &status), APC_OK);
  return status;
}

void lab_pin(const load_options *options, int32_t session, uint32_t thread, uint32_t processor) {
  lab_thread *t = session_find(session)->threads[thread];
  while (atomic_load(&t->os_id) == 0) load_pause(1);
  load_pin(options, atomic_load(&t->os_id), processor);
}

void lab_take(int32_t session, lab_see see, void *of) {
  static apc_record batch[BATCH_RECORDS];
  apc_drain_info info;
  do {
    CHECK_INT(apc_drain(session, batch, BATCH_RECORDS, &info), APC_OK);
    if (see != NULL) see(of, batch, info.records);
  } while (info.left != 0);
}

typedef struct lab_load {
  int32_t session;
  uint32_t blocks; /* routines 1.. of the producer's, each an APC on it */
  bool pump;
  uint64_t delivered; /* that have to be when the burst is over */
  uint64_t last_ns;   /* when the last APC ended */
} lab_load;

#define PRODUCER 0u

static lab_load begin(const load_options *options) {
  builder *b = builder_new();
  uint32_t empty = routine(b, "empty"), waits = routine(b, "waits");
  sleep_ex(b, waits, APC_INFINITE, true);
  jump(b, waits, 0);
  thread(b, "producer", waits, APC_THREAD_STARTS);
  for (uint32_t i = 0; i < options->threads; i++) thread(b, "target", waits, APC_THREAD_STARTS);
  uint32_t blocks = (options->threads + STEPS - 1) / STEPS;
  for (uint32_t block = 0; block < blocks; block++) {
    uint32_t queues = routine(b, "queues");
    uint32_t again = repeat_begin(b, queues, 0);
    for (uint32_t i = 0; i < STEPS; i++)
      queue_apc(b, queues, THREAD(1 + (block * STEPS + i) % options->threads), empty, 0);
    repeat_end(b, queues, 0, again, options->burst / (blocks * STEPS));
  }
  int32_t session = lab_begin(b, options->threads < STEPS ? RING : RING_OF_MANY);
  lab_pin(options, session, APC_THREAD_FIRST + PRODUCER, LOAD_POSTS);
  for (uint32_t i = 0; i < options->threads; i++) lab_pin(options, session, APC_THREAD_FIRST + 1 + i, LOAD_RUNS);
  return (lab_load){.session = session, .blocks = blocks, .pump = options->pump != 0};
}

/* The last apcEnded of a batch stands near its end. The first word of a `more` record says what it is. */
static void see_last(void *of, const apc_record *records, uint32_t count) {
  lab_load *l = of;
  for (uint32_t i = count; i-- > 0;) {
    const apc_record *r = &records[i];
    if (((const apc_more *)(const void *)r)->kind == APC_KIND_MORE || r->kind != APC_KIND_APC_ENDED) continue;
    if (r->thread == APC_THREAD_FIRST + PRODUCER) continue;
    l->last_ns = r->time_ns;
    return;
  }
}

/* Without a trace there is no last record: then it ended when main found that it had, within a millisecond. */
static uint64_t run(void *of, uint32_t calls) {
  lab_load *l = of;
  uint64_t began_ns = lab_state(l->session).now_ns, ended_ns;
  l->delivered += calls + l->blocks;
  l->last_ns = 0;
  for (uint32_t i = 0; i < l->blocks; i++)
    CHECK_INT(apc_queue_user_apc(l->session, APC_THREAD_FIRST + PRODUCER, 2 + i, 0), 1);
  for (;;) {
    if (l->pump) lab_take(l->session, see_last, l);
    apc_status s = lab_state(l->session);
    ended_ns = s.now_ns;
    if (s.delivered >= l->delivered) break;
    load_pause(l->pump ? PUMP_INTERVAL_MS : 1);
  }
  lab_take(l->session, see_last, l);
  return (l->last_ns != 0 ? l->last_ns : ended_ns) - began_ns;
}

load_result lab_load_measure(const load_options *options, uint64_t *lost) {
  lab_load l = begin(options);
  load_options rounded = *options;
  rounded.burst -= options->burst % (l.blocks * STEPS);
  load_result result = load_measure(&rounded, run, &l);
  *lost = lab_state(l.session).lost;
  lab_end(l.session);
  return result;
}
