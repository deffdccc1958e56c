import { CliError } from '../cli-error.ts';
import { type Command, readArgs, selectOptions, withClient } from '../options.ts';
import { createPrinter, readFormat } from '../printing/output.ts';
import { choose } from './selection.ts';

/** `datum watch`: the state, then every change, until it is interrupted. */
export const watch: Command = {
  summary: 'show objects and every change of them, until interrupted',
  usage:
    'datum watch KIND [NAME] [-n NAMESPACE | -A] [-l SELECTOR] [--field-selector SELECTOR] [-o json|yaml|name|wide]',
  options: selectOptions,
  completes: 'kinds',
  async run(context) {
    const { positionals, values } = readArgs(context, { options: selectOptions, usage: watch.usage });
    const format = readFormat(values.output);
    return withClient(context, values, async (client) => {
      const { fieldSelector, known, labelSelector, names, namespace, resource } = await choose(
        client,
        positionals,
        values,
      );
      if (names.length > 1) throw new CliError('one name, or none');
      const byName = names.map((name) => `metadata.name=${name}`);
      const printer = createPrinter(known, format, known.kind.namespaced && namespace === undefined);
      let wasLive = false;
      const events = resource.watch({
        namespace,
        labelSelector,
        fieldSelector: [...byName, ...(fieldSelector === undefined ? [] : [fieldSelector])].join(',') || undefined,
        signal: context.signal,
        onStatus({ error, state }) {
          if (state === 'reconnecting' && wasLive)
            context.tell(`reconnecting${error === undefined ? '' : `: ${(error as Error).message}`}`);
          wasLive = state === 'live';
        },
      });
      try {
        for await (const event of events) {
          if (event.type === 'RESYNC') context.tell('the history is gone: everything follows anew');
          if ('object' in event) context.print(printer.next(event.object, event.type));
        }
      } catch (error) {
        if (!context.signal.aborted) throw error;
      }
      return 0;
    });
  },
};
