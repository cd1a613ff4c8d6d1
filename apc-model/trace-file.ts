export { decodeTrace } from './trace-reader.ts';
