/** How far the rows are scrolled: the canvas beside them follows without React. */
export const boardScroll = { topCss: 0 };
