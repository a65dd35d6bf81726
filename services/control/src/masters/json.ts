/** A JSON object's members; null for everything else, JSON or not. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The value, if it is an object and no list. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
}

/** The value, if it is a text; otherwise an empty one. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
