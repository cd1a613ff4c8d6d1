import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GlobalFonts, PDFDocument, createCanvas } from '@napi-rs/canvas';
import type { Trace } from '../apc-model/trace.ts';
import type { Canvas2D } from '../timeline/canvas.ts';
import { paintPicture } from '../timeline/paint-picture.ts';
import { layoutPicture, type Picture } from '../timeline/picture.ts';
import { SvgCanvas } from '../timeline/svg-canvas.ts';
import type { AxisKind } from '../timeline/time-axis.ts';

/** What a picture may be asked for; everything has a default. */
export interface ExportOptions {
  /** Session time at both edges, nanoseconds; null (the default) is everything. */
  range?: { startNs: number; endNs: number } | null;
  /** In CSS pixels: a PNG has `scale` times as many. */
  widthPx?: number | undefined;
  /** 1, 2 or 4. An SVG has no pixels and ignores it. */
  scale?: number | undefined;
  colours?: 'light' | 'dark' | 'print' | undefined;
  /** `events` (one step an event) unless said otherwise: a whole session then reads at a glance. */
  axis?: AxisKind | undefined;
  /** Where Inter's .woff2 files lie; by default beside the bundle, or in the package while developing. */
  fontsFolder?: string;
}

const FONT_FILES = ['Inter-Regular.woff2', 'Inter-SemiBold.woff2'];
const DEFAULT_WIDTH_PX = 1280;
/** Skia refuses canvases above this edge, and a picture beyond that many pixels would take gigabytes. */
const MOST_EDGE_PX = 32_767;
const MOST_PIXELS = 2 ** 28;

/** The picture as a PNG file. Throws an Error with a plain sentence where fonts are missing or the picture is too large. */
export async function renderPng(trace: Trace, options: ExportOptions = {}): Promise<Uint8Array> {
  registerFonts(options.fontsFolder);
  const scale = options.scale ?? 1;
  const picture = pictureOf(trace, options, scale);
  const width = Math.round(picture.widthCss * scale);
  const height = Math.round(picture.heightCss * scale);
  if (Math.max(width, height) > MOST_EDGE_PX || width * height > MOST_PIXELS) {
    throw new Error(
      `The picture would be ${width} × ${height} pixels, which is too large: choose a smaller scale or width.`,
    );
  }
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  paintPicture(context satisfies Canvas2D, picture);
  return canvas.encode('png');
}

/** The picture as an SVG document with real text. */
export function renderSvg(trace: Trace, options: ExportOptions = {}): string {
  const picture = pictureOf(trace, options, 1);
  const canvas = new SvgCanvas(picture.widthCss, picture.heightCss, picture.title);
  paintPicture(canvas, picture);
  return canvas.document();
}

/** A PDF page has at most this many points an edge; ours are CSS pixels. */
const MOST_EDGE_PT = 14_400;

/** The picture as a PDF document of one page as large as the picture, with real text. Throws as renderPng does. */
export function renderPdf(trace: Trace, options: ExportOptions = {}): Uint8Array {
  registerFonts(options.fontsFolder);
  const picture = pictureOf(trace, options, 1);
  const { widthCss, heightCss } = picture;
  if (Math.max(widthCss, heightCss) > MOST_EDGE_PT) {
    throw new Error(
      `The page would be ${widthCss} × ${Math.round(heightCss)} points, which is too large for a PDF: choose a smaller width or save an SVG.`,
    );
  }
  const document = new PDFDocument({ title: picture.title, creator: 'Alertable' });
  paintPicture(document.beginPage(widthCss, heightCss) satisfies Canvas2D, picture);
  document.endPage();
  return document.close();
}

/** Where everything lies in the picture: for tests, which then look for the colours there. */
export function pictureOf(trace: Trace, options: ExportOptions, pixelRatio = options.scale ?? 1): Picture {
  return layoutPicture(trace, {
    range: options.range ?? null,
    widthCss: options.widthPx ?? DEFAULT_WIDTH_PX,
    theme: options.colours ?? 'light',
    axis: options.axis ?? 'events',
    pixelRatio,
  });
}

/** `out/fonts` beside a bundle in `out/electron`; Inter's own package beside the sources. */
export function findFontsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = resolve(here, '..', 'fonts');
  return existsSync(join(bundled, FONT_FILES[0]!))
    ? bundled
    : resolve(here, '..', 'node_modules', 'inter-ui', 'web');
}

let registered = false;

function registerFonts(folder = findFontsFolder()): void {
  if (registered) return;
  for (const file of FONT_FILES) {
    const path = join(folder, file);
    if (!existsSync(path) || GlobalFonts.registerFromPath(path, 'Inter') === null) {
      throw new Error(`The font ${path} cannot be loaded: run the set-up again.`);
    }
  }
  registered = true;
}
