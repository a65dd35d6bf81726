import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/player.ts';
import { ask } from './ask.ts';
import { must, noEngine } from './engine.ts';
import { LongPlayer } from './long-player.ts';
import { Project } from './project.ts';
import { commonBytes, Recording } from './recording.ts';
import { prometheusDockerfile, targetsOf, valueOf } from './scraper.ts';

const paths = ['/camera.ts', '/camera.mp3', '/camera.mjpg'] as const;

/** Frames that make sure that a stream goes on: two seconds of the slowest, and more than any player keeps back. */
const framesOn = 25;

/** With what they need: all but Grafana. */
const services = ['balancer', 'ingest', 'control', 'prometheus'];

interface Fleet {
  readonly listeners: number;
  readonly feeds: readonly { readonly name: string; readonly mood: string; readonly owner: string }[];
  readonly ingests: readonly { readonly instance: string }[];
  readonly edges: readonly { readonly instance: string; readonly listeners: number }[];
}

describe('compose fleet', { skip: noEngine }, () => {
  let project: Project;
  let players: LongPlayer[] = [];
  let recordings: Recording[] = [];

  const fleet = async (): Promise<Fleet> => {
    const answer = await ask(`${project.statusUrl}/stat.json`);
    return answer?.status === 200 ? (JSON.parse(answer.body) as Fleet) : { listeners: 0, feeds: [], ingests: [], edges: [] };
  };
  /** The container of an instance, whose name begins with the container's host name. */
  const containerOf = (instance: string): string => instance.replace(/-\d+$/, '');

  /** Three listeners, one on each edge. */
  const listen = async (): Promise<void> => {
    await eventually('nobody listens any more', async () => (await fleet()).listeners === 0, 30_000);
    players = [];
    for (const path of paths) {
      const player = new LongPlayer(`${project.url}${path}`);
      players.push(player);
      await eventually(`${path} plays`, () => player.frames > framesOn, 30_000);
    }
    await eventually('each edge has one', async () => (await fleet()).edges.every(({ listeners }) => listeners === 1));
  };
  const goesOn = async (still: readonly LongPlayer[]): Promise<void> => {
    const before = still.map(({ frames }) => frames);
    for (const [index, player] of still.entries()) {
      await eventually('a listener gets more frames', () => player.frames > (before[index] ?? 0) + framesOn, 60_000).catch((error: unknown) => {
        throw new Error(`${paths[players.indexOf(player)]}: ${String(error)}; ffmpeg said: ${player.said}`);
      });
    }
    assert.deepEqual(still.map(({ playing }) => playing), still.map(() => true));
  };

  before(async () => {
    project = await Project.create('deploy/compose.yaml', 'deploy/compose.monitoring.yaml');
    await project.build('balancer', 'edge', 'ingest', 'control');
    await project.images.build(`prom/prometheus:${project.images.tag}`, prometheusDockerfile(project.images.base));
    await project.compose('up', '-d', '--scale', 'edge=3', ...services);
    await eventually('three edges and two ingests are there', async () => {
      const { edges, ingests } = await fleet();
      return edges.length === 3 && ingests.length === 2;
    }, 60_000);
    await eventually('the balancer has all edges', async () => (await ask(`${project.url}/camera.ts`, 'HEAD'))?.status === 200, 30_000);
  });
  afterEach(async () => {
    await Promise.all(players.map((player) => player.stop()));
    players = [];
    for (const recording of recordings.splice(0)) recording.stop();
  });
  after(() => project.remove());

  for (const [path, kind] of [['/camera.ts', 'both'], ['/camera.mp3', 'audio'], ['/camera.mjpg', 'video']] as const) {
    it(`plays ${path} through the balancer to ffmpeg`, async () => {
      const { code, complaints, video, audio } = await play(`${project.url}${path}`, 4);
      assert.equal(code, 0, `${complaints}\n${await project.logs()}`);
      assert.equal(video > 30, kind !== 'audio', `${video} pictures`);
      assert.equal(audio > 100, kind !== 'video', `${audio} frames of sound`);
    });
  }

  it('takes pictures, with ffmpeg on an ingest that can write nowhere', async () => {
    for (const path of ['/camera.ts', '/camera.mjpg']) {
      const listener = new Recording(`${project.url}${path}`);
      recordings.push(listener);
      await eventually(`${path} is on`, () => listener.bytes > 0, 30_000);
      const { code, complaints, video } = await play(`${project.url}${path}/pic`, 1);
      assert.deepEqual([code, video], [0, 1], `${path}: ${complaints}\n${await project.logs()}`);
    }
    assert.equal((await ask(`${project.url}/camera.mp3/pic`))?.status, 415);
  });

  it('plays in a page that has all its parts through the balancer', async () => {
    const page = await ask(`${project.url}/play/camera`);
    const parts = [...(page?.body ?? '').matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, part = '']) => part);
    assert.ok(parts.some((part) => part.startsWith('/assets/mpegts-')) && parts.includes('/camera.ts.m3u'), page?.body);
    for (const part of parts) assert.equal((await ask(`${project.url}${part}`, 'HEAD'))?.status, 200, part);
    assert.equal((await ask(`${project.url}/camera.ts.m3u`))?.body, `${project.url}/camera.ts\r\n`);
  });

  it('shows all of itself on one page, whose links lead through the balancer', async () => {
    const { edges, ingests } = await fleet();
    const page = (await ask(`${project.statusUrl}/stat`))?.body ?? '';
    for (const { instance } of [...edges, ...ingests]) assert.ok(page.includes(`>${instance}<`), instance);
    const start = (await ask(`${project.statusUrl}/`))?.body ?? '';
    for (const path of paths) {
      assert.ok(page.includes(`href="${project.url}${path}"`), page);
      assert.ok(start.includes(`href="${project.url}${path}"`), start);
    }
    assert.equal((await ask(`${project.statusUrl}/play/camera`))?.location, `${project.url}/play/camera`);
  });

  it('is read by Prometheus, each replica of it', async () => {
    let targets: readonly string[] = [];
    await eventually('six targets are up', async () => {
      targets = await targetsOf(project.prometheusUrl);
      return targets.length === 6 && targets.every((target) => target === 'up');
    }, 60_000).catch((error: unknown) => {
      throw new Error(`${String(error)}; targets: ${targets.join(', ')}`);
    });
    assert.equal(await valueOf(project.prometheusUrl, 'count(count by (role, instance) (weir_build_info))'), 6);
    assert.equal(await valueOf(project.prometheusUrl, 'count(count by (role) (weir_build_info))'), 3);
  });

  it('is healthy, as containers without any right and without a place to write', async () => {
    for (const service of ['edge', 'ingest', 'control']) {
      for (const container of await project.containers(service)) {
        await eventually(`${service} is healthy`, async () => (await must(['docker', 'inspect', '-f', '{{.State.Health.Status}}', container])) === 'healthy', 60_000);
        assert.equal(await must(['docker', 'inspect', '-f', '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}}', container]), 'true [ALL] 1000:1000');
      }
    }
  });

  it('keeps every listener over a restart of NATS', async () => {
    await listen();
    await project.compose('restart', 'nats');
    await goesOn(players);
  });

  it('keeps every listener when the ingest that runs the feed is killed', async () => {
    await listen();
    const owner = (await fleet()).feeds[0]?.owner ?? '';
    assert.notEqual(owner, '');
    await must(['docker', 'kill', containerOf(owner)]);
    await eventually('the other ingest runs the feed', async () => (await fleet()).feeds.some((feed) => feed.owner !== owner && feed.mood === 'happy'), 60_000);
    await goesOn(players);
    await must(['docker', 'start', containerOf(owner)]);
  });

  it('gives a new edge the next listener, and ends only the listeners of an edge that is taken away', async () => {
    await listen();
    await project.compose('up', '-d', '--no-recreate', '--scale', 'edge=4', ...services);
    await eventually('there are four edges', async () => (await fleet()).edges.length === 4, 30_000);
    await eventually('the balancer sends listeners to the new edge', async () => {
      const { edges } = await fleet();
      if (edges.every(({ listeners }) => listeners === 1)) return true;
      if (players.length > paths.length) await players.pop()?.stop();
      const player = new LongPlayer(`${project.url}${paths[0]}`);
      players.push(player);
      await eventually('it plays', () => player.frames > framesOn, 30_000);
      return false;
    }, 60_000);
    await eventually('Prometheus reads the new edge', async () => (await targetsOf(project.prometheusUrl)).filter((target) => target === 'up').length === 7, 60_000);
    await project.compose('up', '-d', '--no-recreate', '--scale', 'edge=3', ...services);
    await eventually('there are three edges', async () => (await fleet()).edges.length === 3, 60_000);
    const left = players.filter(({ playing }) => playing);
    assert.equal(left.length, players.length - 1);
    await goesOn(left);
  });

  it('ends only the listeners of an edge that is killed, and gives them another edge', async (context) => {
    await listen();
    recordings = paths.map(() => new Recording(`${project.url}${paths[0]}`));
    await eventually('each edge has two', async () => (await fleet()).edges.every(({ listeners }) => listeners === 2));
    await eventually('all of them hear the same', () => recordings.every(({ bytes }) => bytes > 500_000), 30_000);
    const [victim] = (await fleet()).edges;
    await must(['docker', 'kill', containerOf(victim?.instance ?? '')]);
    const left = await eventually('its listener has ended', () => players.findIndex(({ playing }) => !playing) + 1);
    await goesOn(players.filter((_, index) => index !== left - 1));
    const [a, b, ...others] = recordings.filter(({ playing }) => playing).map((recording) => recording.content());
    assert.ok(a !== undefined && b !== undefined && others.length === 0);
    const common = commonBytes(a, b, 200_000);
    context.diagnostic(`${common} bytes on two edges are the same, before and after the third has died`);
    assert.ok(common > Math.min(a.length, b.length) / 2, `${common} of ${a.length} and ${b.length} bytes`);
    const again = await play(`${project.url}${paths[left - 1]}`, 3);
    assert.equal(again.code, 0, again.complaints);
    assert.ok(again.video + again.audio > 20);
  });

  it('leaves nothing when it is taken down', async () => {
    await project.compose('down');
    const kept = ['nats', 'prometheus', 'grafana'].map((volume) => `${project.name}_${volume}`);
    assert.deepEqual((await project.leftovers()).filter((name) => !kept.includes(name)), []);
    await project.compose('down', '-v');
    assert.deepEqual(await project.leftovers(), []);
  });
});
