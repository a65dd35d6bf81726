export { Control } from './control.ts';
export type { ControlOptions } from './control.ts';
export type { ReloadOutcome } from './admin/process-routes.ts';
