{{/* Names. 52 characters leave room for a component's name and what Kubernetes appends. */}}
{{- define "weir.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "weir.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "weir.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "weir.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "weir.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "weir.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Labels that select: (dict "root" $ "component" "edge"). */}}
{{- define "weir.selectorLabels" -}}
app.kubernetes.io/name: {{ include "weir.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "weir.labels" -}}
{{ include "weir.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: weir
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The components that run, separated by spaces. Two ways at once, or a mode half chosen, is refused here. */}}
{{- define "weir.components" -}}
{{- if eq .Values.mode "standalone" -}}
  {{- if .Values.nats.enabled -}}{{- fail "mode standalone runs without NATS: set nats.enabled=false" -}}{{- end -}}
standalone
{{- else -}}
  {{- if not (or .Values.nats.enabled .Values.externalNats.existingSecret .Values.externalNats.servers) -}}
    {{- fail "a fleet needs NATS: set nats.enabled=true, or name yours in externalNats.servers or externalNats.existingSecret" -}}
  {{- end -}}
  {{- if and .Values.edge.autoscaling.enabled .Values.edge.keda.enabled -}}
    {{- fail "edge.autoscaling and edge.keda exclude each other: enable one of them" -}}
  {{- end -}}
  {{- if and .Values.nats.enabled (include "weir.natsUsers" .) (ne .Values.nats.auth.prefix .Values.prefix) -}}
    {{- fail (printf "nats.auth.prefix is %q and prefix %q: they must be the same, or NATS lets nobody do anything" .Values.nats.auth.prefix .Values.prefix) -}}
  {{- end -}}
  {{- range $name := list "edge" "ingest" "control" }}{{ if (index $.Values $name).enabled }}{{ $name }} {{ end }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The port that listeners, sources or people connect to; 0 when there is none: (dict "root" $ "component" "edge"). */}}
{{- define "weir.port" -}}
{{- if eq .component "ingest" -}}{{ ternary 8000 0 .root.Values.ingest.service.enabled }}
{{- else -}}{{ get (dict "edge" 8090 "control" 8091 "standalone" 8090) .component }}
{{- end -}}
{{- end -}}

{{/* The component that listeners connect to; empty when it is not of this release. */}}
{{- define "weir.front" -}}
{{- range list "standalone" "edge" -}}
{{- if has . (splitList " " (trim (include "weir.components" $))) -}}{{ . }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The fewest pods of a component: (dict "root" $ "component" "edge"). */}}
{{- define "weir.replicasMin" -}}
{{- $values := index .root.Values .component -}}
{{- if ((($values).autoscaling).enabled) -}}{{ $values.autoscaling.minReplicas }}
{{- else if ((($values).keda).enabled) -}}{{ $values.keda.minReplicas }}
{{- else -}}{{ dig "replicaCount" 1 $values }}
{{- end -}}
{{- end -}}

{{- define "weir.image" -}}
{{- $own := (index .root.Values .component).image -}}
{{- $common := .root.Values.image -}}
{{- $registry := $own.registry | default $common.registry -}}
{{- $repository := $own.repository | default (ternary $common.prefix (printf "%s-%s" $common.prefix .component) (eq .component "standalone")) -}}
{{- with $registry }}{{ . }}/{{ end }}{{ $repository }}
{{- if $own.digest }}@{{ $own.digest }}{{ else }}:{{ $own.tag | default $common.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* Where NATS is, as environment variables: (dict "root" $ "component" "edge"). */}}
{{- define "weir.natsEnv" -}}
{{- $external := .root.Values.externalNats -}}
{{- $users := include "weir.natsUsers" .root -}}
{{- if $users -}}
- name: WEIR_NATS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $users }}
      key: {{ .component }}
{{ end -}}
- name: WEIR_NATS
{{- if .root.Values.nats.enabled }}
  value: "nats://{{ if $users }}{{ .component }}:$(WEIR_NATS_PASSWORD)@{{ end }}{{ printf "%s-nats" .root.Release.Name | trunc 52 | trimSuffix "-" }}:4222"
{{- else if $external.existingSecret }}
  valueFrom:
    secretKeyRef:
      name: {{ $external.existingSecret }}
      key: {{ $external.secretKey | replace "COMPONENT" .component }}
{{- else }}
  value: {{ join "," $external.servers | quote }}
{{- end }}
{{- if not .root.Values.nats.enabled }}
{{- with $external.caSecret }}
- name: WEIR_NATS_CA
  value: /etc/weir-nats/ca.crt
{{- end }}
{{- with $external.tlsSecret }}
- name: WEIR_NATS_CERT
  value: /etc/weir-nats/tls.crt
- name: WEIR_NATS_KEY
  value: /etc/weir-nats/tls.key
{{- end }}
{{- with $external.credsSecret }}
- name: WEIR_NATS_CREDS
  value: /etc/weir-nats/user.creds
{{- end }}
{{- with $external.domain }}
- name: WEIR_NATS_DOMAIN
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The Secret with the passwords of the chart's own NATS; empty when it has no users. */}}
{{- define "weir.natsUsers" -}}
{{- if .Values.nats.enabled -}}{{ ((.Values.nats).auth).existingSecret }}{{- end -}}
{{- end -}}

{{/* The sources of the volume at /etc/weir-nats; empty when there are none: (dict "root" $ "component" "edge"). */}}
{{- define "weir.natsFiles" -}}
{{- $external := .root.Values.externalNats -}}
{{- if and (eq .root.Values.mode "fleet") (not .root.Values.nats.enabled) -}}
{{- with $external.caSecret }}
- secret:
    name: {{ . }}
    items: [{ key: {{ $external.caKey | quote }}, path: ca.crt }]
{{- end }}
{{- with $external.tlsSecret }}
- secret:
    name: {{ . }}
    items: [{ key: tls.crt, path: tls.crt }, { key: tls.key, path: tls.key }]
{{- end }}
{{- with $external.credsSecret }}
- secret:
    name: {{ . }}
    items: [{ key: {{ $external.credsKey | replace "COMPONENT" $.component | quote }}, path: user.creds }]
{{- end }}
{{- end -}}
{{- end -}}

{{/* Seconds a pod of a component's values gets to end. Closing takes at most 8 of the last 15. */}}
{{- define "weir.graceSeconds" -}}
{{- $least := add (.preStopSeconds | default 0) (.drainSeconds | default 0) 15 -}}
{{- if kindIs "invalid" .terminationGracePeriodSeconds -}}
{{- $least -}}
{{- else if lt (int .terminationGracePeriodSeconds) (int $least) -}}
{{- fail (printf "terminationGracePeriodSeconds is %v: with preStopSeconds, drainSeconds and 15 s to close it must be %v or more, or listeners are cut off" .terminationGracePeriodSeconds $least) -}}
{{- else -}}
{{- .terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{/* What a component's port speaks: (index .Values "edge"). */}}
{{- define "weir.scheme" -}}
{{- ternary "https" "http" (ne .tls.secretName "") -}}
{{- end -}}
