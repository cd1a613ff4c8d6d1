import { createDOMRenderer } from '@fluentui/react-components';

/** Fluent's styles are let in by the nonce that main wrote into this page. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

export const styleRenderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
