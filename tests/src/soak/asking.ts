import { anyOf } from './churn.ts';
import type { Churn } from './churn.ts';
import { fleetPaths } from './configuration.ts';
import type { Fleet } from './fleet.ts';
import type { Names } from './pushing.ts';

const pages = ['/', '/stat', '/stat.json', '/stat.json?listeners=1', '/openapi.json', '/status-json.xsl', '/play/camera', '/play/clip'];
const pictured = ['/camera.ts', '/film.webm', '/slides.mjpg', '/clip.flv', '/sound.mp3'];
const sizes = ['', '?width=160', '?width=320&quality=50', '?format=png', '?wake=0', '?wake=0&width=240'];

/** Programs and people who ask for pages, figures, playlists and pictures, and for what is not there. */
export function ask(churn: Churn, fleet: Fleet, names: Names): void {
  const serving = ['edge-1', 'edge-2', 'standalone'];
  churn.often('pages and status', 1, 5, () => get(fleet.urlOf(anyOf(['control', ...serving])) + anyOf(pages)));
  churn.often('scrapes of metrics', 2, 5, () => get(`http://${anyOf(fleet.watched).health}${anyOf(['/metrics', '/metrics', '/readyz', '/healthz'])}`));
  churn.often('playlists', 3, 3, () => get(fleet.urlOf(anyOf(serving)) + anyOf(fleetPaths) + anyOf(['.m3u', '.pls', '.xspf'])));
  churn.often('pictures', 6, 3, () => get(`${fleet.urlOf(anyOf(['edge-1', 'edge-2']))}${anyOf(pictured)}/pic${anyOf(sizes)}`));
  churn.often('pictures nobody waits for', 20, 2, () => get(`${fleet.urlOf('edge-1')}/camera.ts/pic`, AbortSignal.timeout(100)));
  churn.often('shots', 30, 1, () => get(`${fleet.urlOf(anyOf(['edge-1', 'edge-2']))}/shot.jpg`));
  churn.often('what is not there', 1, 5, () => get(`${fleet.urlOf(anyOf(['control', 'ingest-1', ...serving]))}/${anyOf(['', 'live/', 'stream/', 'play/', 'admin/'])}nothing-${Math.random()}`));
  churn.often('pictures of sources that name themselves', 10, 2, () => get(`${fleet.urlOf('edge-1')}/live/${names.any() ?? 'nobody'}/pic`));
}

async function get(url: string, signal: AbortSignal = AbortSignal.timeout(30_000)): Promise<void> {
  await (await fetch(url, { signal, redirect: 'manual' })).arrayBuffer();
}
