{{/*
What a component gets in its environment, as a list: (dict "root" $ "component" "edge"). Its own `env` takes the place of what has the
same name here.
*/}}
{{- define "weir.environment" -}}
{{- $root := .root -}}
{{- $values := index .root.Values .component -}}
{{- $port := int (include "weir.port" .) -}}
{{- $config := has .component (list "control" "standalone") -}}
- name: WEIR_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- if $port }}
- name: WEIR_LISTEN
  value: ":{{ $port }}"
{{- end }}
{{- if and $port (($values.service).shoutcast) }}
- name: WEIR_SHOUTCAST
  value: ":{{ add1 $port }}"
{{- end }}
- name: WEIR_HEALTH
  value: ":9090"
{{- if not (kindIs "invalid" $values.drainSeconds) }}
- name: WEIR_DRAIN
  value: {{ printf "%vs" $values.drainSeconds | quote }}
{{- end }}
{{- if eq .component "edge" }}
- name: WEIR_WORKERS
  value: {{ $values.workers | quote }}
- name: WEIR_POOL
  value: {{ $values.pool | default (printf "%s/%s" $root.Release.Namespace (include "weir.fullname" $root)) | quote }}
{{- end }}
- name: WEIR_LOG_LEVEL
  value: {{ $root.Values.log.level | quote }}
- name: WEIR_LOG_FORMAT
  value: {{ $root.Values.log.format | quote }}
- name: WEIR_PREFIX
  value: {{ $root.Values.prefix | quote }}
{{- if ne .component "standalone" }}
{{- include "weir.natsEnv" . | nindent 0 }}
{{- end }}
{{- if $config }}
- name: WEIR_CONFIG
  value: /etc/weir/weir.yml
{{- end }}
{{- if and $config $root.Values.admin.existingSecret }}
- name: WEIR_ADMIN_TOKEN_FILE
  value: /etc/weir-admin/token
{{- end }}
{{- if and $root.Values.configurationKey.existingSecret (ne .component "standalone") }}
- name: WEIR_CONFIG_KEY
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.configurationKey.existingSecret }}
      key: {{ $root.Values.configurationKey.secretKey }}
{{- end }}
{{- if $values.tls.secretName }}
- name: WEIR_TLS_CERT
  value: /etc/weir-tls/tls.crt
- name: WEIR_TLS_KEY
  value: /etc/weir-tls/tls.key
{{- end }}
{{- end -}}
