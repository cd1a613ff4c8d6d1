import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, fromCache } from '../paths.mjs';

/**
 * A hash over names, sizes and modification times: cheap enough for every start, and any edit or checkout changes it.
 * @param {readonly string[]} paths  files and folders, from the root
 * @param {(file: string) => boolean} [counts]  false for files that do not matter
 */
export function treeHash(paths, counts = () => true) {
  const hash = createHash('sha256');
  for (const start of paths) addToHash(path.join(ROOT, start), hash, counts);
  return hash.digest('hex');
}

/** @param {string} file @param {import('node:crypto').Hash} hash @param {(file: string) => boolean} counts */
function addToHash(file, hash, counts) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    if (counts(file)) hash.update(`${path.relative(ROOT, file)}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const name of fs.readdirSync(file).sort()) addToHash(path.join(file, name), hash, counts);
}

/** @param {string} name */
export function readStamp(name) {
  try {
    return fs.readFileSync(fromCache('setup', `${name}.stamp`), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} name @param {string} value */
export function writeStamp(name, value) {
  fs.mkdirSync(fromCache('setup'), { recursive: true });
  fs.writeFileSync(fromCache('setup', `${name}.stamp`), value);
}
