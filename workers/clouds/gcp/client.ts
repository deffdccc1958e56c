import { cloudresourcemanager_v3 } from 'googleapis/build/src/apis/cloudresourcemanager/v3.js';
import { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { iam_v1 } from 'googleapis/build/src/apis/iam/v1.js';
import { monitoring_v3 } from 'googleapis/build/src/apis/monitoring/v3.js';
import { secretmanager_v1 } from 'googleapis/build/src/apis/secretmanager/v1.js';
import { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/v1.js';
import { type BreakerOptions, createBreaker } from './breaker.ts';
import { createLimiter } from './limiter.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type CallBudgets, createSharedLimiter } from './shared-limiter.ts';
import { createTransport, type TransportOptions } from './transport.ts';

/** Google's APIs behind one transport. Only files of this folder call them; everything else goes through cloud-types.ts. */
export interface GcpClient {
  readonly compute: compute_v1.Compute;
  readonly iam: iam_v1.Iam;
  readonly monitoring: monitoring_v3.Monitoring;
  readonly resources: cloudresourcemanager_v3.Cloudresourcemanager;
  readonly secrets: secretmanager_v1.Secretmanager;
  readonly services: serviceusage_v1.Serviceusage;
  /** Service account that calls in a Google project are made as; undefined where that is not known. */
  identity(account: string): string | undefined;
  /** Closes idle connections. */
  close(): void;
}

export interface GcpClientOptions extends Omit<TransportOptions, 'limiter' | 'breaker'> {
  /** Origin that serves all of Google's APIs, such as an emulator's; absent: Google's own. */
  readonly endpoint?: string;
  /** Service account that the credentials are of, by Google project. */
  readonly identity?: (account: string) => string | undefined;
  readonly limits?: Limits;
  /** Length of a limit's window in milliseconds. Default a minute, which is Google's. */
  readonly limitWindowMs?: number;
  /** Where processes count together; absent: this one counts for itself. */
  readonly budgets?: CallBudgets;
  /** When calls to a project are held back; absent: never. */
  readonly breaker?: BreakerOptions;
}

/** Opens the client. Nothing is sent until the first call. */
export function createGcpClient(options: GcpClientOptions = {}): GcpClient {
  const {
    endpoint,
    identity = () => undefined,
    limits = defaultLimits,
    limitWindowMs,
    budgets,
    breaker,
    ...rest
  } = options;
  const counting = { limits, ...(limitWindowMs === undefined ? {} : { windowMs: limitWindowMs }) };
  const limiter = budgets === undefined ? createLimiter(counting) : createSharedLimiter({ ...counting, budgets });
  const transport = createTransport({
    ...rest,
    limiter,
    ...(breaker === undefined ? {} : { breaker: createBreaker(breaker) }),
  });
  const common = {
    // The client calls `request` of whatever stands here and looks at nothing else; its type asks for Google's classes.
    auth: { request: transport.request } as unknown as NonNullable<compute_v1.Options['auth']>,
    ...(endpoint === undefined ? {} : { rootUrl: endpoint }),
  };
  return {
    compute: new compute_v1.Compute(common),
    iam: new iam_v1.Iam(common),
    monitoring: new monitoring_v3.Monitoring(common),
    resources: new cloudresourcemanager_v3.Cloudresourcemanager(common),
    secrets: new secretmanager_v1.Secretmanager(common),
    services: new serviceusage_v1.Serviceusage(common),
    identity,
    close: transport.close,
  };
}
