/** A policy as IAM and Secret Manager know it. */
interface Policy {
  bindings?: Binding[];
}

interface Binding {
  role?: string | null;
  members?: string[] | null;
  condition?: unknown;
}

/** The policy with a role for a member besides all that is in it; undefined where the member has it. */
export function granted<P extends Policy>(policy: P, role: string, member: string): P | undefined {
  const bindings = policy.bindings ?? [];
  const own = bindings.find((binding) => binding.role === role && !binding.condition);
  if (own?.members?.includes(member)) return undefined;
  const others = bindings.filter((binding) => binding !== own);
  return { ...policy, bindings: [...others, { role, members: [...(own?.members ?? []), member] }] };
}
