/** Tab "Proxies": those that lead to this plugin, and those that its file brought and nobody has made yet. */
import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import { useId } from 'react';
import type { PluginView } from '../../../shared/plugin.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import styles from '../../components/profile.module.css';
import { ProxiesShort } from '../../components/proxies-short.tsx';
import { isSameList } from '../../components/selection.ts';
import { Offers } from './offers.tsx';
import { proxiesTo } from './plugin-list.ts';
import pageStyles from './plugin-page.module.css';

export function PluginProxies({ view }: { view: PluginView }) {
  const ids = useGateway(({ proxies }) => proxiesTo(proxies.values(), view).map(({ proxy }) => proxy), isSameList);
  return (
    <div className={styles.body}>
      {ids.length > 0 && <ProxiesShort ids={ids} label="Proxies that lead to this plugin" />}
      <div className={styles.section}>
        {ids.length === 0 && (
          <p className={styles.lead}>No proxy leads to this plugin. One opens a port on this PC and passes it on.</p>
        )}
        <Button
          variant="contained"
          color="primary"
          startIcon={<AddIcon />}
          onClick={() => navigate(`/proxies/add/to/${view.user}/${view.plugin}`)}
        >
          Add Proxy
        </Button>
      </div>
      {view.offers.length > 0 && <Brought view={view} />}
    </div>
  );
}

function Brought({ view }: { view: PluginView }) {
  const { user, plugin, offers } = view;
  const taken = useGateway(
    ({ proxies }) => offers.flatMap(({ proxy }) => (proxy && proxies.has(proxy.proxy) ? proxy.proxy : [])),
    isSameList,
  );
  const id = useId();
  return (
    <section className={`${styles.section} ${pageStyles.brought}`} aria-labelledby={id}>
      <h2 id={id}>From its plugin.json</h2>
      <Offers
        offers={offers}
        action={({ proxy, name }, index) => {
          if (!proxy) return null;
          if (taken.includes(proxy.proxy)) {
            return <Button onClick={() => navigate(`/proxies/${proxy.proxy}/edit`)}>Show proxy</Button>;
          }
          return (
            <Button
              startIcon={<AddIcon />}
              aria-label={`Add Proxy ${name}`}
              onClick={() => navigate(`/proxies/add/offer/${user}/${plugin}/${index}`)}
            >
              Add Proxy
            </Button>
          );
        }}
      />
    </section>
  );
}
