import { CliError } from '../cli-error.ts';
import { type Command, readArgs, selectOptions, withClient } from '../options.ts';
import { createPrinter, readFormat } from '../printing/output.ts';
import { choose } from './selection.ts';

/** `datum get`: objects of a kind. */
export const get: Command = {
  summary: 'show objects',
  usage:
    'datum get KIND [NAME…] [-n NAMESPACE | -A] [-l SELECTOR] [--field-selector SELECTOR] [-o json|yaml|name|wide]',
  options: selectOptions,
  completes: 'kinds',
  async run(context) {
    const { positionals, values } = readArgs(context, { options: selectOptions, usage: get.usage });
    const format = readFormat(values.output);
    return withClient(context, values, async (client) => {
      const { known, names, namespace, resource, ...selectors } = await choose(client, positionals, values);
      const { signal } = context;
      if (names.length > 0 && known.kind.namespaced && namespace === undefined)
        throw new CliError('a name needs a namespace: leave out -A');
      const objects =
        names.length > 0
          ? await Promise.all(names.map((name) => resource.get({ namespace, name, signal })))
          : await resource.list({ namespace, ...selectors, signal }).all();
      if (objects.length === 0 && (format === undefined || format === 'wide' || format === 'name')) {
        context.tell(
          `no ${known.printing?.plural ?? known.kind.many}${namespace === undefined ? '' : ` in namespace ${namespace}`}`,
        );
        return 0;
      }
      const withNamespace = known.kind.namespaced && namespace === undefined;
      context.print(createPrinter(known, format, withNamespace).all(objects, names.length === 1));
      return 0;
    });
  },
};
