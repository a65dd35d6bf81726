import type { Bus } from '@weir/bus';
import type { Configuration } from '@weir/config';
import type { FleetStatus } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import { icecastRoutes } from '../icecast/routes.ts';
import type { AdminRoute } from './admin-route.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { edgeRoutes } from './edge-routes.ts';
import { Instances } from './instances.ts';
import { openApi } from './openapi.ts';
import { processRoutes } from './process-routes.ts';
import type { ReloadOutcome } from './process-routes.ts';
import { producerRoutes } from './producer-routes.ts';
import type { StoppedProducers } from './stopped-producers.ts';

/** What is administered. */
export interface AdministrationOptions {
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly instance: string;
  readonly reload: (() => Promise<ReloadOutcome>) | null;
  readonly stopped: StoppedProducers;
  readonly status: () => FleetStatus;
  readonly configuration: () => Configuration | null;
}

const described = { method: 'GET', path: '/openapi.json', access: 'open', summary: 'This document' } as const;

/** Everything that administrators, and those who watch as Icecast's clients do, can ask. */
export function administrationRoutes(options: AdministrationOptions): readonly AdminRoute[] {
  const instances = new Instances(options.bus, options.subjects);
  const routes: AdminRoute[] = [...producerRoutes({ ...options, instances }), ...edgeRoutes({ ...options, instances }), ...processRoutes({ ...options, instances }), ...configurationRoutes(options.configuration), ...icecastRoutes(options)];
  const document = openApi([...routes, described], options.status().weirVersion);
  return [...routes, { ...described, answer: () => ({ status: 200, body: document }) }];
}
