/** Which proxy's traffic is shown: one, or all of them. */
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import { useGateway } from '../../api/use-gateway.ts';
import { isSameList } from '../../components/selection.ts';

const ALL = '';

export function ScopeSelect({
  proxy,
  onProxy,
}: {
  proxy: string | undefined;
  onProxy: (proxy: string | undefined) => void;
}) {
  const ids = useGateway(({ proxies }) => [...proxies.keys()], isSameList);
  const names = useGateway(({ proxies }) => [...proxies.values()].map(({ name }) => name), isSameList);
  return (
    <Select
      displayEmpty
      value={proxy ?? ALL}
      onChange={(event) => onProxy(event.target.value === ALL ? undefined : event.target.value)}
      inputProps={{ 'aria-label': 'Proxy' }}
      sx={{ width: 200, height: 'var(--control-size)' }}
    >
      <MenuItem value={ALL}>All proxies</MenuItem>
      {ids.map((id, index) => (
        <MenuItem key={id} value={id}>
          <bdi>{names[index]}</bdi>
        </MenuItem>
      ))}
    </Select>
  );
}
