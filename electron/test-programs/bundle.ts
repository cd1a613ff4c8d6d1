import { mkdirSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * Bundles a program of this folder, for tests that need a process of their own: to kill it, or to limit its memory.
 * @param entry a file, from the project's root
 * @returns what `node` can run; it lies in `.cache/test`, from where the native library and packages are found
 */
export async function bundleProgram(entry: string): Promise<string> {
  mkdirSync(join(ROOT, '.cache', 'test'), { recursive: true });
  const outDir = mkdtempSync(join(ROOT, '.cache', 'test', 'program-'));
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
