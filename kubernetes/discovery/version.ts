/**
 * What `/version` says: the Kubernetes release whose behaviour clients may count on, since they choose features by it, and
 * that this is another product.
 */
export const versionInfo = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.0+datum',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: `node-${process.version}`,
  compiler: 'v8',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
} as const;
