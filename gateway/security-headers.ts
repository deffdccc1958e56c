import type { ServerResponse } from 'node:http';

/**
 * What pages of this origin may do: load from it and talk to it, nothing else; no inline script or style, no frame around
 * them. The console lives with it, and answers of the API are no pages at all.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const headers: readonly (readonly [name: string, value: string])[] = [
  ['content-security-policy', contentSecurityPolicy],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

const strictTransport = 'max-age=31536000; includeSubDomains';

/** Sets what every answer of the gateway has, whatever answers; `isSecure` says that it came over TLS. */
export function setSecurityHeaders(response: ServerResponse, isSecure: boolean): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  if (isSecure) response.setHeader('strict-transport-security', strictTransport);
}
