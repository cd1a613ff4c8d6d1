import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const CACHE = path.join(ROOT, '.cache');
export const OUT = path.join(ROOT, 'out');

/** @param {...string} parts */
export const fromRoot = (...parts) => path.join(ROOT, ...parts);
/** @param {...string} parts */
export const fromCache = (...parts) => path.join(CACHE, ...parts);
