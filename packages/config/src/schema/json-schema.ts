import * as z from 'zod';
import { fileSchema } from './file.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A value that is put in before it is checked: from the environment, and in a set from its rows, too. */
const fromEnvironment = String.raw`\$\{`;
const fromRow = String.raw`\{`;

/**
 * The JSON Schema (draft 7, which editors know) of a configuration file, made from what `loadConfiguration` checks by.
 * It cannot know names and templates: a file that fits it may still have problems.
 */
export function configurationSchema(): object {
  const schema = z.toJSONSchema(fileSchema, { target: 'draft-07', io: 'input' }) as Schema;
  return allow(schema, [], fromEnvironment) as object;
}

/** Lets a text with a placeholder stand wherever only some texts, numbers or booleans may. */
function allow(schema: unknown, path: readonly string[], placeholder: string): unknown {
  if (Array.isArray(schema)) return schema.map((item: unknown) => allow(item, path, placeholder));
  if (!isSchema(schema)) return schema;
  const inner = path.at(-1) === 'sets' ? fromRow : placeholder;
  const isNarrow = 'pattern' in schema || ('enum' in schema && path.at(-1) !== 'propertyNames') || schema['type'] === 'boolean';
  if (isNarrow && path.at(-1) !== 'propertyNames') return withPlaceholder(schema, placeholder);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, isLiteral(key) ? value : allow(value, [...path, key], inner)]));
}

function withPlaceholder(schema: Schema, placeholder: string): Schema {
  const { description, default: fallback, ...rest } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, { type: 'string', pattern: placeholder }],
  };
}

/** Keys of JSON Schema whose values are data. */
function isLiteral(key: string): boolean {
  return key === 'default' || key === 'required' || key === 'enum';
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}
