import type { Json } from '../core/json.ts';
import type { Route } from '../http/router.ts';
import { checkMessage } from './check-message.ts';
import { answersByCall, callName, computePackage, schemaOf } from './from-protos.ts';
import { createOtherSchemas } from './other-apis.ts';
import { readProtoFiles } from './proto-files.ts';
import type { Schema } from './schema.ts';

interface SchemaViolation {
  readonly method: string;
  readonly route: string;
  readonly message: string;
}

/** Holds every answer against Google's own schema. */
export interface AnswerCheck {
  /** What is wrong with the answer, in one line, or undefined. It is also kept. */
  violation(route: Route, answer: Json): string | undefined;
  readonly violations: readonly SchemaViolation[];
  clear(): void;
}

/** Reads the schema of Compute, which comes with npm `@google-cloud/compute`. Throws when that is not installed. */
export function createAnswerCheck(): AnswerCheck {
  const files = readProtoFiles();
  const answers = answersByCall(computePackage(files.document));
  const compute = schemaOf(files, new Set(answers.values()));
  const others = createOtherSchemas();
  const violations: SchemaViolation[] = [];

  /** The message that must answer, and the schema that it is in; or what is wrong with the route itself. */
  const expected = ({ method, pattern, answer }: Route): { schema: Schema; message: string } | string => {
    if (pattern.startsWith('/compute/')) {
      const message = answers.get(callName(method, pattern));
      return message === undefined ? `Google has no call ${method} ${pattern}` : { schema: compute, message };
    }
    const [api = '', message] = answer?.split('.') ?? [];
    if (message === undefined) return `the route ${method} ${pattern} does not say what answers it`;
    const schema = others(api);
    return schema.messages[message] === undefined ? `${api} has no message ${message}` : { schema, message };
  };

  return {
    violation(route, answer) {
      const message = problemIn(expected(route), answer);
      if (message !== undefined) violations.push({ method: route.method, route: route.pattern, message });
      return message;
    },
    violations,
    clear: () => void violations.splice(0),
  };
}

function problemIn(expected: { schema: Schema; message: string } | string, answer: Json): string | undefined {
  if (typeof expected === 'string') return expected;
  const [problem] = checkMessage(expected.schema, expected.message, answer, expected.message, 'answer');
  if (problem === undefined) return undefined;
  const { kind, field, value, expected: wanted } = problem;
  return `${kind} in the answer: ${field} is ${JSON.stringify(value)?.slice(0, 200)}, expected ${wanted}`;
}
