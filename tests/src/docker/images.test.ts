import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { baseImage, must, noEngine, run } from './engine.ts';
import { TestImages } from './test-images.ts';

interface Image {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly StopSignal: string;
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly Env: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck: { readonly Test: readonly string[] };
    readonly ExposedPorts: Readonly<Record<string, object>>;
  };
}

const targets: readonly { readonly target: string; readonly ffmpeg: boolean; readonly command: string; readonly ports: readonly string[] }[] = [
  { target: 'ingest', ffmpeg: true, command: 'tini -- weir ingest', ports: ['9090/tcp'] },
  { target: 'edge', ffmpeg: false, command: 'weir edge', ports: ['8090/tcp', '9090/tcp'] },
  { target: 'control', ffmpeg: false, command: 'weir control', ports: ['8091/tcp', '9090/tcp'] },
  { target: 'standalone', ffmpeg: true, command: 'tini -- weir up', ports: ['8090/tcp', '9090/tcp'] },
];

async function inspect(tag: string): Promise<Image> {
  const [image] = JSON.parse(await must(['docker', 'inspect', tag])) as [Image];
  return image;
}

/** Runs words of a shell in an image, as strictly as a cluster would. */
function inside(tag: string, script: string): Promise<string> {
  return must(['docker', 'run', '--rm', '--read-only', '--cap-drop=ALL', '--network=none', '--entrypoint=sh', tag, '-c', script]);
}

/** A program that ends once the health port says that weir is ready. */
const readySoon = "(async () => { for (let tries = 0; tries < 300; tries++) { try { const { ok } = await fetch('http://localhost:9090/readyz'); if (ok) return; } catch {} await new Promise((resolve) => setTimeout(resolve, 100)); } process.exit(1); })()";

describe('images', { skip: noEngine }, () => {
  let images: TestImages;
  const names = new Map<string, string>();
  const named = (target: string): string => names.get(target) ?? '';
  before(async () => {
    images = await TestImages.create();
    for (const { target } of targets) names.set(target, await images.buildTarget(target));
  });
  after(() => images.remove());

  for (const { target, ffmpeg, command, ports } of targets) {
    it(`${target} says what it is, runs as nobody special, and is small`, async (context) => {
      const { Config, Size } = await inspect(named(target));
      const above = Size - (await inspect(baseImage)).Size;
      context.diagnostic(`${target}: ${(Size / 1e6).toFixed(0)} MB, ${(above / 1e6).toFixed(1)} MB of it above ${baseImage}`);
      assert.equal(Config.User, '1000:1000');
      assert.equal(Config.StopSignal, 'SIGTERM');
      assert.equal([...Config.Entrypoint, ...Config.Cmd].join(' '), command);
      assert.deepEqual(Object.keys(Config.ExposedPorts).sort(), ports);
      assert.ok(Config.Env.includes('NODE_ENV=production') && Config.Env.includes('WEIR_HEALTH=:9090'), String(Config.Env));
      assert.equal(Config.Healthcheck.Test[1], 'node');
      for (const label of ['title', 'description', 'licenses', 'version', 'revision', 'created', 'base.name']) {
        assert.notEqual(Config.Labels[`org.opencontainers.image.${label}`] ?? '', '', label);
      }
      assert.equal(Config.Labels['org.opencontainers.image.base.name'], `docker.io/library/${baseImage}`);
      assert.ok(above < (ffmpeg ? 400e6 : 25e6));
    });

    it(`${target} has weir and what it needs at run time, and nothing else`, async () => {
      const tag = named(target);
      assert.match(await inside(tag, 'weir --version'), /^weir \d+\.\d+\.\d+$/);
      const unwanted = await inside(tag, 'for each in npm npx yarn corepack gcc cc make git curl python3; do command -v $each; done; find /weir \\( -name "*.test.*" -o -name "*.testing.*" -o -path "/weir/*/src" -o -name tests -maxdepth 2 -o -name tsconfig.json -o -name fixtures \\) -not -path "*/node_modules/*"; ls -d /weir/node_modules/typescript /weir/node_modules/fast-check /weir/node_modules/playwright-core 2>/dev/null; true');
      assert.equal(unwanted, '');
      const programs = await inside(tag, 'command -v ffmpeg; command -v tini; true');
      assert.equal(programs.split('\n').filter((line) => line !== '').length, ffmpeg ? 2 : 0, programs);
      assert.equal(await inside(tag, 'test -w /weir/package.json && echo writable; id -u'), '1000');
    });
  }

  for (const target of ['control', 'standalone']) {
    it(`${target} can include all templates`, async () => {
      const configuration = '{ include: /usr/share/weir/templates, streams: { tone: { command: tone } } }';
      assert.match(await inside(named(target), `echo '${configuration}' | weir check -f /dev/stdin`), /good; 1 feeds, 1 streams/);
    });
  }

  it('standalone makes the demo: H.264, MP3 and a text in a font', async () => {
    const frame = 'ffmpeg -v error -nostdin -f lavfi -i color=size=64x64 -f lavfi -i anullsrc -vf drawtext=text=0 -c:v libx264 -c:a libmp3lame -t 0.04 -f null - 2>&1';
    assert.equal(await inside(named('standalone'), frame), '');
  });

  it('standalone ends with 0 when it is told to stop', async () => {
    const command = ['weir', 'serve', '--listen', ':8090', '--', 'ffmpeg', '-re', '-f', 'lavfi', '-i', 'sine', '-f', 'mp3', '{out}'];
    const container = await must(['docker', 'run', '-d', '--read-only', '--cap-drop=ALL', '--entrypoint=tini', named('standalone'), '--', ...command]);
    try {
      await must(['docker', 'exec', container, 'node', '-e', readySoon]);
      await must(['docker', 'stop', '-t', '20', container]);
      assert.equal(await must(['docker', 'inspect', '-f', '{{.State.ExitCode}}', container]), '0', (await run(['docker', 'logs', container])).said);
    } finally {
      await must(['docker', 'rm', '-f', container]);
    }
  });
});
