/** Where the page lives: a scheme of its own, because a file: page would be of no origin at all. */
export const APP_SCHEME = 'alertable';
export const APP_HOST = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const APP_URL = `${APP_ORIGIN}/index.html`;
