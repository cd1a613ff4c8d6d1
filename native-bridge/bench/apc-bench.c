/*
 * apc-bench: one measurement of the lab a run, as one line of JSON. build/bench.mjs runs it in turns with the peers.
 *
 *   apc-bench throughput   APCs a second from one lab thread to others (lab-load.h)
 *   apc-bench wake         from apcQueueing to the first step of the APC, on a thread that is blocked alertably
 *   apc-bench event        what one event costs the thread that publishes it, and what that is made of
 *
 * Built a second time without publishing (apc-bench-untraced, APC_NO_TRACE), where only `throughput` means anything.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  load_options defaults = {.seconds = 1, .burst = 262144, .threads = 1, .wakes = 2000};
  load_options options = load_read_options(argc - 1, argv + 1, defaults);
  if (strcmp(what, "throughput") == 0) bench_throughput(&options);
  else if (strcmp(what, "wake") == 0) bench_wake(&options);
  else if (strcmp(what, "event") == 0) bench_event(&options);
  else return 2;
  return 0;
}
