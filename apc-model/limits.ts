/** Limits that forms state before a schema holds to them: a file without zod, which the page does not load. */

/** The most that one read or write moves. */
export const MOST_IO_BYTES = 1_048_576;
/** Written bytes, and what a file holds: a text of the program, which an event's field for its length bounds. */
export const MOST_TEXT_BYTES = 65_535;
/** Of a log line, before its values are put in. */
export const MOST_LOG_CHARACTERS = 1000;
