/** What can be told of an agreed TLS connection and of a certificate. Their texts are foreign. */
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { withoutUnseen } from '../../shared/name.ts';
import type { TlsFacts } from '../../shared/tls.ts';

const LONGEST_TEXT = 200;

/** Of connections that were judged; of those that resumed a session, Node keeps nothing of the certificate at its begin. */
const noted = new WeakMap<TLSSocket, X509Certificate>();

/**
 * What the other end showed, now or when the session that is resumed began; undefined where it showed nothing.
 * Not `getPeerX509Certificate`: on the side of a client it gives the certificate away, and the next one finds none.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  return noted.get(socket) ?? peerChain(socket)[0];
}

/** The certificate that was shown, and those that it came with. */
export function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let at: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (at?.raw && !seen.has(at.fingerprint256 ?? '')) {
    seen.add(at.fingerprint256 ?? '');
    chain.push(new X509Certificate(at.raw));
    at = at.issuerCertificate;
  }
  return chain;
}

/** Asking Node is dear: it makes an object of all that is in each certificate of the chain. */
export function notePeer(socket: TLSSocket, certificate: X509Certificate): void {
  noted.set(socket, certificate);
}

/** Undefined for a stream without TLS. Ask when it is agreed. */
export function tlsFactsOf(stream: Duplex): TlsFacts | undefined {
  if (!(stream instanceof TLSSocket)) return undefined;
  const peer = peerCertificate(stream);
  const { servername, alpnProtocol } = stream as TLSSocket & { readonly servername?: string | false | null };
  return {
    version: stream.getProtocol() ?? '',
    cipher: stream.getCipher().standardName,
    ...(servername && { serverName: foreign(servername) }),
    ...(alpnProtocol && { alpn: foreign(alpnProtocol) }),
    ...(peer && { peer: nameOf(peer.subject) }),
  };
}

/** The common name, or all of a name that has none. */
export function nameOf(distinguished: string | undefined): string {
  const lines = (distinguished ?? '').split('\n');
  const common = lines.find((line) => line.startsWith('CN='))?.slice(3);
  return foreign(common ?? lines.join(', '));
}

/** Host names and addresses that a certificate is for. */
export function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const names = (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  return names.length > 0 ? names.map(foreign) : [nameOf(subject)].filter((name) => name !== '');
}

function foreign(text: string): string {
  return [...withoutUnseen(text)].slice(0, LONGEST_TEXT).join('');
}
