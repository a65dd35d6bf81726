export { runLoad } from './run-load.ts';
export type { LoadSurroundings } from './run-load.ts';
export type { LoadReport } from './load-report.ts';
