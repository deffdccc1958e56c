/** A URL of somebody else's making that is not asked, or an answer that is not taken. The message names no inner address. */
export class RefusedUrl extends Error {
  override readonly name = 'RefusedUrl';
}
