/** A file name that every system takes, made from a title. */
export function fileNameOf(title: string, ending: string): string {
  const plain = title
    // eslint-disable-next-line no-control-regex -- control characters are what must go
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]+/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 80)
    .replace(/^[\s.]+|[\s.]+$/g, '');
  // Windows keeps these names for devices, whatever their ending.
  const isDevice = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain);
  return `${plain === '' || isDevice ? `trace ${plain}`.trim() : plain}.${ending}`;
}
