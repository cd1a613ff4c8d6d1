/* bench.h: the measurements of apc-bench. Each prints one line of JSON. */
#ifndef APC_BENCH_BENCH_H
#define APC_BENCH_BENCH_H

#include "lab-load.h"

void bench_throughput(const load_options *options);
void bench_wake(const load_options *options);
void bench_event(const load_options *options);

#endif
