/** `group/version`, or `version` for the core group. */
export function apiVersionOf(kind) {
    return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
/** Whether `metadata.generation` counts changes of the spec: the kinds that are not built into Kubernetes. */
export function countsGeneration(kind) {
    return kind.hasStatus && kind.group.includes('.') && !kind.group.endsWith('.k8s.io');
}
