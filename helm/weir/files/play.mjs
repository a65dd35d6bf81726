// What `helm test` runs: plays a stream for a while. Succeeds when media arrives all the time.
const { URL_TO_PLAY: url, PLAY_SECONDS: seconds, TIMEOUT_SECONDS: timeoutSeconds } = process.env;

setTimeout(() => fail(`no media for ${seconds} s within ${timeoutSeconds} s`), timeoutSeconds * 1000);

function fail(reason) {
  console.error(`${url}: ${reason}`);
  process.exit(1);
}

const response = await fetch(url).catch((error) => fail(error.cause?.message ?? error.message));
if (response.status !== 200) fail(`answered ${response.status}: ${await response.text()}`);
let bytes = 0;
const halves = [false, false];
const started = performance.now();
for await (const chunk of response.body) {
  bytes += chunk.length;
  const passed = (performance.now() - started) / (seconds * 1000);
  halves[passed < 0.5 ? 0 : 1] = true;
  if (passed < 1) continue;
  console.log(`${url}: ${response.headers.get('content-type')}, ${bytes} bytes in ${seconds} s`);
  process.exit(halves.every(Boolean) ? 0 : 1);
}
fail(`ended after ${bytes} bytes`);
