/** How much work files of strangers may make before they are open: keys are derived on the thread that moves traffic. */
import { pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';

/** Rounds of key derivation for one file. Java asks for 300,000 at worst; a file that asked for billions would stop us. */
const MOST_WORK = 400_000;
/** What a round costs where OpenSSL does it. */
const NATIVE_COST = 0.1;
let workLeft = Number.POSITIVE_INFINITY;

export function withLimitedWork<T>(work: () => T): T {
  workLeft = MOST_WORK;
  try {
    return work();
  } finally {
    workLeft = Number.POSITIVE_INFINITY;
  }
}

function spend(work: number): boolean {
  workLeft -= work;
  return workLeft >= 0;
}

/** OpenSSL has no limit of its own. What makes a sealed key slow to open are the large numbers of its algorithm (RFC 8018). */
export function isWorkable(block: string): boolean {
  try {
    const { value } = forge.asn1.fromDer(forge.pem.decode(block)[0]?.body ?? '');
    const [algorithm] = Array.isArray(value) ? value : [];
    return algorithm !== undefined && spend(numbersIn(algorithm).reduce((all, one) => all * one, NATIVE_COST));
  } catch {
    return false;
  }
}

/** Lengths of keys and the like, which are small, are left out. */
function numbersIn({ type, value }: forge.asn1.Asn1): number[] {
  if (typeof value !== 'string') return value.flatMap(numbersIn);
  const number = type === forge.asn1.Type.INTEGER ? Number(`0x${forge.util.bytesToHex(value)}`) : 0;
  return number > 64 ? [number] : [];
}

type Derive<Rest extends readonly unknown[] = readonly unknown[]> = (
  passphrase: string,
  salt: string,
  ...rest: Rest
) => string;
interface Derivations {
  readonly pki: { readonly pbe: { generatePkcs12Key: Derive } };
  readonly pkcs12: { generateKey: Derive };
  readonly pkcs5: { pbkdf2: Derive<[rounds: number, length: number, hash: { readonly algorithm: string }]> };
}

const refuseWork = (work: number): void => {
  if (!spend(work)) throw new Error('opening it would take too long');
};

/** forge derives keys on this thread, and has no limit of its own. */
function limitDerivations({ pki, pkcs12, pkcs5 }: Derivations): void {
  const limited =
    (derive: Derive): Derive =>
    (passphrase, salt, ...rest) => {
      refuseWork(Number(rest[1]));
      return derive(passphrase, salt, ...rest);
    };
  pki.pbe.generatePkcs12Key = limited(pki.pbe.generatePkcs12Key);
  pkcs12.generateKey = limited(pkcs12.generateKey);
  // By OpenSSL, which takes a hundredth of the time.
  pkcs5.pbkdf2 = (passphrase, salt, rounds, length, { algorithm }) => {
    refuseWork(rounds * NATIVE_COST);
    const bytes = [passphrase, salt].map((text) => Buffer.from(text, 'binary')) as [Buffer, Buffer];
    return pbkdf2Sync(...bytes, rounds, length, algorithm).toString('binary');
  };
}
limitDerivations(forge as unknown as Derivations);
