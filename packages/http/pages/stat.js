// Keeps the status page fresh: asks for it again and carries over what changed, so that focus, selection, scrolling and what is
// unfolded stay as they are. Without it the page is as true as when it was loaded.
import './copy.js';

const periodMillis = 2000;
const timeoutMillis = 10_000;

const main = document.querySelector('main');
const freshness = document.querySelector('#freshness');
const pause = document.querySelector('#pause');
let paused = false;
let freshAt = new Date();
let timer;

const keyOf = (node) => node.dataset?.key;

/** Makes `live` look like `fresh`, which it may take apart. Elements of another kind or key are exchanged whole. */
function reconcile(live, fresh) {
  if (live.isEqualNode(fresh)) return;
  if (live.nodeName !== fresh.nodeName || keyOf(live) !== keyOf(fresh)) {
    live.replaceWith(fresh);
    return;
  }
  if (!(live instanceof Element)) {
    live.nodeValue = fresh.nodeValue;
    return;
  }
  // A button that says "Copied" may go on saying it.
  if (live.dataset.copy !== undefined && live.dataset.copy === fresh.dataset.copy) return;
  for (const name of live.getAttributeNames()) {
    if (name !== 'open' && !fresh.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  reconcileChildren(live, fresh);
}

/** Children with a key keep their element wherever they go; the others are matched in their order. */
function reconcileChildren(live, fresh) {
  const children = [...fresh.childNodes];
  const staying = new Set(children.map(keyOf));
  const known = new Map();
  for (const child of live.querySelectorAll(':scope > [data-key]')) {
    const key = keyOf(child);
    if (staying.has(key) && !known.has(key)) known.set(key, child);
    else child.remove();
  }
  let place = live.firstChild;
  for (const child of children) {
    const key = keyOf(child);
    const match = key === undefined ? (place !== null && keyOf(place) === undefined ? place : null) : known.get(key);
    known.delete(key);
    if (match === null || match === undefined) {
      live.insertBefore(child, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else live.insertBefore(match, place);
    reconcile(match, child);
  }
  while (place !== null) {
    const rest = place;
    place = place.nextSibling;
    rest.remove();
  }
}

async function refresh() {
  const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(timeoutMillis) });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const freshMain = page.querySelector('main');
  if (freshMain === null) throw new Error('the answer is not this page');
  // Pictures may come only from where the page's policy said when it was loaded.
  if (freshMain.dataset.streams !== main.dataset.streams) {
    location.reload();
    return;
  }
  const focused = document.activeElement;
  reconcile(main, freshMain);
  // What moves to another place loses the focus.
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  document.title = page.title;
}

async function run() {
  clearTimeout(timer);
  if (paused || document.hidden) return;
  let problem = '';
  try {
    await refresh();
    freshAt = new Date();
  } catch (error) {
    // Worded once and left alone while it lasts: a screen reader says each change aloud.
    problem = `Nothing new since ${freshAt.toLocaleTimeString()}: ${error.message}. Trying again.`;
  }
  if (freshness.textContent !== problem) freshness.textContent = problem;
  clearTimeout(timer);
  timer = setTimeout(run, periodMillis);
}

pause.hidden = false;
pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
  void run();
});
document.addEventListener('visibilitychange', () => void run());
timer = setTimeout(run, periodMillis);
