import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const chart = `apiVersion: v2
name: edge
version: 1.0.0
kubeVersion: ">=1.30.0-0"
`;

const values = `mtu: 1460
password: hunter2
motd: hello
label: plain
`;

/** Fails to render when discovery does not offer the kind, and says what was there before. */
const network = `{{- if not (.Capabilities.APIVersions.Has "networking.datumapis.com/v1alpha/Network") }}
{{- fail "the kind Network is not offered" }}
{{- end }}
apiVersion: networking.datumapis.com/v1alpha
kind: Network
metadata:
  name: {{ .Release.Name }}
  labels: {kind: {{ .Values.label | quote }}}
spec:
  ipam: {mode: Auto}
  mtu: {{ .Values.mtu }}
`;

const secret = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {password: {{ .Values.password | quote }}}
`;

const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data:
  motd: {{ .Values.motd | quote }}
  found: {{ (lookup "v1" "Namespace" "" "default").metadata.name | default "nothing" | quote }}
`;

/** Writes a chart with our kinds, a secret and a config map; answers its folder. */
export function writeChart(folder: string): string {
  const place = join(folder, 'edge');
  mkdirSync(join(place, 'templates'), { recursive: true });
  const files = { 'Chart.yaml': chart, 'values.yaml': values };
  const templates = { 'network.yaml': network, 'secret.yaml': secret, 'config-map.yaml': configMap };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  for (const [name, text] of Object.entries(templates)) writeFileSync(join(place, 'templates', name), text);
  return place;
}
