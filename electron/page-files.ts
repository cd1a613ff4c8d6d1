import path from 'node:path';
import { APP_HOST, APP_SCHEME } from './page-origin.ts';

/** The folders that the page's URLs lead to, and no others. */
export interface PageRoots {
  renderer: string;
  fonts: string;
}

/** What may be served at all. A file of any other ending is not found. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface PageFile {
  file: string;
  mimeType: string;
}

/**
 * The file that a URL of the page names, or undefined where it names none. A path is plain segments of letters, digits,
 * `.`, `_` and `-`, none of which begins with a dot: nothing is decoded, so nothing can be hidden in an encoding.
 */
export function resolvePageFile(url: string, roots: PageRoots): PageFile | undefined {
  const { protocol, host, username, password, pathname } = parse(url) ?? {};
  if (protocol !== `${APP_SCHEME}:` || host !== APP_HOST || username !== '' || password !== '')
    return undefined;
  const segments = pathname!.slice(1).split('/');
  if (!segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment))) return undefined;
  const isFont = segments[0] === 'fonts';
  const root = isFont ? roots.fonts : roots.renderer;
  const file = path.resolve(root, ...(isFont ? segments.slice(1) : segments));
  const mimeType = MIME_TYPES[path.extname(file).toLowerCase()];
  return mimeType !== undefined && isInside(root, file) ? { file, mimeType } : undefined;
}

/** Is the file strictly below the folder? Both by name only. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

/** The page's own files, fonts, blobs and data images; no other origin, no inline script, no eval, no string into the DOM. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** The headers of every answer. With the three cross-origin ones the page is isolated and may share memory with its workers. */
export function pageHeaders(mimeType: string, nonce: string): Record<string, string> {
  return {
    'content-type': mimeType,
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
  };
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
