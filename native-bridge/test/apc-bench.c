/*
 * apc-bench: what tracing costs, on this machine.
 *
 *   apc-bench [rounds]
 *
 * 1. ns an event on the producing thread, and what of that the clock takes.
 * 2. APCs a second from one thread to another that waits alertably, every step traced (apcQueueing with its argument,
 * apcQueued, apcBegan, apcEnded), with the pump draining all the time. The producer waits when too many are pending.
 * 3. From SleepEx's wake-up: the time from apcQueueing to apcBegan on a thread blocked alertably.
 */
#include <inttypes.h>

#include "backend.h"
#include "lab.h"

#define CLOCK_READS 1000000u
#define BURST 131072u
#define APCS 1000000u
#define WAKES 2000u

static int by_value(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

static double clock_ns(void) {
  uint64_t began = backend_now_ns();
  for (uint32_t i = 0; i < CLOCK_READS; i++) backend_now_ns();
  return (double)(backend_now_ns() - began) / CLOCK_READS;
}

static lab *start_with_ring(builder *b, uint32_t records) {
  apc_options options = {.size = sizeof options, .ring_records = records};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  return l;
}

/* Two bursts into the same ring, drained in between: the second finds its pages there. */
static double event_ns(void) {
  builder *b = builder_new();
  uint32_t control = routine(b, "control");
  for (int burst = 0; burst < 2; burst++) {
    uint32_t again = repeat_begin(b, control, 0);
    for (int i = 0; i < 100; i++) say(b, control, burst == 0 ? "first" : "second");
    repeat_end(b, control, 0, again, BURST / 100);
    sleep_ms(b, control, 100);
  }
  controller(b, control);
  lab *l = start_with_ring(b, 2 * BURST);
  lab_until_over(l, 10000);
  uint32_t first_text = lab_event(l, APC_KIND_LOG, APC_THREAD_CONTROLLER, 0)->head.subject;
  uint64_t first = 0, last = 0;
  for (uint32_t i = 0; i < l->count; i++) {
    if (l->events[i].head.kind != APC_KIND_LOG || l->events[i].head.subject == first_text) continue;
    last = l->events[i].head.time_ns;
    if (first == 0) first = last;
  }
  CHECK_INT(lab_status(l).lost, 0);
  lab_close(l);
  return (double)(last - first) / (BURST / 100 * 100 - 1);
}

static double apcs_a_second(void) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), producer = routine(b, "producer"), target = routine(b, "target");
  variables(b, 1);
  step(b, apc, APC_CALL_ADD, 0, VARIABLE(0), number(b, 1), APC_OPERAND_ABSENT);
  thread(b, "target", target, APC_THREAD_STARTS);
  thread(b, "producer", producer, APC_THREAD_STARTS);
  await(b, producer, THREAD(0), APC_STATE_ALERTABLE);
  uint32_t again = repeat_begin(b, producer, 0);
  queue_apc(b, producer, THREAD(0), apc, 0);
  repeat_end(b, producer, 0, again, APCS);
  sleep_ex(b, target, APC_INFINITE, true);
  uint32_t more = begin_if(b, target, VARIABLE(0), APC_COMPARE_LT, number(b, APCS));
  jump(b, target, 0);
  end_if(b, target, more);
  lab *l = start_with_ring(b, 1u << 22);
  static apc_record batch[65536];
  apc_drain_info info;
  uint64_t began = 0, ended = 0;
  while (lab_status(l).program_threads_alive > 0) {
    CHECK_INT(apc_drain(l->session, batch, 65536, &info), APC_OK);
    for (uint32_t i = 0; i < info.records; i += 1 + APC_RECORD_MORE_COUNT(batch[i].flags)) {
      if (batch[i].kind == APC_KIND_APC_QUEUEING && began == 0) began = batch[i].time_ns;
      if (batch[i].kind == APC_KIND_APC_ENDED) ended = batch[i].time_ns;
    }
  }
  do {
    apc_drain(l->session, batch, 65536, &info);
    for (uint32_t i = 0; i < info.records; i += 1 + APC_RECORD_MORE_COUNT(batch[i].flags)) {
      if (batch[i].kind == APC_KIND_APC_ENDED) ended = batch[i].time_ns;
    }
  } while (info.records > 0);
  apc_status s = lab_status(l);
  printf("   %" PRIu64 " delivered, %" PRIu64 " events lost\n", s.delivered, s.lost);
  lab_close(l);
  return (double)s.delivered / ((double)(ended - began) / 1e9);
}

static void wake_us(double *median, double *p99) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), target = routine(b, "target"), control = routine(b, "control");
  uint32_t again = repeat_begin(b, target, 0);
  sleep_ex(b, target, APC_INFINITE, true);
  repeat_end(b, target, 0, again, WAKES);
  thread(b, "target", target, APC_THREAD_STARTS);
  again = repeat_begin(b, control, 0);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  queue_apc(b, control, THREAD(0), apc, 0);
  repeat_end(b, control, 0, again, WAKES);
  controller(b, control);
  lab *l = start_with_ring(b, 1u << 17);
  lab_until_over(l, 120000);
  static double times[WAKES];
  uint32_t count = 0;
  uint64_t queueing = 0;
  for (uint32_t i = 0; i < l->count; i++) {
    if (l->events[i].head.kind == APC_KIND_APC_QUEUEING) queueing = l->events[i].head.time_ns;
    if (l->events[i].head.kind == APC_KIND_APC_BEGAN)
      times[count++] = (double)(l->events[i].head.time_ns - queueing) / 1e3;
  }
  lab_close(l);
  qsort(times, count, sizeof times[0], by_value);
  *median = times[count / 2];
  *p99 = times[count * 99 / 100];
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 3;
  for (int i = 0; i < rounds; i++) {
    printf("clock %.1f ns\n", clock_ns());
    printf("event %.1f ns on the producer, its clock included\n", event_ns());
    double rate = apcs_a_second();
    printf("APCs %.2f million a second, traced, pump running\n", rate / 1e6);
    double median, p99;
    wake_us(&median, &p99);
    printf("wake %.1f us at the median, %.1f us at the 99th percentile (apcQueueing to apcBegan)\n", median, p99);
  }
  return 0;
}
