/** An element of a document, its text with entities resolved. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a document strictly: elements, attributes and text, nothing else. @throws Error where it is not well-formed */
export function parseXml(document: string): XmlNode {
  // oxlint-disable-next-line no-control-regex -- what XML 1.0 forbids is what it looks for
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]|\p{Cs}/u.test(document)) throw new Error('a character that XML 1.0 forbids');
  let at = 0;
  const take = (pattern: RegExp, what: string): readonly string[] => {
    pattern.lastIndex = at;
    const match = pattern.exec(document);
    if (match === null) throw new Error(`expected ${what} at ${at}: ${document.slice(at, at + 60)}`);
    at = pattern.lastIndex;
    return match;
  };
  take(/<\?xml version="1\.0"(?: encoding="UTF-8")?\?>\s*/y, 'an XML declaration');
  const element = (): XmlNode => {
    const [, name = '', list = ''] = take(/<([A-Za-z_][\w.-]*)((?: [A-Za-z_][\w-]*="[^"<]*")*)>/y, 'an opening tag');
    const attributes = Object.fromEntries([...list.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, resolved(value)]));
    const children: XmlNode[] = [];
    let text = '';
    for (;;) {
      text += take(/[^<]*/y, 'text')[0] ?? '';
      if (document.startsWith('</', at)) break;
      children.push(element());
    }
    take(new RegExp(`</${name}>`, 'y'), `</${name}>`);
    return { name, attributes, children, text: resolved(text) };
  };
  const root = element();
  take(/\s*$/y, 'the end');
  return root;
}

function resolved(text: string): string {
  return text.replace(/&(\w*);?|>/g, (entity, name: string | undefined) => {
    const character = names[name ?? ''];
    if (character === undefined || !entity.endsWith(';')) throw new Error(`"${entity}" stands in a text`);
    return character;
  });
}

/** The text of a child; undefined when there is none of the name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}
