import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/player.ts';
import { ask } from './ask.ts';
import { noEngine } from './engine.ts';
import { Project } from './project.ts';

describe('compose standalone', { skip: noEngine }, () => {
  let project: Project;
  before(async () => {
    project = await Project.create('deploy/compose.standalone.yaml');
    await project.build();
    await project.compose('up', '-d');
    await eventually('it answers', async () => (await ask(`${project.url}/stat`))?.status === 200, 60_000);
  });
  after(() => project.remove());

  for (const path of ['/camera.ts', '/camera.mp3', '/camera.mjpg']) {
    it(`plays ${path} to ffmpeg`, async () => {
      const { code, complaints, video, audio } = await play(`${project.url}${path}`, 3);
      assert.equal(code, 0, `${complaints}\n${await project.logs()}`);
      assert.ok(video + audio > 20, `${video} pictures, ${audio} frames of sound`);
    });
  }

  it('leaves nothing when it is taken down', async () => {
    await project.compose('down', '-v');
    assert.deepEqual(await project.leftovers(), []);
  });
});
