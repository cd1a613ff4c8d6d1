#include "text_table.h"

#include <stdlib.h>
#include <string.h>

bool text_table_reserve(text_table *table, uint32_t bytes) {
  uint64_t wanted = (uint64_t)table->used + bytes;
  if (wanted <= table->capacity) return true;
  if (wanted > UINT32_MAX / 2) return false;
  uint32_t capacity = table->capacity != 0 ? table->capacity : 4096;
  while (capacity < wanted) capacity *= 2;
  uint8_t *larger = realloc(table->bytes, capacity);
  if (larger == NULL) return false;
  table->bytes = larger;
  table->capacity = capacity;
  return true;
}

uint32_t text_table_append(text_table *table, const void *text, uint32_t bytes) {
  uint32_t offset = table->used;
  if (bytes > 0) memcpy(table->bytes + offset, text, bytes);
  table->used += bytes;
  return offset;
}

void text_table_free(text_table *table) {
  free(table->bytes);
  *table = (text_table){0};
}

bool is_utf8(const uint8_t *text, uint32_t bytes) {
  uint32_t at = 0;
  while (at < bytes) {
    uint8_t first = text[at++];
    if (first < 0x80) continue;
    uint32_t follow = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || bytes - at < follow) return false;
    uint32_t point = first & (0x3Fu >> follow);
    for (uint32_t i = 0; i < follow; i++) {
      uint8_t next = text[at++];
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3F);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (point < least[follow] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
  }
  return true;
}
