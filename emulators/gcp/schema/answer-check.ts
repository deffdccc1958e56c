import type { Json } from '../core/json.ts';
import { checkMessage } from './check-message.ts';
import { answersByCall, callName, computePackage, schemaOf } from './from-protos.ts';
import { readProtoFiles } from './proto-files.ts';

interface SchemaViolation {
  readonly method: string;
  readonly route: string;
  readonly message: string;
}

/** Holds every answer of Compute against Google's own schema. */
export interface AnswerCheck {
  /** What is wrong with the answer, in one line, or undefined. It is also kept. */
  violation(method: string, route: string, answer: Json): string | undefined;
  readonly violations: readonly SchemaViolation[];
  clear(): void;
}

/** Reads the schema from npm `@google-cloud/compute`. Throws when that is not installed. */
export function createAnswerCheck(): AnswerCheck {
  const files = readProtoFiles();
  const answers = answersByCall(computePackage(files.document));
  const schema = schemaOf(files, new Set(answers.values()));
  const violations: SchemaViolation[] = [];
  return {
    violation(method, route, answer) {
      if (!route.startsWith('/compute/')) return undefined;
      const message = problemIn(answers.get(callName(method, route)));
      if (message !== undefined) violations.push({ method, route, message });
      return message;

      function problemIn(type: string | undefined): string | undefined {
        if (type === undefined) return `Google has no call ${method} ${route}`;
        const [problem] = checkMessage(schema, type, answer, type, 'answer');
        if (problem === undefined) return undefined;
        const { kind, field, value, expected } = problem;
        return `${kind} in the answer: ${field} is ${JSON.stringify(value)?.slice(0, 200)}, expected ${expected}`;
      }
    },
    violations,
    clear: () => void violations.splice(0),
  };
}
