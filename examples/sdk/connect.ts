import { readFileSync } from 'node:fs';
import { createDatum } from '@datum/sdk';

/** A client of the product that DATUM_URL and DATUM_TOKEN name, else of the one that runs in this folder. */
export const datum = createDatum({
  url: process.env['DATUM_URL'] ?? 'http://127.0.0.1:4000/graphql',
  token: process.env['DATUM_TOKEN'] ?? readFileSync('.datum/token', 'utf8').trim(),
});
