import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError, MaxIntrospectionDepthRule, type ASTVisitor, type ValidationContext } from 'graphql';

/** Refuses introspection where it is switched off, and otherwise such as nests without end. */
export function useIntrospectionControl(allowed: boolean): GatewayPlugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(allowed ? MaxIntrospectionDepthRule : noIntrospection);
    },
  };
}

function noIntrospection(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '__schema' && node.name.value !== '__type') return;
      context.reportError(
        new GraphQLError('Introspection is switched off', { nodes: node, extensions: { code: 'INTROSPECTION_DISABLED', retryable: false } }),
      );
    },
  };
}
