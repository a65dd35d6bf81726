/** A command that another test runs. */
export interface Elsewhere {
  /** The file of that test. */
  readonly test: string;
  /** What it has in common with the command: words that stand in both. */
  readonly words: readonly string[];
}

/** By command. */
export const elsewhere: Readonly<Record<string, Elsewhere>> = {
  'export WEIR_CONTROL_PASSWORD=... WEIR_INGEST_PASSWORD=... WEIR_EDGE_PASSWORD=... WEIR_MONITOR_PASSWORD=...': {
    test: 'tests/src/nats/leaf.test.ts',
    words: ['WEIR_CONTROL_PASSWORD', 'WEIR_INGEST_PASSWORD', 'WEIR_EDGE_PASSWORD', 'WEIR_MONITOR_PASSWORD'],
  },
  'nats-server -c deploy/geo/hub.conf -sd ./nats-store': { test: 'tests/src/nats/leaf.test.ts', words: ['geo/hub.conf'] },
  'WEIR_NATS=nats://control:$WEIR_CONTROL_PASSWORD@127.0.0.1:4222 npx weir control -f weir.yml': { test: 'tests/src/nats/permissions.test.ts', words: ['WEIR_NATS', 'control', '-f'] },
  'WEIR_NATS=nats://ingest:$WEIR_INGEST_PASSWORD@127.0.0.1:4222 npx weir ingest': { test: 'tests/src/nats/permissions.test.ts', words: ['WEIR_NATS', 'ingest'] },
  'export WEIR_HUB=nats-leaf://edge:PASSWORD@hub.example.com:7422': { test: 'tests/src/nats/leaf.test.ts', words: ['WEIR_HUB', 'nats-leaf://edge:'] },
  'nats-server -c deploy/geo/leaf.conf -a 127.0.0.1': { test: 'tests/src/nats/leaf.test.ts', words: ['geo/leaf.conf'] },
  'npx weir edge --nats-domain hub --listen :8090': { test: 'tests/src/nats/leaf.test.ts', words: ['edge', '--nats-domain', 'hub', '--listen'] },
  'docker-compose -f deploy/compose.standalone.yaml up --build': { test: 'tests/src/docker/standalone.test.ts', words: ['deploy/compose.standalone.yaml', 'up'] },
  'docker-compose -f deploy/compose.yaml up --build --scale edge=3': { test: 'tests/src/docker/fleet.test.ts', words: ['deploy/compose.yaml', 'up', '--scale', 'edge=3'] },
};

/** Why nothing here can run a command, by command: its syntax is checked all the same. */
export const nowhere: Readonly<Record<string, string>> = {
  'htpasswd -B /run/secrets/listeners anna': 'it asks for a password at the terminal; tests/src/e2e/access.test.ts has files of each kind',
  'docker-compose -f deploy/compose.yaml up -d --build --scale edge=5': 'five edges are no different from the three that tests/src/docker starts',
  'docker-compose -f deploy/compose.yaml -f deploy/compose.monitoring.yaml up -d --build --scale edge=3': 'the images of Prometheus and Grafana come from a registry; tests/src/deploy runs Prometheus without',
  ...Object.fromEntries(
    [
      'helm install weir helm/weir --set-file configuration=weir.yml',
      'helm upgrade --install weir helm/weir --set edge.replicaCount=5 --set edge.service.type=LoadBalancer',
      'helm upgrade --install weir helm/weir --set edge.autoscaling.enabled=true --set edge.autoscaling.maxReplicas=20',
      'helm upgrade --install weir helm/weir --set edge.drainSeconds=3600',
      'helm upgrade --install weir helm/weir --set metrics.podMonitor.enabled=true --set metrics.prometheusRule.enabled=true --set metrics.dashboards.enabled=true',
      'kubectl rollout status deployment/weir-edge',
      'kubectl create secret generic weir-admin --from-file=token',
      'kubectl create secret generic weir-key --from-file=key',
      'kubectl create secret generic weir-users --from-file=control --from-file=ingest --from-file=edge --from-file=monitor',
      'helm upgrade --install weir helm/weir --set admin.existingSecret=weir-admin --set configurationKey.existingSecret=weir-key --set nats.auth.existingSecret=weir-users --set networkPolicy.enabled=true',
    ].map((command) => [command, 'it takes a cluster']),
  ),
};
