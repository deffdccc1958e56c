/** What pages about networks need of each instance: a project may have tens of thousands. */
export const instanceParts = {
  apiVersion: true,
  kind: true,
  metadata: {
    name: true,
    namespace: true,
    uid: true,
    resourceVersion: true,
    generation: true,
    creationTimestamp: true,
    deletionTimestamp: true,
    ownerReferences: true,
  },
  spec: { networkInterfaces: { network: true }, location: true },
  status: { conditions: true, networkInterfaces: true },
} as const;
