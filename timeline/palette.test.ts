import { expect, test } from 'vitest';
import { LOOK_COLOURS } from './looks.ts';
import { COLOUR_NAMES, PALETTES, cssVariables, type ColourName, type Theme } from './palette.ts';

const THEMES: Theme[] = ['dark', 'light', 'print'];

type Rgb = [number, number, number];

/** sRGB to linear light. */
function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

/** Machado, Oliveira and Fernandes (2009), severity 1. */
const BLINDNESS: Record<string, number[][]> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in Oklab, where 0.02 is just seen. */
function distance(a: string, b: string, kind: string): number {
  const seen = (hex: string): Rgb => {
    const rgb = linear(hex);
    return BLINDNESS[kind]!.map((row) =>
      Math.max(
        0,
        row.reduce((sum, weight, at) => sum + weight * rgb[at]!, 0),
      ),
    ) as Rgb;
  };
  const lab = ([r, g, b]: Rgb): Rgb => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [first, second] = [lab(seen(a)), lab(seen(b))];
  return Math.hypot(...first.map((value, at) => value - second[at]!));
}

test.each(THEMES)('%s: every text reads on what it stands on (4.5:1)', (theme) => {
  const palette = PALETTES[theme];
  const pairs: [ColourName, ColourName][] = [
    ['text', 'background'],
    ['text', 'header'],
    ['mutedText', 'background'],
    ['mutedText', 'header'],
    ['lostText', 'background'],
    ['lostText', 'resultPillFill'],
    ['gapText', 'gapFill'],
    ['queuedText', 'queuedFill'],
    ['queuedText', 'background'],
    ['specialText', 'specialFill'],
    ['specialText', 'background'],
    ['drainPillText', 'drainPillFill'],
    ['resultPillText', 'resultPillFill'],
    ...Object.values(LOOK_COLOURS).map(({ text, fill }): [ColourName, ColourName] => [text, fill]),
  ];
  const poor = pairs.filter(([text, fill]) => contrast(palette[text], palette[fill]) < 4.5);
  expect(poor).toEqual([]);
});

test.each(THEMES)('%s: every edge and mark stands out from the background (3:1)', (theme) => {
  const palette = PALETTES[theme];
  const edges: ColourName[] = [
    ...Object.values(LOOK_COLOURS).map(({ edge }) => edge),
    'queuedEdge',
    'specialEdge',
    'lost',
    'gapEdge',
    'resultPillEdge',
    'cursor',
    'selection',
  ];
  expect(edges.filter((edge) => contrast(palette[edge], palette.background) < 3)).toEqual([]);
});

test.each(THEMES.flatMap((theme) => Object.keys(BLINDNESS).map((kind) => [theme, kind] as const)))(
  '%s, eyes %s: states without a pattern differ in colour, the others also in pattern',
  (theme, kind) => {
    const palette = PALETTES[theme];
    const plain: ColourName[] = ['runningFill', 'waitFill', 'apcFill', 'background'];
    for (const [at, one] of plain.entries()) {
      for (const other of plain.slice(at + 1)) {
        expect(distance(palette[one], palette[other], kind), `${one} and ${other}`).toBeGreaterThan(0.05);
      }
    }
    for (const edge of ['runningEdge', 'waitEdge', 'alertableEdge', 'apcEdge'] as const) {
      for (const other of ['runningEdge', 'waitEdge', 'alertableEdge', 'apcEdge'] as const) {
        if (edge !== other)
          expect(distance(palette[edge], palette[other], kind), `${edge} ${other}`).toBeGreaterThan(0.04);
      }
    }
  },
);

test('a state is never told by colour alone', () => {
  expect(LOOK_COLOURS.alertable.pattern?.kind).toBe('hatch');
  expect(LOOK_COLOURS.suspended.pattern?.kind).toBe('cross');
  expect(LOOK_COLOURS.step.dashed).toBe(true);
});

test('the page gets every colour by a name of its own', () => {
  const variables = cssVariables('dark');
  expect(Object.keys(variables)).toHaveLength(COLOUR_NAMES.length);
  expect(variables['--lab-drain-pill-fill']).toBe(PALETTES.dark.drainPillFill);
});
