import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';

/** Refuses introspection where it is switched off. That which nests without end graphql-js refuses itself. */
export function useIntrospectionControl(allowed: boolean): GatewayPlugin {
  if (allowed) return {};
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(noIntrospection);
    },
  };
}

function noIntrospection(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '__schema' && node.name.value !== '__type') return;
      context.reportError(
        new GraphQLError('Introspection is switched off', {
          nodes: node,
          extensions: { code: 'INTROSPECTION_DISABLED', retryable: false },
        }),
      );
    },
  };
}
