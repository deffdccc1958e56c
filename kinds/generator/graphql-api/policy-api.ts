import { field } from './print.ts';

/** Field of an instance that shows which rules hold for it, whoever wrote them. */
export const effectivePolicyField = field(
  'effectivePolicy(interface: Int! = 0): [EffectiveRule!]!',
  'Everything that decides about the traffic of one of its interfaces, in the order in which it is asked.',
);

/** Types of that field. */
export const policyTypes = /* GraphQL */ `"A rule that holds for an interface of an instance, as its author wrote it."
type EffectiveRule {
  direction: TrafficDirection!
  action: TrafficAction!
  "Rules with a lower number are asked first; those of one number add up."
  order: Int!
  "Empty: all ports."
  ports: [NetworkPolicyPort!]!
  "Empty: everyone."
  peers: [NetworkPolicyPeer!]!
  "Null for what holds where nobody wrote a rule."
  origin: RuleOrigin
}

enum TrafficDirection {
  Ingress
  Egress
}

enum TrafficAction {
  Allow
  Deny
}

"Where a rule stands."
type RuleOrigin {
  "NetworkPolicy, or Instance for the policy of its interface."
  kind: String!
  namespace: String!
  name: String!
  "Such as ${'`spec.ingress[0]`'}."
  path: String!
}
`;
