{{- define "nats.fullname" -}}
{{- printf "%s-nats" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "nats.selectorLabels" -}}
app.kubernetes.io/name: nats
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: nats
{{- end -}}

{{- define "nats.labels" -}}
{{ include "nats.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: weir
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "nats.replicas" -}}
{{- ternary .Values.config.cluster.replicas 1 .Values.config.cluster.enabled -}}
{{- end -}}

{{/* nats.conf: what weir ships for every NATS, and what this one needs here. */}}
{{- define "nats.conf" -}}
{{ .Files.Get "files/nats.conf" | trim }}

port: 4222
http: 8222
server_name: $POD_NAME
pid_file: /var/run/nats/nats.pid
# A server that is told to end asks its clients to go to the others first.
lame_duck_grace_period: "3s"
lame_duck_duration: "30s"
{{- if .Values.config.cluster.enabled }}
cluster {
  name: {{ include "nats.fullname" . }}
  port: 6222
  no_advertise: true
  routes: [
    {{- range $index := until (int .Values.config.cluster.replicas) }}
    nats://{{ include "nats.fullname" $ }}-{{ $index }}.{{ include "nats.fullname" $ }}-headless:6222
    {{- end }}
  ]
}
{{- end }}
{{- if .Values.auth.existingSecret }}
{{ .Files.Get "files/permissions.conf" | replace "weir." (printf "%s." .Values.auth.prefix) | replace "weir_" (printf "%s_" (replace "." "_" .Values.auth.prefix)) | trim }}
{{- end }}
{{- with .Values.config.extra }}
{{ . }}
{{- end }}
{{- end -}}
