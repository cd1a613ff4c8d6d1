#include <stdio.h>

#include "bench.h"

void bench_throughput(const load_options *options) {
  uint64_t lost;
  load_result result = lab_load_measure(options, &lost);
  printf("{\"perSecond\":%.0f,\"calls\":%.0f,\"lostEvents\":%.0f}\n", result.calls_per_second, (double)result.calls,
      (double)lost);
}
