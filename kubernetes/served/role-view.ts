import type { Resource } from '../../kinds/object.ts';
import type { View } from './served.ts';

/** A role without rules says so by null. */
export const roleView: View = {
  outward(stored) {
    const { rules } = stored as Resource & { readonly rules?: readonly unknown[] };
    return rules?.length ? stored : Object.assign({ ...stored }, { rules: null });
  },
  inward: (shown) => shown,
};
