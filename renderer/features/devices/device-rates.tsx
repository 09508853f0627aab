/** Rates of a device: → to it, ← from it. */
import type { BothWays } from '../../../shared/traffic.ts';
import { Rates } from '../../components/rates.tsx';
import { fromDevice } from './directions.ts';

export function DeviceRates({ rate }: { rate: BothWays }) {
  return <Rates rate={fromDevice(rate)} toText="to the device" fromText="from the device" />;
}
