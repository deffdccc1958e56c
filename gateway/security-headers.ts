import type { ServerResponse } from 'node:http';

/**
 * What pages of this origin may do: load from it and talk to it, and to the OpenID providers that people sign in by, nothing
 * else; no inline script or style, no frame around them. The console lives with it, and answers of the API are no pages at all.
 */
function contentSecurityPolicy(connectOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectOrigins].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

const headers: readonly (readonly [name: string, value: string])[] = [
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

const strictTransport = 'max-age=31536000; includeSubDomains';

/**
 * Makes what sets the headers that every answer of the gateway has, whatever answers. `connectOrigins` are those that pages may
 * talk to beside their own; `isSecure` says that the gateway is reached over TLS.
 */
export function securityHeaders(
  connectOrigins: readonly string[],
  isSecure: boolean,
): (response: ServerResponse) => void {
  const all = [
    ...headers,
    ['content-security-policy', contentSecurityPolicy(connectOrigins)] as const,
    ...(isSecure ? [['strict-transport-security', strictTransport] as const] : []),
  ];
  return (response) => {
    for (const [name, value] of all) response.setHeader(name, value);
  };
}
