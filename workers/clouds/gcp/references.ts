/**
 * What follows `/projects/` in a reference, which is all that identifies: hosts, API versions and forms differ between
 * what we send and what Google answers. A short form is completed with the project it was said in.
 */
export function normalReference(reference: string, account: string): string {
  const at = reference.indexOf('projects/');
  if (at >= 0) return reference.slice(at + 'projects/'.length);
  return `${account}/${reference.replace(/^\/+/, '')}`;
}

/** Last part of a reference: the name of what it refers to. */
export function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

export function networkReference(account: string, name: string): string {
  return `projects/${account}/global/networks/${name}`;
}

export function subnetworkReference(account: string, region: string, name: string): string {
  return `projects/${account}/regions/${region}/subnetworks/${name}`;
}
