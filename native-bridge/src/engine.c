/* apc_engine: what this library is and can do, as JSON. */
#include <string.h>

#include "backend.h"
#include "error.h"

#define JSON_BYTES 8192
#define MAX_CAPABILITIES 32

typedef struct json_text {
  char text[JSON_BYTES];
  size_t used;
} json_text;

static void put_raw(json_text *j, const char *text) {
  size_t length = strlen(text);
  if (length >= sizeof j->text - j->used) return;
  memcpy(j->text + j->used, text, length + 1);
  j->used += length;
}

/* Quoted; our own texts and the system's names hold no control characters but those replaced here. */
static void put_string(json_text *j, const char *text) {
  put_raw(j, "\"");
  for (; *text != 0; text++) {
    char one[3] = {*text, 0, 0};
    if (*text == '"' || *text == '\\') one[0] = '\\', one[1] = *text;
    else if ((unsigned char)*text < 0x20) one[0] = ' ';
    put_raw(j, one);
  }
  put_raw(j, "\"");
}

static void put_member(json_text *j, const char *prefix, const char *value) {
  put_raw(j, prefix);
  put_string(j, value);
}

int32_t apc_engine(char *json, uint32_t capacity) {
  json_text j = {.used = 0};
  char words[256];
  put_member(&j, "{\"engine\":", backend_name);
  backend_label(words, sizeof words);
  put_member(&j, ",\"label\":", words);
  backend_system(words, sizeof words);
  put_member(&j, ",\"os\":", words);
  put_raw(&j, ",\"capabilities\":[");
  backend_capability list[MAX_CAPABILITIES];
  uint32_t count = backend_capabilities(list, MAX_CAPABILITIES);
  for (uint32_t i = 0; i < count; i++) {
    put_member(&j, i == 0 ? "{\"name\":" : ",{\"name\":", list[i].name);
    put_raw(&j, list[i].present ? ",\"present\":true" : ",\"present\":false");
    if (list[i].reason != NULL) put_member(&j, ",\"reason\":", list[i].reason);
    put_raw(&j, "}");
  }
  put_raw(&j, "]}");
  return copy_text(json, capacity, j.text);
}
