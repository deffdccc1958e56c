import type { Readable } from 'node:stream';
import { badRequest, bodyTooLarge } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';

/** Largest body of a request, in bytes: Kubernetes' own limit. */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads a body to its end. Throws 413 beyond the limit, 408 after `withinMs`, and 400 when the client stops in the middle. */
export async function readBody(source: Readable, contentLength: string | undefined, withinMs: number): Promise<Buffer> {
  if (contentLength !== undefined && Number(contentLength) > maxBodyBytes) {
    // What comes is thrown away, so that the client is done sending before it reads the answer.
    source.resume();
    throw bodyTooLarge(maxBodyBytes);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const late = setTimeout(() => reject(tooSlow()), withinMs);
    let bytes = 0;
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
      else reject(bodyTooLarge(maxBodyBytes));
    });
    source.on('end', () => {
      clearTimeout(late);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes));
    });
    const stopped = (): void => {
      clearTimeout(late);
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

function tooSlow(): ApiError {
  return new ApiError(408, 'Timeout', 'the body of the request took too long');
}
