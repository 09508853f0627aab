/** Makes a connection to look at, through the proxy that is looked at or one that is chosen. */
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { useCall, useGateway } from '../../api/use-gateway.ts';
import { isSameList } from '../../components/selection.ts';

const OPEN: readonly string[] = ['listening', 'degraded', 'waiting'];

/** @param proxy  undefined: one of all */
export function TestConnection({ proxy }: { proxy: string | undefined }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const labels = useGateway(
    ({ proxies }) =>
      [...proxies.values()]
        .filter((view) => proxy === undefined || view.proxy === proxy)
        .filter(({ status, config }) => OPEN.includes(status.state) && config.protocol !== 'udp' && status.source)
        .map((view) => `${view.proxy} ${view.name}`),
    isSameList,
  );
  const send = useCall((client, id: string) => client.proxies.connect({ proxy: id }));
  const idOf = (label: string): string => label.split(' ', 1)[0] ?? '';
  const [first] = labels;
  if (first === undefined) return null;
  return (
    <>
      <Button
        variant="contained"
        color="primary"
        loading={send.isPending}
        aria-haspopup={labels.length > 1 ? 'menu' : undefined}
        onClick={(event) => (labels.length > 1 ? setAnchor(event.currentTarget) : send.mutate(idOf(first)))}
      >
        Send a test connection
      </Button>
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)}>
          {labels.map((label) => (
            <MenuItem
              key={label}
              onClick={() => {
                setAnchor(null);
                send.mutate(idOf(label));
              }}
            >
              <bdi>{label.slice(idOf(label).length + 1)}</bdi>
            </MenuItem>
          ))}
        </Menu>
      )}
    </>
  );
}
