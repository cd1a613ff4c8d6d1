/**
 * Makes the canvas as sharp as the display and its units CSS pixels.
 * @param size of one that is not in the page
 * @returns undefined while it has no size
 */
export function sizedContext(
  canvas: HTMLCanvasElement,
  size: { widthCss: number; heightCss: number } = {
    widthCss: canvas.clientWidth,
    heightCss: canvas.clientHeight,
  },
): CanvasRenderingContext2D | undefined {
  const { widthCss, heightCss } = size;
  const context = canvas.getContext('2d');
  if (widthCss === 0 || heightCss === 0 || context === null) return undefined;
  const scale = window.devicePixelRatio;
  const width = Math.round(widthCss * scale);
  const height = Math.round(heightCss * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, widthCss, heightCss);
  return context;
}
