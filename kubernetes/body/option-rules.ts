import type { Cause } from '../status/status.ts';

const maxManagerBytes = 128;

/** Name of a field manager after its client: what stands before the first slash of the User-Agent, or `unknown`. */
export function managerOf(userAgent = ''): string {
  const name = userAgent.split('/', 1)[0] ?? '';
  let manager = '';
  let bytes = 0;
  for (const char of name) {
    bytes += Buffer.byteLength(char);
    if (!isPrintable(char)) continue;
    if (bytes > maxManagerBytes) break;
    manager += char;
  }
  return manager === '' ? 'unknown' : manager;
}

/** What most names are: printable ASCII. */
const isPlain = /^[ -~]*$/;

/** What is wrong with the name of a field manager. */
export function managerCauses(manager: string): Cause[] {
  const field = 'fieldManager';
  const tooLong = {
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${maxManagerBytes} bytes`,
    field,
  };
  const shown = JSON.stringify(manager.slice(0, maxManagerBytes));
  const message = `Invalid value: ${shown}: should only contain printable characters`;
  return [
    ...(Buffer.byteLength(manager) > maxManagerBytes ? [tooLong] : []),
    ...(isPlain.test(manager) || [...manager].every(isPrintable)
      ? []
      : [{ reason: 'FieldValueInvalid', message, field }]),
  ];
}

/** What is wrong with the values of `dryRun`: only `All` is known. */
export function dryRunCauses(values: readonly string[]): Cause[] {
  if (values.every((value) => value === 'All')) return [];
  const shown = `[]string{${values
    .slice(0, 10)
    .map((value) => JSON.stringify(value))
    .join(', ')}}`;
  const message = `Unsupported value: ${shown}: supported values: "All"`;
  return [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }];
}

/** What is wrong with `fieldValidation`; empty is the default. */
export function validationCauses(value: string): Cause[] {
  if (['', 'Ignore', 'Strict', 'Warn'].includes(value)) return [];
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: "", "Ignore", "Strict", "Warn"`;
  return [{ reason: 'FieldValueNotSupported', message, field: 'fieldValidation' }];
}

function isPrintable(char: string): boolean {
  return char === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char);
}
