#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if defined(_MSC_VER) && !defined(__clang__)
#  define THREAD_LOCAL __declspec(thread)
#else
#  define THREAD_LOCAL _Thread_local
#endif

static THREAD_LOCAL char last_sentence[512];

static const char *words_of(apc_error error) {
  switch (error) {
    case APC_OK: return "no error";
#define X(number, name, text)                                                                                          \
  case APC_E_##name: return text;
      APC_ERRORS(X)
#undef X
  }
  return "unknown error";
}

int32_t error_set(apc_error error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_sentence, sizeof last_sentence, format, arguments);
  va_end(arguments);
  return error;
}

int32_t error_plain(apc_error error) { return error_set(error, "%s", words_of(error)); }

int32_t copy_text(char *to, uint32_t capacity, const char *text) {
  size_t length = strlen(text);
  if (to != NULL && capacity > 0) {
    size_t copied = length < capacity ? length : capacity - 1;
    memcpy(to, text, copied);
    to[copied] = 0;
  }
  return (int32_t)length;
}

int32_t apc_error_text(char *text, uint32_t capacity) { return copy_text(text, capacity, last_sentence); }
