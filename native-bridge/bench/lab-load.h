/*
 * lab-load.h: the load as the lab runs it. One lab thread, the producer, queues APCs without steps to others, each of
 * which waits alertably in a loop; main drains and looks whether all have run.
 */
#ifndef APC_BENCH_LAB_LOAD_H
#define APC_BENCH_LAB_LOAD_H

#include "builder.h"
#include "load.h"

/* A session with this program loaded and started; frees the builder. Ends the process where it can't. */
int32_t lab_begin(builder *b, uint32_t ring_records);
/* Stops, drains and closes it. */
void lab_end(int32_t session);

apc_status lab_state(int32_t session);

/* load_pin for a lab thread, once it has started. */
void lab_pin(const load_options *options, int32_t session, uint32_t thread, uint32_t processor);

/* Drains all there is. `see` (or NULL) gets each batch. */
typedef void (*lab_see)(void *of, const apc_record *records, uint32_t count);
void lab_take(int32_t session, lab_see see, void *of);

/* `lost`: events that did not fit. */
load_result lab_load_measure(const load_options *options, uint64_t *lost);

#endif
