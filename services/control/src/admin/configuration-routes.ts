import { configurationSchema, renderConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { refused } from './admin-route.ts';
import type { AdminRoute } from './admin-route.ts';

/** The configuration that runs, as `weir render` prints it, secrets masked; and what configuration files may say. */
export function configurationRoutes(configuration: () => Configuration | null): readonly AdminRoute[] {
  const schema = configurationSchema();
  return [
    {
      method: 'GET',
      path: '/config',
      access: 'read',
      summary: 'The configuration that runs, in its final form: sets made, templates put in, secrets masked',
      type: 'application/yaml',
      answer: () => {
        const now = configuration();
        if (now === null) return refused(503, 'No configuration has been published yet.');
        return { status: 200, type: 'application/yaml; charset=utf-8', body: renderConfiguration(now) };
      },
    },
    { method: 'GET', path: '/config.schema.json', access: 'open', summary: 'The JSON Schema of configuration files', answer: () => ({ status: 200, body: schema }) },
  ];
}
