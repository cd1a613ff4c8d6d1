import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'vite';
import { fromCache, fromRoot } from '../paths.mjs';

const HEAP_MIB = 8192;
const FOLDER = fromCache('bench', 'trace');

/** Each program of this folder is bundled to one file of plain JavaScript, as in the shipped app. @param {readonly string[]} programs */
export async function bundlePrograms(programs) {
  await build({
    configFile: false,
    root: fromRoot(),
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: FOLDER,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(programs.map((name) => [name, fromRoot('build', 'bench', `${name}.ts`)])),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
}

/**
 * Runs a bundled program in a process of its own.
 * @param {string} program @param {readonly string[]} args
 * @returns {Record<string, number>} what it prints
 */
export function runProgram(program, args) {
  const node = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`, path.join(FOLDER, `${program}.mjs`)];
  return JSON.parse(execFileSync(process.execPath, [...node, ...args], { encoding: 'utf8' }));
}
