import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { takeDroppedFiles } from './file-drop.ts';
import { feed } from './lab.ts';
import { takePortFrom } from './live-feed.ts';
import { loadFonts } from './theme/fonts.ts';
import './theme/page.css';

takePortFrom(window, feed);
takeDroppedFiles(window);
void loadFonts().then(() => createRoot(document.getElementById('root')!).render(<App />));
