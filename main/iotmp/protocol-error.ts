/** Bytes that break the rules of docs/iotmp.md. Whoever meets one closes the connection: there is no way back into step. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
