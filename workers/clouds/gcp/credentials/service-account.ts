const email = /^[-a-z0-9]{1,63}@[-a-z0-9.]{1,100}\.gserviceaccount\.com$/;

/** Path of a service account by its address; undefined for what is none. */
export function accountPath(address: string): string | undefined {
  return email.test(address) ? `projects/-/serviceAccounts/${address}` : undefined;
}
