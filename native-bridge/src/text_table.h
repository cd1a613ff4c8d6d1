/*
 * text_table.h: the UTF-8 of every name and log template, appended once and read by apc_drain_text.
 * Only main (whoever calls apc_*) touches it.
 */
#ifndef APC_SRC_TEXT_TABLE_H
#define APC_SRC_TEXT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct text_table {
  uint8_t *bytes;
  uint32_t used, capacity;
} text_table;

#define TEXT_MAX_BYTES 0xFFFFu /* of one text: the width of its field in a `defined` record */

/* Room for `bytes` more; after it, appending that much cannot fail. */
bool text_table_reserve(text_table *table, uint32_t bytes);
/* Returns the text's offset. */
uint32_t text_table_append(text_table *table, const void *text, uint32_t bytes);
void text_table_free(text_table *table);

/* Is it well-formed UTF-8 (no overlong forms, no surrogates)? */
bool is_utf8(const uint8_t *text, uint32_t bytes);

#endif
