/*
 * error.h: the one sentence behind apc_error_text, one for each calling thread.
 */
#ifndef APC_SRC_ERROR_H
#define APC_SRC_ERROR_H

#include "apc.h"

#if defined(__GNUC__)
#  define APC_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#  define APC_PRINTF(text, first)
#endif

/* Notes a sentence (without its final stop) and returns `error`, so that a caller can `return error_set(…)`. */
int32_t error_set(apc_error error, const char *format, ...) APC_PRINTF(2, 3);

/* The same with the error's own words. */
int32_t error_plain(apc_error error);

/* Copies text as apc_describe promises: at most capacity bytes with the final NUL; returns the whole length without it.
 */
int32_t copy_text(char *to, uint32_t capacity, const char *text);

#endif
