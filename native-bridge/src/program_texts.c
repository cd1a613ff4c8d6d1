/* Texts that join a program after it was loaded. */
#include <string.h>

#include "backend.h"
#include "error.h"
#include "program.h"

static size_t entry_bytes(const text_room *room) { return (size_t)room->most_entries * sizeof(apc_text_entry); }

bool program_make_text_room(program *p) {
  apc_program_header *h = &p->header;
  text_room room = {
      .most_entries = h->texts + PROGRAM_LATER_TEXTS, .used_bytes = h->text_bytes, .most_bytes = h->text_bytes};
  room.most_bytes += PROGRAM_LATER_TEXT_BYTES;
  room.entries = backend_reserve(entry_bytes(&room));
  room.bytes = backend_reserve(room.most_bytes);
  p->later = room;
  if (room.entries == NULL || room.bytes == NULL) {
    program_free_text_room(p);
    return false;
  }
  if (h->texts > 0) memcpy(room.entries, p->texts, h->texts * sizeof *room.entries);
  if (h->text_bytes > 0) memcpy(room.bytes, p->text, h->text_bytes);
  p->texts = room.entries;
  p->text = room.bytes;
  return true;
}

int32_t program_add_text(program *p, const void *text, uint32_t bytes) {
  text_room *room = &p->later;
  uint32_t index = p->header.texts;
  if (index >= room->most_entries || bytes > room->most_bytes - room->used_bytes)
    return error_set(APC_E_LIMIT, "a session takes %u texts by hand, of %u bytes in all, and has them",
        PROGRAM_LATER_TEXTS, PROGRAM_LATER_TEXT_BYTES);
  room->entries[index] = (apc_text_entry){.offset = room->used_bytes, .bytes = bytes};
  if (bytes > 0) memcpy(room->bytes + room->used_bytes, text, bytes);
  room->used_bytes += bytes;
  p->header.texts = index + 1;
  return (int32_t)index;
}

void program_free_text_room(program *p) {
  text_room *room = &p->later;
  if (room->entries != NULL) backend_release(room->entries, entry_bytes(room));
  if (room->bytes != NULL) backend_release(room->bytes, room->most_bytes);
  *room = (text_room){0};
}
