export { Edge } from './edge.ts';
export type { EdgeOptions } from './edge.ts';
