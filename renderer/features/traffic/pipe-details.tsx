/** Facts of one connection. */
import type { ReactNode } from 'react';
import type { Pipe } from '../../../shared/pipe.ts';
import { formatBytes, formatExact } from '../../components/format.ts';
import styles from './inspector.module.css';
import { kindText, reasonText } from './pipe-text.ts';

export function PipeDetails({ pipe, part }: { pipe: Pipe; part: 'tls' | 'details' }) {
  return <div className={styles.details}>{part === 'tls' ? <Tls pipe={pipe} /> : <Details pipe={pipe} />}</div>;
}

function Details({ pipe }: { pipe: Pipe }) {
  return (
    <dl>
      <Fact name="Connection" isMono>
        {pipe.pipe}
      </Fact>
      <Fact name="Proxy" isMono>
        {pipe.proxy}
      </Fact>
      <Fact name="Client" isMono>
        {pipe.client}
      </Fact>
      <Fact name="Target" isMono>
        {pipe.target}
      </Fact>
      <Fact name="Kind">{kindText(pipe)}</Fact>
      <Fact name="Opened">{formatExact(pipe.opened)}</Fact>
      {pipe.closed !== undefined && <Fact name="Ended">{formatExact(pipe.closed)}</Fact>}
      <Fact name="State">{reasonText(pipe)}</Fact>
      <Fact name="→ to the target">{exactBytes(pipe.received)}</Fact>
      <Fact name="← back to the source">{exactBytes(pipe.sent)}</Fact>
    </dl>
  );
}

const exactBytes = (bytes: number): string =>
  bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${bytes} B)`;

const legs = { source: 'Client to Sluice', target: 'Sluice to target' } as const;

function Tls({ pipe: { tls } }: { pipe: Pipe }) {
  return (['source', 'target'] as const).map((leg) => {
    const facts = tls?.[leg];
    return (
      <section key={leg}>
        <h3>{legs[leg]}</h3>
        {facts ? (
          <dl>
            {Object.entries(facts).map(([name, value]) => (
              <Fact key={name} name={name} isMono>
                {typeof value === 'object' ? JSON.stringify(value) : String(value)}
              </Fact>
            ))}
          </dl>
        ) : (
          <p>Not encrypted.</p>
        )}
      </section>
    );
  });
}

function Fact({ name, isMono, children }: { name: string; isMono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isMono ? 'mono' : undefined}>{children}</dd>
    </>
  );
}
