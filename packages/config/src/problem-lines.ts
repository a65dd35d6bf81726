import { parseConfiguration } from './load.ts';
import { ConfigurationError } from './problem.ts';
import type { Configuration } from './configuration.ts';
import type { Environment } from './environment.ts';

/** For tests: what is wrong with a text called `weir.yml`, line by line; nothing when it loads. */
export function problemLines(text: string, environment: Environment = {}): readonly string[] {
  try {
    parseConfiguration(text, 'weir.yml', environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
}

/** For tests: the final form of a text that loads. */
export function resolved(text: string, environment: Environment = {}): Configuration {
  return parseConfiguration(text, 'weir.yml', environment).configuration;
}
