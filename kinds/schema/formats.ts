import { formatAddress, parseAddress, parseCidr } from '../cidr.ts';
import { labelFault, subdomainFault } from '../name-rules.ts';
import { parseQuantity, quantityRule } from '../quantity.ts';

/** `type`: it is not of the format at all. `text`: it is, but breaks one of its rules. */
export type FormatFault = { readonly type: true } | { readonly text: string };

const wrongType: FormatFault = { type: true };

/** Checks of the formats that a schema can name; formats that are not here are only told, as in Kubernetes. */
export const formatChecks: Readonly<Record<string, (value: string | number) => FormatFault | undefined>> = {
  int32: (value) => (typeof value === 'number' && value >= -(2 ** 31) && value < 2 ** 31 ? undefined : wrongType),
  // Larger integers have lost digits by the time they are a JavaScript number.
  int64: (value) => (Number.isSafeInteger(value) ? undefined : wrongType),
  'date-time': (value) => (isTime(String(value)) ? undefined : wrongType),
  ip: (value) => (parseAddress(String(value)) ? undefined : wrongType),
  cidr: (value) => cidrFault(String(value)),
  'dns-label': (value) => textFault(labelFault(String(value))),
  'dns-subdomain': (value) => textFault(subdomainFault(String(value))),
  quantity: (value) => (parseQuantity(value) === undefined ? { text: quantityRule } : undefined),
  base64: (value) => (isBase64(String(value)) ? undefined : wrongType),
};

function textFault(text: string | undefined): FormatFault | undefined {
  return text === undefined ? undefined : { text };
}

/** A range has no host bits: two spellings of one range would be two ranges to whoever compares them. */
function cidrFault(text: string): FormatFault | undefined {
  const range = parseCidr(text);
  if (range === undefined) return wrongType;
  if (range.address === range.first) return undefined;
  return {
    text: `must not have bits set beyond the prefix length: ${formatAddress({ family: range.family, value: range.first })}/${range.length}`,
  };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isTime(text: string): boolean {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(
      text,
    );
  if (match === null) return false;
  return isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Days of the months, January first; February has one more in leap years. */
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeapYear ? 29 : (monthDays[month - 1] ?? 0);
  return day >= 1 && day <= days;
}
