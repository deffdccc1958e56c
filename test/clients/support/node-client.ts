import { KubeConfig } from '@kubernetes/client-node';
import type { Server } from './server.ts';

/** Configuration of @kubernetes/client-node; with a port, through a proxy of this machine. */
export function nodeConfig(server: Server, port?: number): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(server.kubeconfig);
  if (port === undefined) return config;
  const url = new URL(server.url);
  url.port = String(port);
  const clusters = config.clusters.map((cluster) => ({ ...cluster, server: url.origin }));
  config.loadFromOptions({
    clusters,
    users: config.users,
    contexts: config.contexts,
    currentContext: config.currentContext,
  });
  return config;
}
