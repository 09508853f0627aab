/** Proxies that a plugin brings, each in one sentence, or with the reason why it cannot be made. */
import type { ReactNode } from 'react';
import type { PluginOffer } from '../../../shared/plugin.ts';
import { completeConfig } from '../../../shared/proxy.ts';
import { describeProxy } from '../../../shared/sentence.ts';
import { useGateway } from '../../api/use-gateway.ts';
import styles from './plugin-form.module.css';

interface OffersProps {
  offers: readonly PluginOffer[];
  /** What can be done with one. */
  action?: (offer: PluginOffer, index: number) => ReactNode;
}

export function Offers({ offers, action }: OffersProps) {
  const defaultAddress = useGateway(({ settings }) => settings?.listen.defaultAddress ?? '127.0.0.1');
  return (
    <ul className={styles.offers}>
      {offers.map((offer, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a file may name two of them the same
        <li key={index}>
          <div>
            <b>
              <bdi>{offer.name}</bdi>
            </b>
            <p>
              {offer.proxy
                ? describeProxy(completeConfig(offer.proxy.config, { defaultAddress }))
                : 'Cannot be made here.'}
            </p>
            {offer.note && (
              <p className={styles.note}>
                <bdi>{offer.note}</bdi>
              </p>
            )}
          </div>
          {action?.(offer, index)}
        </li>
      ))}
    </ul>
  );
}
