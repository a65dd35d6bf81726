import assert from 'node:assert/strict';
import test from 'node:test';
import { jsonLine, localTime, textLine } from './log-line.ts';
import type { LogFields } from './log-line.ts';

const atMillis = Date.UTC(2026, 2, 1, 9, 5, 7, 42);
const zones: readonly [zone: string, atMillis: number, time: string][] = [
  ['UTC', atMillis, '2026-03-01 09:05:07.042'],
  ['Asia/Kathmandu', atMillis, '2026-03-01 14:50:07.042'],
  ['America/New_York', Date.UTC(2026, 2, 8, 6, 59, 59, 999), '2026-03-08 01:59:59.999'],
  ['America/New_York', Date.UTC(2026, 2, 8, 7, 0, 0, 0), '2026-03-08 03:00:00.000'],
];
for (const [zone, at, time] of zones) {
  test(`log line: the time is that of ${zone}: ${time}`, (t) => {
    inZone(t, zone);
    assert.equal(localTime(at), time);
  });
}

function inZone(t: test.TestContext, zone: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  t.after(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}

const cases: readonly { name: string; message: string; fields?: LogFields; text: string; json: string }[] = [
  { name: 'without fields', message: 'weir 0.1.0 starting', text: 'weir 0.1.0 starting', json: '"message":"weir 0.1.0 starting"' },
  {
    name: 'with plain fields',
    message: 'listener gone',
    fields: { path: '/cam.ts', bytes: 123, ratio: 0.5, nan: Number.NaN, ok: true, none: null, left: undefined, agent: 'VLC 3', empty: '' },
    text: 'listener gone path=/cam.ts bytes=123 ratio=0.5 nan=NaN ok=true none=null agent="VLC 3" empty=""',
    json: '"message":"listener gone","path":"/cam.ts","bytes":123,"ratio":0.5,"nan":null,"ok":true,"none":null,"agent":"VLC 3","empty":""',
  },
  {
    name: 'with a client that forges a line',
    message: 'refused\n2026-01-01 00:00:00.000 info  weir: all is well',
    fields: { agent: 'x"\r\n2026-01-01 \x1b[2J\u2028', 'bad name\n': 1 },
    text: 'refused\\n2026-01-01 00:00:00.000 info  weir: all is well agent="x\\"\\r\\n2026-01-01 \\x1b[2J\\u2028" bad_name_=1',
    json: '"message":"refused\\n2026-01-01 00:00:00.000 info  weir: all is well","agent":"x\\"\\r\\n2026-01-01 \\u001b[2J\\u2028","bad name\\n":1',
  },
  {
    name: 'with secrets',
    message: 'pulling http://u:p@h/x',
    fields: { url: 'http://u:p@h/x?token=t', password: 'p', error: new Error('401 from http://u:p@h/x') },
    text: 'pulling http://***@h/x url="http://***@h/x?token=***" password=*** error="401 from http://***@h/x"',
    json: '"message":"pulling http://***@h/x","url":"http://***@h/x?token=***","password":"***","error":"401 from http://***@h/x"',
  },
  {
    name: 'with lists and nested fields',
    message: 'ended',
    fields: { stderr: ['one\x9b', 'two "x"'], at: { x: 1, key: 'k' } },
    text: 'ended stderr=["one\\u009b","two \\"x\\""] at={"x":1,"key":"***"}',
    json: '"message":"ended","stderr":["one\\u009b","two \\"x\\""],"at":{"x":1,"key":"***"}',
  },
  {
    name: 'with fields named like the line’s own',
    message: 'm',
    fields: { level: 'l', time: 't', component: 'c', message: 'n' },
    text: 'm level=l time=t component=c message=n',
    json: '"message":"m","level_":"l","time_":"t","component_":"c","message_":"n"',
  },
];
for (const { name, message, fields, text, json } of cases) {
  test(`log line: ${name}`, (t) => {
    inZone(t, 'UTC');
    const entry = { level: 'info', component: 'edge.relay', message, fields, atMillis } as const;
    assert.equal(textLine(entry), `2026-03-01 09:05:07.042 info  edge.relay: ${text}`);
    assert.equal(jsonLine(entry), `{"time":"2026-03-01T09:05:07.042Z","level":"info","component":"edge.relay",${json}}`);
    JSON.parse(jsonLine(entry));
  });
}
