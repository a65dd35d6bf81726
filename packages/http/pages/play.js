// Plays the page's stream and keeps it near now. Elements play what they can; mpegts.js brings MPEG-TS and FLV into a video element.
// Whatever ends or fails is tried again, except what this browser cannot play.
import './copy.js';

const keepUpMillis = 500;
/** Seconds behind what has come: beyond `jump` playing moves on at once, beyond `hurry` it is a little faster, up to `near`. */
const behind = { near: 1, hurry: 2.5, jump: 8 };
const hurryRate = 1.1;
const retryMillis = { first: 1000, last: 15_000 };
/** After this long without a picture or sound the page says that the source may be slow, and so long after the first data that it
 * may be the codecs. */
const hintMillis = { source: 15_000, codecs: 5000 };
/** Playing that stands still for this long without a pause waits for the stream. */
const waitingMillis = 1000;
/** A pause this long leaves the stream. */
const pauseMillis = 15_000;
/** What still waits after this long is begun again. */
const standstillMillis = 10_000;
/** The same where data goes on to come: a source that has started again counts its time anew, which mpegts.js does not follow. */
const stuckMillis = 2500;
const elsewhere = 'Copy its URL below into VLC or mpv.';

const stage = document.querySelector('#stage');
const media = document.querySelector('#player');
const state = document.querySelector('#state');
const delay = document.querySelector('#delay');
const sound = document.querySelector('#sound');
const { playback, src } = stage.dataset;
const byScript = playback === 'mpegts' || playback === 'flv';

let player = null;
let retry = retryMillis.first;
let retryTimer;
/** It is to begin by itself, and has not yet. */
let starts = false;
/** The browser has been asked to, and has not answered. */
let asking = false;
let hintTimer;
let pauseTimer;
let over = false;
let left = false;
let opened = false;
/** Where playing was last seen to move, and when; never yet with Infinity. */
let moved = { to: -1, atMillis: Infinity };
let dataAtMillis = -Infinity;

function say(text, bad = false) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle('bad', bad);
}

/** What this browser cannot play is not tried again. */
function giveUp(reason) {
  over = true;
  close();
  delay.hidden = true;
  sound.hidden = true;
  say(`This browser cannot play this stream: ${reason}. ${elsewhere}`, true);
}

function tryAgain(reason) {
  if (over) return;
  close();
  moved = { to: -1, atMillis: Infinity };
  delay.hidden = true;
  clearTimeout(retryTimer);
  say(`${reason} Trying again.`, true);
  retryTimer = setTimeout(open, retry);
  retry = Math.min(retry * 2, retryMillis.last);
}

function close() {
  clearTimeout(hintTimer);
  if (player === null) return;
  const closing = player;
  player = null;
  closing.destroy();
}

function open() {
  clearTimeout(retryTimer);
  retryTimer = undefined;
  left = false;
  say('Waiting for the stream.');
  clearTimeout(hintTimer);
  hintTimer = setTimeout(() => say(`Nothing has come yet; the source may be slow to start. ${elsewhere}`, true), hintMillis.source);
  dataAtMillis = -Infinity;
  if (byScript) openByScript();
  else if (opened || media.error !== null) media.load();
  opened = true;
  starts = true;
  void play();
}

function openByScript() {
  const { mpegts } = window;
  player = mpegts.createPlayer(
    { type: playback, isLive: true, url: new URL(src, location.href).href },
    {
      enableStashBuffer: false,
      lazyLoad: false,
      deferLoadAfterSourceOpen: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 30,
      autoCleanupMinBackwardDuration: 10,
    },
  );
  const mine = player;
  player.on(mpegts.Events.ERROR, (type, detail, info) => {
    if (player !== mine) return;
    const status = type === mpegts.ErrorTypes.NETWORK_ERROR ? info?.code : undefined;
    if (status >= 400) tryAgain(statusText(status));
    else if (type === mpegts.ErrorTypes.NETWORK_ERROR) tryAgain('The connection is lost.');
    else if (detail === mpegts.ErrorDetails.MEDIA_CODEC_UNSUPPORTED || !hasPlayed()) giveUp(info?.msg ?? String(detail));
    else tryAgain('The stream cannot be decoded any more.');
  });
  player.on(mpegts.Events.STATISTICS_INFO, ({ speed }) => {
    if (player !== mine || !(speed > 0)) return;
    if (dataAtMillis === -Infinity && moved.to === -1) {
      clearTimeout(hintTimer);
      hintTimer = setTimeout(() => say(`Data comes, but this browser does not show it: it may not know the codecs. ${elsewhere}`, true), hintMillis.codecs);
    }
    dataAtMillis = performance.now();
  });
  player.on(mpegts.Events.LOADING_COMPLETE, () => {
    setTimeout(() => player === mine && tryAgain('The stream has ended.'), 1000 * (secondsBehind() + 0.5));
  });
  player.attachMediaElement(media);
  player.load();
}

/** As it is, with sound at first; where the browser wants a click for sound, muted with a button beside it. */
async function play() {
  asking = true;
  try {
    await media.play();
  } catch (error) {
    if (error.name !== 'NotAllowedError') return;
    if (playback === 'audio') {
      starts = false;
      clearTimeout(hintTimer);
      say('Press play to listen.');
      return;
    }
    media.muted = true;
    sound.hidden = false;
    await media.play().catch(() => {});
  } finally {
    asking = false;
  }
}

function hasPlayed() {
  return media.played.length > 0 && media.played.end(media.played.length - 1) > 0;
}

function statusText(status) {
  if (status === 404) return 'There is no such stream here any more.';
  if (status === 401 || status === 403) return `The server does not let you in (${status}).`;
  return `The stream is not there now (the server answers ${status}).`;
}

/** An element tells nothing of the server's answer, so it is asked for once more. */
async function whyFailed() {
  const { code, message } = media.error ?? {};
  if (code !== MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) {
    tryAgain(code === MediaError.MEDIA_ERR_NETWORK ? 'The connection is lost.' : 'The stream cannot be decoded any more.');
    return;
  }
  const asking = new AbortController();
  try {
    const { ok, status } = await fetch(src, { cache: 'no-store', signal: asking.signal });
    if (!ok) tryAgain(statusText(status));
    else if (hasPlayed()) tryAgain('The connection is lost.');
    else giveUp(message || 'it does not know the format');
  } catch {
    tryAgain('The server cannot be reached.');
  } finally {
    asking.abort();
  }
}

function secondsBehind() {
  const { buffered, currentTime } = media;
  return buffered.length === 0 ? 0 : Math.max(0, buffered.end(buffered.length - 1) - currentTime);
}

function keepUp() {
  // A browser may forget that it was to play when the media is another before it has begun.
  if (media.paused && starts && !asking && !over && retryTimer === undefined) void play();
  if (media.paused || over || retryTimer !== undefined) return;
  const { buffered, currentTime, seekable } = media;
  // What has come may begin after the place where playing waits.
  if (buffered.length > 0 && currentTime < buffered.start(0)) media.currentTime = buffered.start(0);
  const now = performance.now();
  if (currentTime !== moved.to && hasPlayed()) moved = { to: currentTime, atMillis: now };
  if (now - moved.atMillis > (now - dataAtMillis < stuckMillis ? stuckMillis : standstillMillis)) {
    tryAgain('The stream stands still.');
    return;
  }
  if (now - moved.atMillis > waitingMillis) say('Waiting for the stream.');
  if (media.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
  const seconds = secondsBehind();
  delay.hidden = false;
  delay.querySelector('b').textContent = `${seconds.toFixed(1)} s`;
  const target = currentTime + seconds - behind.near;
  if (seconds > behind.jump && seekable.length > 0 && seekable.end(seekable.length - 1) >= target) media.currentTime = target;
  else if (seconds > behind.hurry) media.playbackRate = hurryRate;
  else if (seconds < behind.near) media.playbackRate = 1;
}

function startMedia() {
  media.addEventListener('playing', () => {
    starts = false;
    clearTimeout(hintTimer);
    retry = retryMillis.first;
    say('');
  });
  media.addEventListener('pause', () => {
    starts = false;
    if (player === null) return;
    pauseTimer = setTimeout(() => {
      left = true;
      close();
    }, pauseMillis);
  });
  media.addEventListener('play', () => {
    clearTimeout(pauseTimer);
    if (left) open();
  });
  media.addEventListener('ended', () => tryAgain('The stream has ended.'));
  if (!byScript) media.addEventListener('error', () => void whyFailed());
  media.addEventListener('volumechange', () => {
    if (!media.muted) sound.hidden = true;
  });
  sound.addEventListener('click', () => {
    media.muted = false;
    media.focus();
  });
  media.muted = false;
  setInterval(keepUp, keepUpMillis);
}

if (playback === 'image') {
  media.addEventListener('error', () => {
    say('The stream is not there now. Trying again.', true);
    setTimeout(() => (media.src = src), retry);
    retry = Math.min(retry * 2, retryMillis.last);
  });
  media.addEventListener('load', () => say(''));
} else if (playback !== 'player') {
  startMedia();
  if (!byScript) open();
  else if (window.mpegts?.isSupported() !== true) giveUp('it has no Media Source Extensions');
  else {
    window.mpegts.LoggingControl.enableAll = false;
    open();
  }
}
