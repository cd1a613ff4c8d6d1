/**
 * @typedef {object} Report
 * @property {(title: string, work: (progress: Progress) => Promise<string>) => Promise<void>} step
 *   Runs the work and leaves one line: the title, what the work says it did, and its time.
 * @property {(title: string, state: string) => void} line  One line for a step that had nothing to do.
 * @property {(text: string) => void} note  One line of explanation.
 *
 * @callback Progress
 * @param {string} text  what goes on now
 * @param {number} [fraction]  0..1 where it can be known
 * @returns {void}
 */

const TITLE_WIDTH = 18;
const BAR_WIDTH = 24;

/**
 * Steps on a terminal have a live line (seconds, a bar); elsewhere each quarter of a known length is a plain line.
 * @param {NodeJS.WriteStream} stream
 * @returns {Report}
 */
export function createReport(stream) {
  return {
    line: (title, state) => void stream.write(`  ${title.padEnd(TITLE_WIDTH)} ${state}\n`),
    note: (text) => void stream.write(`  ${text}\n`),
    async step(title, work) {
      const began = performance.now();
      const live = stream.isTTY ? liveLine(stream, title, began) : plainLines(stream, title);
      try {
        const done = await work(live.progress);
        live.end();
        stream.write(`  ${title.padEnd(TITLE_WIDTH)} ${done} (${seconds(performance.now() - began)})\n`);
      } catch (error) {
        live.end();
        stream.write(`  ${title.padEnd(TITLE_WIDTH)} failed (${seconds(performance.now() - began)})\n`);
        throw error;
      }
    },
  };
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 100_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {string} title
 * @param {number} began
 */
function liveLine(stream, title, began) {
  let text = '';
  /** @type {number | undefined} */
  let fraction;
  const draw = () => {
    const bar = fraction === undefined ? '' : `${drawBar(fraction)} `;
    const line = `  ${title.padEnd(TITLE_WIDTH)} ${bar}${text} ${seconds(performance.now() - began)}`;
    stream.write(`\r\x1b[2K${line.slice(0, stream.columns - 1)}`);
  };
  const timer = setInterval(draw, 200);
  draw();
  return {
    progress: (/** @type {string} */ now, /** @type {number | undefined} */ part) => {
      text = now;
      fraction = part;
    },
    end() {
      clearInterval(timer);
      stream.write('\r\x1b[2K');
    },
  };
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {string} title
 */
function plainLines(stream, title) {
  let quarter = 0;
  return {
    progress: (/** @type {string} */ now, /** @type {number | undefined} */ part = 0) => {
      const reached = Math.floor(part * 4);
      if (reached > quarter && reached < 4)
        stream.write(`  ${title.padEnd(TITLE_WIDTH)} ${now}: ${reached * 25} %\n`);
      quarter = Math.max(quarter, reached);
    },
    end() {},
  };
}

/** @param {number} fraction */
function drawBar(fraction) {
  const full = Math.round(Math.min(1, fraction) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)} %`;
}
