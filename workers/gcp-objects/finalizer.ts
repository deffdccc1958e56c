/** Keeps every object that this provider made something for until that is gone from the cloud. */
export const gcpFinalizer = 'compute.datumapis.com/infra-provider-gcp';
