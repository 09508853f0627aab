/** Takes a pasted `10.0.0.7:502`, `[::1]:502` or `http://plc.local:8080/x` apart. */
export function splitTarget(text: string): { readonly address: string; readonly port: string } | undefined {
  const match = /^\s*(?:[a-z+]+:\/\/)?(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:/[\]]+)):(\d{2,5})(?:\/.*)?\s*$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = match?.[3];
  return address !== undefined && port !== undefined ? { address, port } : undefined;
}
