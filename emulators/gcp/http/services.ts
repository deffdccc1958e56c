import type { ApiName } from './envelope.ts';

/** The names under which APIs are switched on in a project. */
export const SERVICES: Readonly<Record<ApiName, string>> = {
  compute: 'compute.googleapis.com',
  iam: 'iam.googleapis.com',
  iamcredentials: 'iamcredentials.googleapis.com',
  secretmanager: 'secretmanager.googleapis.com',
  cloudresourcemanager: 'cloudresourcemanager.googleapis.com',
  serviceusage: 'serviceusage.googleapis.com',
  monitoring: 'monitoring.googleapis.com',
  sts: 'sts.googleapis.com',
};
