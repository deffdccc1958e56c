/** Why a credential is none: for the log, never for who sent it, who is told the same whatever it was. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
