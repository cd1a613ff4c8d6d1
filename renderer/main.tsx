import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { feed } from './lab.ts';
import { takePortFrom } from './live-feed.ts';
import './theme/page.css';

takePortFrom(window, feed);

// The canvas measures and paints with this font: it must be there before the first frame.
const fonts = Promise.allSettled(['400 12px Inter', '600 12px Inter'].map((font) => document.fonts.load(font)));

void fonts.then(() => createRoot(document.getElementById('root')!).render(<App />));
