export { Control } from './control.ts';
export type { ControlOptions } from './control.ts';
