import { ask } from './ask.ts';

/** Debian's Prometheus in the manner of the image that deploy/compose.monitoring.yaml names: its user, its folder, its entry point. */
export function prometheusDockerfile(base: string): string {
  return `FROM ${base}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends prometheus >/dev/null && rm -rf /var/lib/apt/lists/*
RUN mkdir /prometheus && chown nobody:nogroup /prometheus
WORKDIR /prometheus
USER nobody
VOLUME ["/prometheus"]
ENTRYPOINT ["prometheus"]
`;
}

interface Targets {
  readonly data: { readonly activeTargets: readonly { readonly scrapeUrl: string; readonly health: string; readonly lastError: string }[] };
}

interface Result {
  readonly data: { readonly result: readonly { readonly value: readonly [time: number, value: string] }[] };
}

/** What Prometheus says of each target: its health, and why it is not up. */
export async function targetsOf(prometheus: string): Promise<readonly string[]> {
  const answer = await ask(`${prometheus}/api/v1/targets?state=active`);
  if (answer?.status !== 200) return [];
  return (JSON.parse(answer.body) as Targets).data.activeTargets.map(({ scrapeUrl, health, lastError }) => (health === 'up' ? 'up' : `${scrapeUrl} ${health} ${lastError}`));
}

/** The one value of an expression; null when there is none. */
export async function valueOf(prometheus: string, expression: string): Promise<number | null> {
  const answer = await ask(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const [found] = answer?.status === 200 ? (JSON.parse(answer.body) as Result).data.result : [];
  return found === undefined ? null : Number(found.value[1]);
}
