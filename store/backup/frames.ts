/**
 * A backup is a line that names the format, then frames: a letter for what it is, the length of its content in four bytes
 * (big-endian), the content. All of it is compressed by gzip, whose checksum finds damage; the last frame finds a missing end.
 */
export const firstLine = Buffer.from('datum backup 1\n');

const letters = {
  /** JSON: BackupHead. */
  head: 'H',
  /** JSON: BackedUpTable. What follows is of this table. */
  table: 'T',
  /** Rows, as Postgres' COPY writes them as text; a row may go on in the next frame. */
  rows: 'R',
  /** JSON: BackupEnd. */
  end: 'E',
} as const;
export type FrameType = keyof typeof letters;

export interface Frame {
  readonly type: FrameType;
  readonly content: Buffer;
}

const typeOf = new Map(Object.entries(letters).map(([type, letter]) => [letter.charCodeAt(0), type as FrameType]));
const prefixBytes = 5;
/** No frame is longer; what says so is no backup. */
const mostBytes = 4 * 1024 * 1024;

/** What cannot be read as a backup, or not to its end. */
export class DamagedBackup extends Error {}

/** Frames of any content; a long one becomes several. */
export function* framesOf(type: FrameType, content: Buffer): Iterable<Buffer> {
  for (let at = 0; at === 0 || at < content.length; at += mostBytes) {
    const part = content.subarray(at, at + mostBytes);
    const prefix = Buffer.alloc(prefixBytes);
    prefix.write(letters[type], 'latin1');
    prefix.writeUInt32BE(part.length, 1);
    yield prefix;
    yield part;
  }
}

/** A frame of JSON. */
export function jsonFrame(type: FrameType, value: object): Buffer {
  return Buffer.concat([...framesOf(type, Buffer.from(JSON.stringify(value)))]);
}

/** The frames of a stream that begins with the first line. Throws DamagedBackup for what is none or ends in the middle of one. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncIterable<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!begun) {
      if (rest.length < firstLine.length) continue;
      if (!rest.subarray(0, firstLine.length).equals(firstLine))
        throw new DamagedBackup('it is no backup of this program');
      rest = rest.subarray(firstLine.length);
      begun = true;
    }
    while (rest.length >= prefixBytes) {
      const length = rest.readUInt32BE(1);
      const type = typeOf.get(rest[0] ?? 0);
      if (type === undefined || length > mostBytes) throw new DamagedBackup('it is damaged');
      if (rest.length < prefixBytes + length) break;
      yield { type, content: rest.subarray(prefixBytes, prefixBytes + length) };
      rest = rest.subarray(prefixBytes + length);
    }
  }
  if (!begun) throw new DamagedBackup('it is no backup of this program');
  if (rest.length > 0) throw new DamagedBackup('its end is missing');
}
