{{/*
One component's Deployment: (dict "root" $ "component" "edge"). Control and standalone read weir.yml and know the token of administrators.
*/}}
{{- define "weir.deployment" -}}
{{- $root := .root -}}
{{- $values := index .root.Values .component -}}
{{- $scope := dict "root" $root "component" .component -}}
{{- $port := int (include "weir.port" $scope) -}}
{{- $shoutcast := and $port (($values.service).shoutcast) -}}
{{- $config := has .component (list "control" "standalone") -}}
{{- $admin := ternary $root.Values.admin.existingSecret "" $config -}}
{{- $natsFiles := include "weir.natsFiles" $scope -}}
{{- $scaled := or ((($values).autoscaling).enabled) ((($values).keda).enabled) -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "weir.fullname" $root }}-{{ .component }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "weir.labels" $scope | nindent 4 }}
spec:
  {{- if not $scaled }}
  replicas: {{ dig "replicaCount" 1 $values }}
  {{- end }}
  minReadySeconds: {{ $values.minReadySeconds }}
  strategy:
    {{- toYaml $values.strategy | nindent 4 }}
  selector:
    matchLabels:
      {{- include "weir.selectorLabels" $scope | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "weir.labels" $scope | nindent 8 }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .component }}
        {{- if and (eq .component "control") (not $root.Values.existingConfigMap) }}
        checksum/config: {{ include "weir.configuration" $root | sha256sum }}
        {{- end }}
        {{- if $root.Values.metrics.annotations }}
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090"
        prometheus.io/path: /metrics
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "weir.serviceAccountName" $root }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ include "weir.graceSeconds" $values }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- if $values.hostNetwork }}
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      {{- end }}
      securityContext:
        {{- toYaml $root.Values.podSecurityContext | nindent 8 }}
      {{- if $values.topologySpread }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "weir.selectorLabels" $scope | nindent 14 }}
          {{- if semverCompare ">=1.27.0-0" $root.Capabilities.KubeVersion.Version }}
          # The pods of an upgrade are spread for themselves, whatever is left of those before them.
          matchLabelKeys: [pod-template-hash]
          {{- end }}
        {{- end }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "weir.image" $scope | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- with $values.args }}
          args:
            - {{ ternary "up" $.component (eq $.component "standalone") }}
            {{- toYaml . | nindent 12 }}
          {{- end }}
          env:
            {{- range include "weir.environment" $scope | fromYamlArray }}
            {{- if not (hasKey $values.env .name) }}
            - {{ toYaml . | nindent 14 | trim }}
            {{- end }}
            {{- end }}
            {{- range $name, $value := $values.env }}
            - name: {{ $name }}
              {{- if kindIs "map" $value }}
              {{- toYaml $value | nindent 14 }}
              {{- else }}
              value: {{ $value | quote }}
              {{- end }}
            {{- end }}
          {{- with $values.envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            {{- if $port }}
            - name: http
              containerPort: {{ $port }}
              protocol: TCP
            {{- end }}
            {{- if $shoutcast }}
            - name: shoutcast
              containerPort: {{ add1 $port }}
              protocol: TCP
            {{- end }}
            - name: health
              containerPort: 9090
              protocol: TCP
          startupProbe:
            {{- toYaml $root.Values.probes.startup | nindent 12 }}
          livenessProbe:
            {{- toYaml $root.Values.probes.liveness | nindent 12 }}
          readinessProbe:
            {{- toYaml $root.Values.probes.readiness | nindent 12 }}
          {{- with $values.preStopSeconds }}
          lifecycle:
            preStop:
              {{- if semverCompare ">=1.30.0-0" $root.Capabilities.KubeVersion.Version }}
              sleep:
                seconds: {{ . }}
              {{- else }}
              exec:
                command: [node, -e, "setTimeout(() => {}, {{ mul . 1000 }})"]
              {{- end }}
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- toYaml $root.Values.securityContext | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- if $config }}
            - name: configuration
              mountPath: /etc/weir
              readOnly: true
            {{- end }}
            {{- if $values.tls.secretName }}
            # The folder, not its files: those would stay as they were when the Secret changes.
            - name: tls
              mountPath: /etc/weir-tls
              readOnly: true
            {{- end }}
            {{- if $admin }}
            - name: admin
              mountPath: /etc/weir-admin
              readOnly: true
            {{- end }}
            {{- if $natsFiles }}
            - name: nats
              mountPath: /etc/weir-nats
              readOnly: true
            {{- end }}
            {{- with $values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- if $config }}
        - name: configuration
          configMap:
            name: {{ default (printf "%s-configuration" (include "weir.fullname" $root)) $root.Values.existingConfigMap }}
        {{- end }}
        {{- with $values.tls.secretName }}
        - name: tls
          secret:
            secretName: {{ . }}
            # 0440: for the user and the fsGroup.
            defaultMode: 288
        {{- end }}
        {{- with $admin }}
        - name: admin
          secret:
            secretName: {{ . }}
            defaultMode: 288
            items: [{ key: {{ $root.Values.admin.secretKey | quote }}, path: token }]
        {{- end }}
        {{- with $natsFiles }}
        - name: nats
          projected:
            defaultMode: 288
            sources:
              {{- . | nindent 14 }}
        {{- end }}
        {{- with $values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
