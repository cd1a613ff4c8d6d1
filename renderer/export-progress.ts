import { create } from 'zustand';
import type { ExportProgress } from '../apc-model/app-api.ts';

/** The export under way, once it takes longer than half a second; null for none. */
export const useExportProgress = create<{ progress: ExportProgress | null }>()(() => ({ progress: null }));
