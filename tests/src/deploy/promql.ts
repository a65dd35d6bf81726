/** What a PromQL expression names. */
export interface PromqlNames {
  /** Metrics and recording rules. */
  readonly metrics: readonly string[];
  /** Labels it selects, groups or joins by. */
  readonly labels: readonly string[];
}

const keywords: ReadonlySet<string> = new Set([
  'and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'offset', 'atan2', 'inf', 'nan', 'start', 'end',
]);

const matcher = /([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)\s*$/;
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^()]*)\)/g;

/**
 * The names in an expression, without a parser for it: strings, ranges and lists of labels are taken out one after the other,
 * and of what is left each word is a function (a parenthesis follows), a keyword, or a metric.
 */
export function namesIn(expression: string): PromqlNames {
  const labels = new Set<string>();
  const plain = expression
    .replaceAll(/#.*$/gm, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
    .replaceAll(/\{([^}]*)\}/g, (_, matchers: string) => {
      for (const part of matchers.split('""')) {
        const label = matcher.exec(part)?.[1];
        if (label !== undefined) labels.add(label);
      }
      return ' ';
    })
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\boffset\s+-?\w+/g, ' ')
    .replaceAll(grouping, (_, list: string) => {
      for (const label of list.split(',')) if (label.trim() !== '') labels.add(label.trim());
      return ' ';
    });
  const words = [...plain.matchAll(/(?<![\w:.])([A-Za-z_:][\w:]*)(?!\s*\()(?![\w:])/g)].map(([, word = '']) => word);
  return { metrics: [...new Set(words.filter((word) => !keywords.has(word.toLowerCase())))], labels: [...labels] };
}
