/*
 * load.h: the same load for the lab and for each of its peers.
 *
 * A burst of calls is posted by one thread and run by others. Its time goes from just before the first one is posted
 * until the last one has run. The first burst warms up and does not count; bursts go on until `seconds` were measured.
 */
#ifndef APC_BENCH_LOAD_H
#define APC_BENCH_LOAD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct load_options {
  double seconds;   /* --seconds */
  uint32_t burst;   /* --burst: calls in one */
  uint32_t threads; /* --threads that run them, in turn */
  uint32_t wakes;   /* --wakes, of benches that wake a thread */
  int pin;          /* --pin 1: who posts and who runs have a processor each, where the system lets us say so */
  int pump;         /* --pump: a thread drains the rings all the time, as Electron's main does */
} load_options;

/* Reads `--name value` pairs over these defaults; ends the process where it can't. */
load_options load_read_options(int argc, char **argv, load_options defaults);

/* Runs a burst and returns how many nanoseconds it took. */
typedef uint64_t (*load_burst)(void *of, uint32_t calls);

typedef struct load_result {
  double calls_per_second;
  uint64_t calls, ns;
} load_result;
load_result load_measure(const load_options *options, load_burst run, void *of);

/* Prints the result as one line of JSON: what every peer says. */
void load_print(load_result result);

/* Sorts them. */
double load_median(double *values, uint32_t count);

/* Sorts the times and prints `"<name>MedianNs":…,"<name>P99Ns":…` as one line of JSON. */
void load_print_times(const char *name, double *times_ns, uint32_t count);

uint64_t load_now_ns(void);
/* Keeps a thread on one processor: by the system's id of the thread, 0 being the caller. Nothing where it can't. */
#define LOAD_POSTS 0u
#define LOAD_RUNS 1u
void load_pin(const load_options *options, uint32_t thread_id, uint32_t processor);
/* Gives the processor away for so long, or a little more. */
void load_pause(uint32_t milliseconds);

#ifdef __cplusplus
}
#endif

#endif
