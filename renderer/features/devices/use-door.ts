/** The door of the hub that devices are sent to, with the address of this PC that they most likely reach. */
import { useCardAddresses } from '../../api/queries.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { bestDoor, type Door } from './connect-data.ts';

export function useDoor(): Door | undefined {
  const hub = useGateway((snapshot) => snapshot.hub);
  const cards = useCardAddresses();
  const addresses = [...cards]
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address)
    .filter((address) => !address.includes('%'));
  return bestDoor(hub, addresses);
}
