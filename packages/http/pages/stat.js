// Keeps the status page fresh: asks for it again and carries over what changed, so that focus, selection, scrolling and what is
// unfolded stay as they are. Without it the page is as true as when it was loaded.
const periodMillis = 2000;
const timeoutMillis = 10_000;

const main = document.querySelector('main');
const freshness = document.querySelector('#freshness');
const pause = document.querySelector('#pause');
let paused = false;
let freshAt = new Date();
let timer;

/** Makes `live` look like `fresh`, which it may take apart. Elements of another kind or key are exchanged whole. */
function reconcile(live, fresh) {
  if (live.isEqualNode(fresh)) return;
  if (live.nodeName !== fresh.nodeName || live.dataset?.key !== fresh.dataset?.key) {
    live.replaceWith(fresh);
    return;
  }
  if (!(live instanceof Element)) {
    live.nodeValue = fresh.nodeValue;
    return;
  }
  for (const name of live.getAttributeNames()) {
    if (name !== 'open' && !fresh.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) live.setAttribute(name, value);
  const before = [...live.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((child, index) => (index < before.length ? reconcile(before[index], child) : live.append(child)));
  for (const rest of before.slice(after.length)) rest.remove();
}

async function refresh() {
  const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(timeoutMillis) });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const freshMain = page.querySelector('main');
  if (freshMain === null) throw new Error('the answer is not this page');
  reconcile(main, freshMain);
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
