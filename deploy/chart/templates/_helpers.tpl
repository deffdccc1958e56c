{{- define "datum.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "datum.selector" -}}
app.kubernetes.io/name: datum
app.kubernetes.io/instance: {{ .root.Release.Name | trunc 63 | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "datum.labels" -}}
{{ include "datum.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* What a component plays, and where it listens; no port: nobody calls it. */}}
{{- define "datum.parts" -}}
gateway: { roles: 'gateway,subgraph', port: 4000 }
kubernetes: { roles: kubernetes, port: 6443 }
worker: { roles: 'worker,dispatcher' }
{{- end -}}

{{- define "datum.secretKey" -}}
name: {{ .secretName }}
key: {{ .secretKey }}
{{- end -}}
