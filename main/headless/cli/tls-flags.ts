/** The flags of `proxies add` and `proxies set` for SSL/TLS, and the fields of the two legs that they become. */
import { Option } from 'commander';

export interface TlsFlags {
  /** False for `--no-source-secure`, as with the others. */
  readonly sourceSecure?: boolean;
  readonly sourceCertificate?: string | false;
  readonly clientCa?: string | false;
  readonly targetSecure?: boolean;
  readonly targetVerify?: string;
  readonly targetName?: string | false;
  readonly targetCertificate?: string | false;
  readonly targetOldTls?: boolean;
}

export const tlsOptions = (): readonly Option[] => [
  new Option('--source-secure', 'speak TLS with clients'),
  new Option('--no-source-secure', 'speak with clients in plain'),
  new Option('--source-certificate <id>', 'what clients are shown; else the certificate of this gateway'),
  new Option('--no-source-certificate', 'show the certificate of this gateway'),
  new Option('--client-ca <id>', 'let only clients in that show a certificate of this CA'),
  new Option('--no-client-ca', 'ask clients for no certificate'),
  new Option('--target-secure', 'speak TLS to the target; through a device, the device does'),
  new Option('--no-target-secure', 'reach the target in plain'),
  new Option(
    '--target-verify <how>',
    'system, ca:<certificate> for that CA alone, or pin:<sha256> for one certificate',
  ),
  new Option('--target-name <host>', 'the name to ask for and to find in the certificate, in place of the address'),
  new Option('--no-target-name', 'take the address for it'),
  new Option('--target-certificate <id>', 'client certificate to show the target'),
  new Option('--no-target-certificate', 'show the target none'),
  new Option('--target-old-tls', 'allow TLS 1.0 and 1.1 to the target'),
  new Option('--no-target-old-tls', 'ask for TLS 1.2 or 1.3'),
];

const sourceFlags = [
  ['certificate', 'sourceCertificate', '--source-certificate'],
  ['clientCa', 'clientCa', '--client-ca'],
] as const;
const targetFlags = [
  ['verify', 'targetVerify', '--target-verify'],
  ['serverName', 'targetName', '--target-name'],
  ['certificate', 'targetCertificate', '--target-certificate'],
  ['oldTls', 'targetOldTls', '--target-old-tls'],
] as const;

export const sourceTlsOf = (flags: TlsFlags): object => legOf(flags, flags.sourceSecure, sourceFlags);
export const targetTlsOf = (flags: TlsFlags): object => legOf(flags, flags.targetSecure, targetFlags);

/** The first flag that is given, as it is typed, of those that only TLS of the source or of the target has. */
export const givenSourceFlag = (flags: TlsFlags): string | undefined =>
  flags.sourceSecure === undefined ? firstOf(flags, sourceFlags) : '--source-secure';
export const givenTargetFlag = (flags: TlsFlags): string | undefined => firstOf(flags, targetFlags);

type LegFlags = readonly (readonly [field: string, flag: keyof TlsFlags, typed: string])[];

const firstOf = (flags: TlsFlags, leg: LegFlags): string | undefined =>
  leg.find(([, flag]) => flags[flag] !== undefined)?.[2];

/** A detail that is asked for asks for TLS; what is taken away is null. */
function legOf(flags: TlsFlags, secure: boolean | undefined, leg: LegFlags): object {
  const given = leg.flatMap(([field, flag]) => {
    const value = flags[flag];
    return value === undefined ? [] : [[field, value === false && field !== 'oldTls' ? null : value] as const];
  });
  const asks = given.some(([, value]) => value !== null && value !== false);
  return { secure: secure ?? (asks ? true : undefined), ...Object.fromEntries(given) };
}
