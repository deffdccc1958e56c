import type { Seen } from '../../store/log/seen-by.ts';
import type { Stored } from '../../store/stored.ts';
import { type Form, plainJson } from '../form/form.ts';
import { renderWatchEvent, watchShape } from '../form/watch-event.ts';
import type { Served } from '../served/served.ts';

/** The line of an event in a form. `first` says that it is the first of its stream. */
export function eventLine(form: Form, served: Served, { type, stored }: Seen, first: boolean): string {
  if (form === plainJson && served.view === undefined) return `{"type":"${type}","object":${stored.text()}}\n`;
  return renderWatchEvent(form, served, type, served.view?.outward(stored.object()) ?? stored.object(), first);
}

/** Keeps the lines of the newest events, so that each is made once for all who are sent it. */
export interface Lines {
  of(form: Form, served: Served, seen: Seen, first: boolean): Buffer;
}

const mostBytes = 8 * 1024 * 1024;

export function createLines(): Lines {
  let kept = new Map<Stored, Map<string, Buffer>>();
  let bytes = 0;
  return {
    of(form, served, seen, first) {
      let forms = kept.get(seen.stored);
      const shape = `${seen.type} ${watchShape(form, served, first)}`;
      const known = forms?.get(shape);
      if (known !== undefined) return known;
      const line = Buffer.from(eventLine(form, served, seen, first));
      if (bytes > mostBytes) {
        kept = new Map();
        bytes = 0;
        forms = undefined;
      }
      if (forms === undefined) kept.set(seen.stored, (forms = new Map<string, Buffer>()));
      forms.set(shape, line);
      bytes += line.length;
      return line;
    },
  };
}
