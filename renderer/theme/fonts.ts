/** Canvases measure and paint with Inter: it must be there before the first frame. */
const FACES = [
  ['400', '/fonts/Inter-Regular.woff2'],
  ['600', '/fonts/Inter-SemiBold.woff2'],
] as const;

/** Never fails: without the fonts the system's stand in. */
export async function loadFonts(): Promise<void> {
  const faces = FACES.map(
    ([weight, file]) => new FontFace('Inter', `url(${file}) format('woff2')`, { weight }),
  );
  for (const face of faces) document.fonts.add(face);
  await Promise.allSettled(faces.map((face) => face.load()));
}
