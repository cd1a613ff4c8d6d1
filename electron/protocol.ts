import { protocol } from 'electron';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pageHeaders, resolvePageFile, type PageRoots } from './page-files.ts';
import { APP_SCHEME } from './page-origin.ts';

/** In index.html, where the nonce of this load belongs. */
const NONCE_PLACE = '__NONCE__';

/** Must run before the app is ready. */
export function setupScheme(): void {
  const privileges = { standard: true, secure: true, codeCache: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

export function setupProtocol(roots: PageRoots): void {
  protocol.handle(APP_SCHEME, (request) => answer(request, roots));
}

async function answer(request: Request, roots: PageRoots): Promise<Response> {
  const nonce = randomBytes(16).toString('base64');
  const plain = (status: number, text: string) =>
    new Response(text, { status, headers: pageHeaders('text/plain; charset=utf-8', nonce) });
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Only GET is answered here.');
  const found = resolvePageFile(request.url, roots);
  const bytes = found && (await readFile(found.file).catch(() => undefined));
  if (!found || !bytes) return plain(404, 'There is no such file.');
  const isDocument = found.mimeType.startsWith('text/html');
  const body = isDocument ? bytes.toString('utf8').replaceAll(NONCE_PLACE, nonce) : new Uint8Array(bytes);
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: pageHeaders(found.mimeType, nonce),
  });
}
