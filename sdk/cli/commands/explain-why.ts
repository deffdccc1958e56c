import { NotFoundError } from '../../client/errors.ts';
import type { Cause } from '../../explain/explain.types.ts';
import { explainWhy } from '../../explain/explain-why.ts';
import { CliError } from '../cli-error.ts';
import { type Command, objectOptions, readArgs, withClient } from '../options.ts';
import { ageOf } from '../../printing/age.ts';
import { yaml } from '../printing/output.ts';
import { choose } from './selection.ts';

const options = { ...objectOptions, output: { type: 'string', short: 'o' } } as const;

/** `datum explain-why`: the chain of causes that keeps an object from being ready. Exit code 1 when it is not ready. */
export const explain: Command = {
  summary: 'show why an object is not ready, down to what is to blame',
  usage: 'datum explain-why KIND NAME [-n NAMESPACE] [-o json|yaml]',
  options,
  completes: 'kinds',
  async run(context) {
    const { positionals, values } = readArgs(context, { options, usage: explain.usage });
    return withClient(context, values, async (client) => {
      const { known, names, namespace } = await choose(client, positionals, values);
      const [name, ...more] = names;
      if (name === undefined || more.length > 0) throw new CliError(`which ${known.kind.type}? ${explain.usage}`);
      const object = { kind: known.kind.type, namespace, name };
      const cause = await explainWhy(client, object, { signal: context.signal });
      if (cause.state === 'missing') throw new NotFoundError(object);
      switch (values.output) {
        case 'json':
          context.print(JSON.stringify(cause, undefined, 2));
          break;
        case 'yaml':
          context.print(yaml(cause).trimEnd());
          break;
        case undefined:
          context.print(tree(cause).join('\n'));
          break;
        default:
          throw new CliError(`-o ${values.output}: there are json, yaml`);
      }
      return cause.state === 'ready' && cause.causes.length === 0 ? 0 : 1;
    });
  },
};

/** The cause with those behind it below, as lines. */
function tree(cause: Cause): string[] {
  const { advice, causes, conditions, others, warning } = cause;
  const about = [
    ...conditions.flatMap(({ message, type }) =>
      message === '' ? [] : [conditions.length > 1 ? `${type}: ${message}` : message],
    ),
    ...(warning === undefined
      ? []
      : [
          `Warning ${warning.reason}: ${warning.message}${warning.at === undefined ? '' : ` (${ageOf(warning.at)} ago)`}`,
        ]),
    ...(advice === undefined ? [] : [`To do: ${advice}`]),
  ];
  const branches = [...causes.map(tree), ...(others > 0 ? [[`and ${others} more for the same reason`]] : [])];
  return [
    headOf(cause),
    ...about.map((line) => `${branches.length > 0 ? '│' : ' '}  ${line}`),
    ...branches.flatMap((lines, index) => {
      const isLast = index === branches.length - 1;
      return lines.map((line, row) => `${row === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  '}${line}`);
    }),
  ];
}

function headOf({ conditions, object, since, state }: Cause): string {
  const name = `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
  const age = since === undefined ? '' : `, for ${ageOf(since)}`;
  const why = conditions.map(({ reason, status, type }) => `${type} is ${status} (${reason})`).join(', ');
  switch (state) {
    case 'ready':
      return `${name} is ready`;
    case 'missing':
      return `${name} does not exist`;
    case 'deleting':
      return `${name} is being deleted${age}${why === '' ? '' : `: ${why}`}`;
    case 'notReady':
      return `${name}: ${why}${age}`;
  }
}
