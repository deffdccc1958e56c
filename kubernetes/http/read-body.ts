import type { Readable } from 'node:stream';
import { badRequest, bodyTooLarge } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';

/** Largest body of a request, in bytes: Kubernetes' own limit. */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads a body to its end. Throws 413 beyond the limit and 400 when the client stops in the middle. */
export async function readBody(source: Readable, contentLength: string | undefined): Promise<Buffer> {
  if (contentLength !== undefined && Number(contentLength) > maxBodyBytes) {
    // What comes is thrown away, so that the client is done sending before it reads the answer.
    source.resume();
    throw bodyTooLarge(maxBodyBytes);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
      else reject(bodyTooLarge(maxBodyBytes));
    });
    source.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes)));
    const stopped = (): void => {
      // Every request closes; a refusal is made only where somebody still waits for the rest.
      if (!source.readableEnded) reject(endedEarly());
    };
    source.on('error', stopped);
    source.on('close', stopped);
  });
}

function endedEarly(): ApiError {
  return badRequest('the body of the request ended early');
}
