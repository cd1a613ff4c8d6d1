import path from 'node:path';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, isInside, pageHeaders, resolvePageFile } from './page-files.ts';

const roots = { renderer: path.resolve('/lab/out/renderer'), fonts: path.resolve('/lab/out/fonts') };
const fileOf = (url: string) => resolvePageFile(url, roots)?.file;

test.each([
  ['alertable://app/index.html', path.join(roots.renderer, 'index.html'), 'text/html; charset=utf-8'],
  ['alertable://app/index.html?x=1#y', path.join(roots.renderer, 'index.html'), 'text/html; charset=utf-8'],
  [
    'alertable://app/assets/index-D3f_a.js',
    path.join(roots.renderer, 'assets', 'index-D3f_a.js'),
    'text/javascript; charset=utf-8',
  ],
  [
    'alertable://app/assets/index.CSS',
    path.join(roots.renderer, 'assets', 'index.CSS'),
    'text/css; charset=utf-8',
  ],
  ['alertable://app/fonts/Inter-Regular.woff2', path.join(roots.fonts, 'Inter-Regular.woff2'), 'font/woff2'],
])('%s is served', (url, file, mimeType) => {
  expect(resolvePageFile(url, roots)).toEqual({ file, mimeType });
});

test.each([
  'alertable://app/',
  'alertable://app',
  'alertable://app/fonts/',
  'alertable://app/assets//index.js',
  'alertable://app/../package.json',
  'alertable://app/../../etc/passwd.txt',
  'alertable://app/%2e%2e/%2e%2e/package.json',
  'alertable://app/..%2f..%2fpackage.json',
  'alertable://app/..%5c..%5cpackage.json',
  'alertable://app/fonts/..%2f..%2fpackage.json',
  'alertable://app/fonts/..\\..\\package.json',
  'alertable://app/%252e%252e/package.json',
  'alertable://app/index.html%00.js',
  'alertable://app/C:/Windows/win.txt',
  'alertable://app//etc/hosts.txt',
  'alertable://app/index.html::$DATA.txt',
  'alertable://app/.hidden.json',
  'alertable://app/assets/..js',
  'alertable://app/run.exe',
  'alertable://app/main',
  'alertable://other/index.html',
  'alertable://app:80/index.html',
  'alertable://user@app/index.html',
  'alertable://app.evil/index.html',
  'file:///etc/hosts.txt',
  'https://app/index.html',
  'not a url',
  '',
])('%j leads nowhere outside', (url) => {
  const file = fileOf(url);
  // A URL parser may fold dot segments away; what is left must be inside, or nothing.
  if (file !== undefined)
    expect([roots.renderer, roots.fonts].some((root) => isInside(root, file))).toBe(true);
  else expect(file).toBeUndefined();
});

test.each([
  'alertable://app/..%2f..%2fpackage.json',
  'alertable://other/index.html',
  'alertable://app/run.exe',
])('%s is not found', (url) => {
  expect(fileOf(url)).toBeUndefined();
});

test('inside means strictly below', () => {
  expect(isInside('/a/b', '/a/b/c')).toBe(true);
  expect(isInside('/a/b', '/a/b/..c')).toBe(true);
  for (const file of ['/a/b', '/a', '/a/bc', '/a/b/../c', '/']) expect(isInside('/a/b', file)).toBe(false);
});

test('no answer leaves without its policy', () => {
  const headers = pageHeaders('text/css', 'abc');
  expect(headers['content-security-policy']).toBe(contentSecurityPolicy('abc'));
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
});

test('the policy allows no inline script, no eval, no other origin and no frame', () => {
  const directives = new Map(
    contentSecurityPolicy('abc')
      .split('; ')
      .map((each) => [each.split(' ')[0], each]),
  );
  expect(directives.get('default-src')).toBe("default-src 'none'");
  expect(directives.get('script-src')).toBe("script-src 'self'");
  expect(directives.get('style-src')).toBe("style-src 'self' 'nonce-abc'");
  expect(directives.get('frame-ancestors')).toBe("frame-ancestors 'none'");
  expect(directives.get('require-trusted-types-for')).toBe("require-trusted-types-for 'script'");
  expect([...directives.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/);
});
