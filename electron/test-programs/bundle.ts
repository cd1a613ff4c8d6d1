import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * Bundles a program of this folder, for tests that need a process of their own: to kill it, or to limit its memory.
 * @param entry a file, from the project's root
 * @returns what `node` can run for an hour; it lies as deep as the app's own bundles, so that packages, the
 * native library and scenarios are found from there
 */
export async function bundleProgram(entry: string): Promise<string> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  removeOld(join(ROOT, '.cache'));
  const outDir = mkdtempSync(join(ROOT, '.cache', 'program-'));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'silent',
    build: {
      ssr: resolve(ROOT, entry),
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  return join(outDir, 'program.mjs');
}

const AN_HOUR_MS = 3_600_000;

/** A test's process is ended from outside, and has no last words in which it could tidy up. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('program-'))) {
    const old = join(folder, name);
    const isOld = Date.now() - (statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? 0) > AN_HOUR_MS;
    if (isOld) rmSync(old, { recursive: true, force: true });
  }
}
