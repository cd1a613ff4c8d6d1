import { GlobalFonts, createCanvas, loadImage } from '@napi-rs/canvas';
import { beforeAll, describe, expect, test } from 'vitest';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { LOOK_COLOURS } from '../timeline/looks.ts';
import { PALETTES, type ColourName } from '../timeline/palette.ts';
import { FIRST, seedTrace } from '../timeline/seed-trace.ts';
import { textWidth } from '../timeline/text-width.ts';
import { findFontsFolder, pictureOf, renderPdf, renderPng, renderSvg, type ExportOptions } from './export.ts';

const trace = seedTrace();

interface Pixels {
  width: number;
  height: number;
  /** How many pixels of a box, in CSS pixels, have nearly this colour. */
  count(colour: string, xCss: number, yCss: number, widthCss: number, heightCss: number): number;
}

async function decode(file: Uint8Array | string, scale = 1): Promise<Pixels> {
  const image = await loadImage(Buffer.from(file));
  const canvas = createCanvas(
    image.width * (typeof file === 'string' ? scale : 1),
    image.height * (typeof file === 'string' ? scale : 1),
  );
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return {
    width: canvas.width,
    height: canvas.height,
    count(colour, xCss, yCss, widthCss, heightCss) {
      const area = [xCss, yCss, widthCss, heightCss].map((value) => Math.round(value * scale)) as [
        number,
        number,
        number,
        number,
      ];
      const { data } = context.getImageData(...area);
      const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      let found = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((value, channel) => Math.abs(value - data[at + channel]!) <= 6)) found++;
      }
      return found;
    },
  };
}

describe.each<[string, ExportOptions]>([
  ['light', { colours: 'light', axis: 'events', scale: 1 }],
  ['dark at 2×', { colours: 'dark', axis: 'events', scale: 2 }],
  ['light on the time axis', { colours: 'light', axis: 'time', scale: 1 }],
  ['print at 4×, narrow', { colours: 'print', axis: 'events', scale: 4, widthPx: 700 }],
])('the PNG, %s', (_, options) => {
  const scale = options.scale!;
  const picture = pictureOf(trace, options);
  const palette = PALETTES[options.colours!];
  let pixels: Pixels;
  beforeAll(async () => {
    pixels = await decode(await renderPng(trace, options), scale);
  });
  const colourOf = (name: ColourName): string => palette[name];

  test('has the size that the layout says', () => {
    expect([pixels.width, pixels.height]).toEqual([picture.widthCss * scale, picture.heightCss * scale]);
    expect(picture.widthCss).toBe(options.widthPx ?? 1280);
  });

  test('has every wide bar of both lanes in its colour where the draw list puts it', () => {
    const bars = picture.list.bars.filter(
      ({ look, widthCss }) => widthCss > 12 && look !== 'notStarted' && look !== 'running',
    );
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) {
      const fill = colourOf(LOOK_COLOURS[bar.look].fill);
      const found = pixels.count(
        fill,
        picture.lanesLeftCss + bar.xCss + 1,
        bar.yCss + 2,
        bar.widthCss - 2,
        bar.heightCss - 4,
      );
      const area = (bar.widthCss - 2) * (bar.heightCss - 4) * scale * scale;
      expect(found / area, `${bar.look} in lane ${bar.lane}`).toBeGreaterThan(0.25);
    }
    // At true scale the second thread is a hair: folds, in the edge colours.
    const lanes = [...picture.list.bars, ...picture.list.folds].map(({ lane }) => lane);
    expect(new Set(lanes)).toEqual(new Set([0, 1]));
    for (const { xCss, yCss, heightCss } of picture.list.folds) {
      expect(
        pixels.count(colourOf('background'), picture.lanesLeftCss + xCss, yCss, 2, heightCss),
      ).toBeLessThan(12);
    }
  });

  test('has the APC that waits, the cross of the lost one, the bracket and the pill', () => {
    const { list, lanesLeftCss } = picture;
    const waiting = list.waiting.find(({ end }) => end === 'lost')!;
    const at = (
      box: { xCss: number; yCss: number; widthCss: number; heightCss: number },
      colour: ColourName,
    ): number =>
      pixels.count(
        colourOf(colour),
        lanesLeftCss + box.xCss - 1,
        box.yCss - 1,
        box.widthCss + 2,
        box.heightCss + 2,
      );
    expect(at(waiting, 'queuedFill')).toBeGreaterThan(waiting.widthCss * scale);
    expect(
      at(
        list.marks.find(({ kind }) => kind === 'lost')!,
        'lost',
      ),
    ).toBeGreaterThan(8);
    expect(at(list.brackets[0]!, 'alertableEdge')).toBeGreaterThan(2);
    expect(at(list.pills[0]!, 'drainPillFill')).toBeGreaterThan(list.pills[0]!.widthCss * 5);
  });

  test('has the legend with a swatch of every look in it', () => {
    const looks = picture.legend.entries.filter(
      ({ key }) => key in LOOK_COLOURS && key !== 'notStarted' && key !== 'step',
    );
    expect(looks.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['running', 'wait', 'alertable', 'apc']),
    );
    for (const { key, xCss, yCss } of looks) {
      const fill = colourOf(LOOK_COLOURS[key as keyof typeof LOOK_COLOURS].fill);
      expect(pixels.count(fill, xCss, yCss + 4, 26, 15), key).toBeGreaterThan(50);
    }
  });
});

describe('the SVG', () => {
  const svg = renderSvg(trace, { colours: 'light' });

  test('is a document of real text, one element each, none empty', () => {
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
    expect(texts).toEqual(
      expect.arrayContaining(['plain_sleeper_thread', 'listening_thread', 'posix emulation', 'APC 1 lost']),
    );
    expect(texts).toContain('SleepEx(9999999) → WAIT_IO_COMPLETION after 3.8 µs');
    expect(texts.every((text) => text.trim() !== '')).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.match(/<g[ >]/g)).toHaveLength(svg.match(/<\/g>/g)!.length);
  });

  test('painted again, has the colours where the draw list puts them', async () => {
    const pixels = await decode(svg);
    const picture = pictureOf(trace, { colours: 'light' });
    expect([pixels.width, pixels.height]).toEqual([picture.widthCss, picture.heightCss]);
    for (const bar of picture.list.bars.filter(({ look }) => look === 'wait' || look === 'apc')) {
      const fill = PALETTES.light[LOOK_COLOURS[bar.look].fill];
      const found = pixels.count(
        fill,
        picture.lanesLeftCss + bar.xCss,
        bar.yCss,
        bar.widthCss,
        bar.heightCss,
      );
      expect(found).toBeGreaterThan(bar.widthCss * bar.heightCss * 0.4);
    }
  });

  test('names cannot break out of it', () => {
    const name = '<script>&"\u0000';
    const evil = new TraceBuilder({ title: `a ${name}` })
      .define('thread', 2, name)
      .created(2)
      .started(2)
      .at(1e6)
      .ended(2);
    const document = renderSvg(evil.build());
    expect(document).not.toContain('<script');
    expect(document).not.toContain('\u0000');
    expect(document).toContain('&lt;script&gt;&amp;&quot;');
  });
});

test('the PDF is one page of the picture’s size, with its fonts in it', () => {
  const file = Buffer.from(renderPdf(trace)).toString('latin1');
  const { widthCss, heightCss } = pictureOf(trace, {});
  expect(file).toMatch(/^%PDF-1\.\d/);
  expect(file.trimEnd()).toMatch(/%%EOF$/);
  expect(file.match(/\/MediaBox \[([^\]]*)\]/g)).toEqual([`/MediaBox [0 0 ${widthCss} ${heightCss}]`]);
  expect(file).toMatch(/\/FontFile2|\/FontFile3/);
});

test('the picture says who made it, when, how long it lasted and what is missing', () => {
  const facts = pictureOf(trace, {}).facts.map(({ text }) => text);
  expect(facts).toEqual(
    expect.arrayContaining([
      'posix emulation',
      'Linux 6.1.0-28-amd64',
      '2026-11-22 21:41 UTC',
      '2 threads',
      'lasted 5 s',
      '0 events lost',
    ]),
  );
});

test('a range shows that range and nothing else', () => {
  const range = { startNs: 1e9, endNs: 2e9 };
  const picture = pictureOf(trace, { axis: 'time', range });
  const sleep = picture.list.bars.find(({ look }) => look === 'wait')!;
  expect([sleep.cutLeft, sleep.cutRight]).toEqual([true, true]);
  expect(picture.list.marks).toEqual([]);
  expect(picture.facts.some(({ text }) => text.includes('of 5 s'))).toBe(true);
});

test('an empty session and one of a hundred threads make pictures too', async () => {
  const empty = await decode(await renderPng(new TraceBuilder().build()));
  expect(empty.width).toBe(1280);
  const many = new TraceBuilder();
  for (let thread = 2; thread < 102; thread++) many.created(thread).started(thread);
  const picture = await decode(await renderPng(many.at(5e6).log(FIRST, 0).build()));
  expect(picture.height).toBeGreaterThan(4000);
});

test('a picture that no machine could hold is refused in a sentence', async () => {
  await expect(renderPng(trace, { widthPx: 20_000, scale: 4 })).rejects.toThrow(
    /too large: choose a smaller scale/,
  );
});

test('a page that no PDF can have is refused in a sentence', () => {
  expect(() => renderPdf(trace, { widthPx: 20_000 })).toThrow(/too large for a PDF: choose a smaller width/);
});

test('widths of texts are those of the font, within two percent', () => {
  expect(GlobalFonts.has('Inter')).toBe(true);
  expect(findFontsFolder()).toContain('inter-ui');
  const context = createCanvas(10, 10).getContext('2d');
  for (const text of [
    'SleepEx(9999999) → WAIT_IO_COMPLETION after 12 ms',
    'waiting for your next step (not alertable)',
    '5.000\u2009171 s · µs × “x”',
  ]) {
    for (const weight of [400, 600] as const) {
      context.font = `${weight} 12px Inter`;
      const real = context.measureText(text).width;
      expect(Math.abs(textWidth(text, 12, weight) - real) / real, text).toBeLessThan(0.02);
    }
  }
});
