/* bench-wake.c: the controller waits until the target is in its wait and for a while longer, then queues one APC. */
#include <stdlib.h>

#include "bench.h"
#include "check.h"

/* Long enough for the target to be blocked in the kernel and its processor idle; peer-futex waits as long. */
#define SETTLE_US 50

typedef struct wakes {
  double *times_ns;
  uint32_t count, capacity;
  uint64_t queueing_ns;
} wakes;

static void see(void *of, const apc_record *records, uint32_t count) {
  wakes *w = of;
  for (uint32_t i = 0; i < count; i += 1 + APC_RECORD_MORE_COUNT(records[i].flags)) {
    if (records[i].kind == APC_KIND_APC_QUEUEING) w->queueing_ns = records[i].time_ns;
    if (records[i].kind == APC_KIND_LOG && w->count < w->capacity)
      w->times_ns[w->count++] = (double)(records[i].time_ns - w->queueing_ns);
  }
}

void bench_wake(const load_options *options) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), target = routine(b, "target"), control = routine(b, "control");
  say(b, apc, "first step");
  sleep_ex(b, target, APC_INFINITE, true);
  jump(b, target, 0);
  uint32_t again = repeat_begin(b, control, 0);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  step(b, control, APC_CALL_COMPUTE, 0, number(b, SETTLE_US), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  queue_apc(b, control, THREAD(0), apc, 0);
  repeat_end(b, control, 0, again, options->wakes);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  thread(b, "target", target, APC_THREAD_STARTS);
  controller(b, control);

  wakes w = {.times_ns = calloc(options->wakes, sizeof(double)), .capacity = options->wakes};
  CHECK(w.times_ns != NULL);
  int32_t session = lab_begin(b, 1u << 17);
  lab_pin(options, session, APC_THREAD_FIRST, LOAD_RUNS);
  lab_pin(options, session, APC_THREAD_CONTROLLER, LOAD_POSTS);
  while (lab_state(session).controller_alive != 0) {
    lab_take(session, see, &w);
    load_pause(50);
  }
  lab_take(session, see, &w);
  CHECK_INT(lab_state(session).lost, 0);
  CHECK_INT(w.count, options->wakes);
  lab_end(session);
  load_print_times("wake", w.times_ns, w.count);
  free(w.times_ns);
}
