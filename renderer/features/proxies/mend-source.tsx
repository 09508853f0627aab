/** Buttons for what is wrong with a port, and for clients that were turned away there. */
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProxyStatus, ProxyView } from '../../../shared/status.ts';
import { useCall, useClient } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import { canAllow, withClientAllowed, withMaxPipes, withSourcePort } from '../../components/repair.ts';
import { LowPortDialog } from './low-port-dialog.tsx';
import { useRetryProxy, useUpdateProxy } from './proxy-calls.ts';

interface MendProps {
  view: ProxyView;
  fault: NonNullable<ProxyStatus['error']>;
}

export function MendSource({ view, fault }: MendProps) {
  const { code, details } = fault;
  const { proxy, config } = view;
  const update = useUpdateProxy();
  const kill = useCall((client, pipe: string) => client.pipes.kill({ pipe }));
  const edit = () => navigate(`/proxies/${proxy}/edit`);
  switch (code) {
    case 'CLIENT_NOT_ALLOWED': {
      const address = String(details.address);
      return (
        <>
          {canAllow(config, address) && (
            <MayButton
              may="proxies.update"
              loading={update.isPending}
              onClick={() => update.mutate({ proxy, body: { config: withClientAllowed(config, address) } })}
            >
              Allow {address}
            </MayButton>
          )}
          <Button onClick={edit}>Edit allowed networks</Button>
        </>
      );
    }
    case 'CLIENT_OVER_LIMIT': {
      const { max, pipe, holder } = details;
      return (
        <>
          {typeof pipe === 'string' && (
            <MayButton may="pipes.kill" loading={kill.isPending} onClick={() => kill.mutate(pipe)}>
              End the connection of {String(holder)}
            </MayButton>
          )}
          {typeof max === 'number' && max === config.limits.maxPipes && (
            <MayButton
              may="proxies.update"
              loading={update.isPending}
              onClick={() => update.mutate({ proxy, body: { config: withMaxPipes(config, max + 1) } })}
            >
              Raise the limit to {max + 1}
            </MayButton>
          )}
        </>
      );
    }
    case 'TLS_CLIENT_REJECTED':
      return <Button onClick={edit}>Edit source</Button>;
    default:
      return <MendPort view={view} fault={fault} onEdit={edit} />;
  }
}

function MendPort({ view, fault: { code, details }, onEdit }: MendProps & { onEdit: () => void }) {
  const [isExplaining, setExplaining] = useState(false);
  const { port } = view.config.source;
  const retry = useRetryProxy();
  const other = /^proxy (\S+)$/.exec(String(details.owner ?? ''))?.[1];
  return (
    <>
      {port !== undefined && <UsePort view={view} taken={port} />}
      {code === 'ADDRESS_GONE' && <Button onClick={onEdit}>Choose another address</Button>}
      {other !== undefined && <Button onClick={() => navigate(`/proxies/${other}/edit`)}>Show proxy {other}</Button>}
      {code === 'PORT_NOT_ALLOWED' && port !== undefined && (
        <Button onClick={() => setExplaining(true)}>How to allow {port}</Button>
      )}
      <MayButton may="proxies.retry" loading={retry.isPending} onClick={() => retry.mutate(view.proxy)}>
        Try again
      </MayButton>
      {isExplaining && port !== undefined && <LowPortDialog port={port} onClose={() => setExplaining(false)} />}
    </>
  );
}

/** Moves the proxy to a near port that is free, where there is one. */
function UsePort({ view, taken }: { view: ProxyView; taken: number }) {
  const client = useClient();
  const update = useUpdateProxy();
  const { protocol, source } = view.config;
  const { data } = useQuery({
    queryKey: ['port', view.proxy, protocol, source.address, taken, view.status.error?.at],
    queryFn: () => client.ports.check({ protocol, address: source.address, port: taken, proxy: view.proxy }),
    enabled: view.status.error?.code !== 'ADDRESS_GONE',
  });
  const port = data?.suggestion;
  if (!port) return null;
  return (
    <MayButton
      may="proxies.update"
      variant="contained"
      color="primary"
      loading={update.isPending}
      onClick={() => update.mutate({ proxy: view.proxy, body: { config: withSourcePort(view.config, port) } })}
    >
      Use {port}
    </MayButton>
  );
}
