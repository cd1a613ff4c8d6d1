import { SetupFault } from './fault.mjs';

/** The wire is text inside the binary: a character a fuse. */
const ENABLED = '1'.charCodeAt(0);

/**
 * @param {string} executable
 * @returns {Promise<Record<string, boolean>>} each fuse that the binary has
 */
export async function readFuses(executable) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = /** @type {Record<string, unknown>} */ (
    /** @type {unknown} */ (await getCurrentFuseWire(executable))
  );
  const states = Object.entries(wire).filter(([key]) => FuseV1Options[Number(key)] !== undefined);
  return Object.fromEntries(states.map(([key, state]) => [FuseV1Options[Number(key)], state === ENABLED]));
}

/**
 * @param {string} executable
 * @param {Partial<Record<keyof typeof import('@electron/fuses').FuseV1Options, boolean>>} fuses  those to change
 */
export async function writeFuses(executable, fuses) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  const numbered = Object.entries(fuses).map(([name, on]) => [
    FuseV1Options[/** @type {keyof typeof FuseV1Options} */ (name)],
    on,
  ]);
  if (numbered.some(([key]) => key === undefined)) throw new SetupFault('A fuse has an unknown name.');
  await flipFuses(executable, { version: FuseVersion.V1, ...Object.fromEntries(numbered) });
}
