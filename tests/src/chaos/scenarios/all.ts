import type { Scenario } from '../scenario.ts';
import { commandScenarios } from './commands.ts';
import { natsScenarios } from './nats.ts';
import { networkScenarios } from './network.ts';
import { resourceScenarios } from './resources.ts';
import { serviceScenarios } from './services.ts';

/** In the order in which they are run. The clock's stands last: for it all services are started again. */
export const scenarios: readonly Scenario[] = [...serviceScenarios, ...commandScenarios, ...natsScenarios, ...networkScenarios, ...resourceScenarios];
