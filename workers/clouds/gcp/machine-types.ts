/** Sizes of machines by the name that users write. Operators extend it by giving the provider a larger table. */
export const machineTypes: Readonly<Record<string, string>> = {
  'datumcloud/d1-standard-2': 'n2-standard-2',
};
