/** What `netsh interface portproxy show all` or `dump` prints. Its words are in the language of Windows: only rows are read. */
import { isHostName, isIpAddress } from '../../../shared/address.ts';
import { ForeignDraft, type ForeignRead, listenAddressOf } from './foreign-file.ts';

const RULE = /^\s*-{3,}(\s+-{3,}){3}\s*$/;
const ROW = /^\s*(\S{1,255})\s+(\d{1,5})\s+(\S{1,255})\s+(\d{1,5})\s*$/;
const ADD = /^\s*(?:netsh\s+interface\s+portproxy\s+)?add\s+(v[46]tov[46])\s+(.*)$/i;

export function readNetsh(text: string): ForeignRead {
  const draft = new ForeignDraft();
  let isInTable = false;
  text.split(/\r?\n/).forEach((line, index) => {
    const at = index + 1;
    const [, kind, options] = ADD.exec(line) ?? [];
    if (kind && options !== undefined) readAdd(kind, options, line, at, draft);
    else if (RULE.test(line)) isInTable = true;
    else if (line.trim() === '') isInTable = false;
    else if (isInTable) readRow(line, at, draft);
  });
  return draft.read;
}

function readRow(line: string, at: number, draft: ForeignDraft) {
  const [, from = '', port, to = '', toPort] = ROW.exec(line) ?? [];
  if (port === undefined) return draft.leaveOut(at, line, 'This is no row of address, port, address and port.');
  take({ from, port: Number(port), to, toPort: Number(toPort) }, line, at, draft);
}

function readAdd(kind: string, options: string, line: string, at: number, draft: ForeignDraft) {
  const said = new Map(
    options.split(/\s+/).map((pair) => {
      const [key = '', value = ''] = pair.split('=', 2);
      return [key.toLowerCase(), value] as const;
    }),
  );
  const port = Number(said.get('listenport'));
  const from = said.get('listenaddress') ?? (kind.startsWith('v6') ? '::' : '0.0.0.0');
  const to = said.get('connectaddress') ?? (kind.endsWith('6') ? '::1' : '127.0.0.1');
  take({ from, port, to, toPort: Number(said.get('connectport') ?? port) }, line, at, draft);
}

interface Row {
  readonly from: string;
  readonly port: number;
  readonly to: string;
  readonly toPort: number;
}

function take({ from, port, to, toPort }: Row, line: string, at: number, draft: ForeignDraft) {
  const address = listenAddressOf(from);
  const isPort = (one: number) => Number.isInteger(one) && one > 0 && one < 65_536;
  if (address === undefined) return draft.leaveOut(at, line, 'It listens on a name; Sluice needs an address.');
  if (!isPort(port) || !isPort(toPort)) return draft.leaveOut(at, line, 'Ports are from 1 to 65535.');
  if (!isIpAddress(to) && !isHostName(to)) return draft.leaveOut(at, line, 'It leads to no host name or address.');
  draft.proxy({ name: `portproxy ${port}`, source: { address, port }, target: { address: to, port: toPort } });
}
