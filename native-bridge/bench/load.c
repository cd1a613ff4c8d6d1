#if defined(__linux__)
#  include <sched.h>
#endif
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

static void refuse(const char *what) {
  fprintf(stderr, "not an option with its value: %s\n", what);
  exit(2);
}

load_options load_read_options(int argc, char **argv, load_options options) {
  for (int i = 1; i < argc; i += 2) {
    const char *name = argv[i];
    double value = i + 1 < argc ? atof(argv[i + 1]) : 0;
    if (value <= 0 && strcmp(name, "--pump") != 0 && strcmp(name, "--pin") != 0) refuse(name);
    if (strcmp(name, "--seconds") == 0) options.seconds = value;
    else if (strcmp(name, "--burst") == 0) options.burst = (uint32_t)value;
    else if (strcmp(name, "--threads") == 0) options.threads = (uint32_t)value;
    else if (strcmp(name, "--wakes") == 0) options.wakes = (uint32_t)value;
    else if (strcmp(name, "--pump") == 0) options.pump = (int)value;
    else if (strcmp(name, "--pin") == 0) options.pin = (int)value;
    else refuse(name);
  }
  return options;
}

load_result load_measure(const load_options *options, load_burst run, void *of) {
  load_result result = {0};
  run(of, options->burst);
  do {
    result.ns += run(of, options->burst);
    result.calls += options->burst;
  } while ((double)result.ns < options->seconds * 1e9);
  result.calls_per_second = (double)result.calls * 1e9 / (double)result.ns;
  return result;
}

void load_print(load_result result) {
  printf("{\"perSecond\":%.0f,\"calls\":%.0f}\n", result.calls_per_second, (double)result.calls);
}

static int by_value(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

double load_median(double *values, uint32_t count) {
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

void load_print_times(const char *name, double *times_ns, uint32_t count) {
  double median = load_median(times_ns, count);
  printf("{\"%sMedianNs\":%.0f,\"%sP99Ns\":%.0f,\"count\":%u}\n", name, median, name,
      times_ns[(uint64_t)count * 99 / 100], count);
}

uint64_t load_now_ns(void) { return backend_now_ns(); }

void load_pause(uint32_t milliseconds) {
  static backend_event *never;
  if (never == NULL) never = backend_event_create();
  backend_event_wait(never, milliseconds);
}

void load_pin(const load_options *options, uint32_t thread_id, uint32_t processor) {
  if (!options->pin) return;
#if defined(__linux__)
  cpu_set_t allowed, one;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  CPU_ZERO(&one);
  for (int i = 0; i < CPU_SETSIZE; i++) {
    if (!CPU_ISSET(i, &allowed) || processor-- > 0) continue;
    CPU_SET(i, &one);
    sched_setaffinity((pid_t)thread_id, sizeof one, &one);
    return;
  }
#else
  (void)thread_id, (void)processor;
#endif
}
