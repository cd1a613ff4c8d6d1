import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * Bundles a program of this folder, for tests that need a process of their own: to kill it, or to limit its memory.
 * @param entry a file, from the project's root
 * @returns what `node` can run until this process ends; it lies as deep as the app's own bundles, so that packages, the
 * native library and scenarios are found from there
 */
export async function bundleProgram(entry: string): Promise<string> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const outDir = mkdtempSync(join(ROOT, '.cache', 'program-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
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
