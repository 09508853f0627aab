/** Form part "Source Configuration": the port, looked at while it is typed, and the address it opens on. */
import FreeIcon from '@mui/icons-material/Check';
import TakenIcon from '@mui/icons-material/Close';
import InputIcon from '@mui/icons-material/InputOutlined';
import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { PortVerdict } from '../../../shared/contract/ports.ts';
import { useCall, useClient, useGateway } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import { FormSection } from '../../components/form-field.tsx';
import { FormText } from './form-text.tsx';
import { type FormValues, hasNoPort, hasSourceTls } from './form-values.ts';
import { ListenAddress } from './listen-address.tsx';
import styles from './source-section.module.css';
import { SourceTls } from './source-tls.tsx';

interface SourceSectionProps {
  /** The proxy being edited; its own port counts as free. */
  proxy: string | undefined;
  wantsPort: boolean;
}

export function SourceSection({ proxy, wantsPort }: SourceSectionProps) {
  const { setValue, formState } = useFormContext<FormValues>();
  const [protocol, address, sourcePort] = useWatch<FormValues, ['protocol', 'listenAddress', 'sourcePort']>({
    name: ['protocol', 'listenAddress', 'sourcePort'],
  });
  const isWithout = hasNoPort({ protocol, sourcePort });
  const free = useCall((client, _: undefined) => client.ports.free({ protocol, address, proxy }));
  const { mutate } = free;
  const takePort = (port: number) => {
    setValue('sourcePort', String(port), { shouldDirty: true, shouldTouch: true, shouldValidate: true });
    announce(`Port ${port}`);
  };
  const pick = () => mutate(undefined, { onSuccess: ({ port }) => takePort(port) });
  useEffect(() => {
    if (!wantsPort) return;
    mutate(undefined, { onSuccess: ({ port }) => setValue('sourcePort', String(port)) });
  }, [wantsPort, mutate, setValue]);
  return (
    <FormSection icon={<InputIcon />} title="Source Configuration">
      <FormText
        name="sourcePort"
        label="Source port"
        placeholder={protocol === 'http_iotmp' ? 'none' : 'Source Port'}
        help={protocol === 'http_iotmp' ? portalHelp(isWithout) : undefined}
        isMono
        isNumber
        width={120}
        beside={
          <div className={styles.beside}>
            <Button onClick={pick} loading={free.isPending} className={styles.pick}>
              Pick free
            </Button>
            {!formState.errors.sourcePort && <Verdict proxy={proxy} onUse={takePort} />}
          </div>
        }
      />
      {!isWithout && <ListenAddress />}
      {hasSourceTls({ protocol, sourcePort }) && <SourceTls />}
    </FormSection>
  );
}

const portalHelp = (isWithout: boolean): string =>
  isWithout
    ? 'Not needed: the portal is opened in the profile of its device. A port would be one more, plain way to the same target.'
    : 'One more, plain way to the same target, beside the portal in the profile of its device.';

const TYPING_PAUSE_MS = 250;

/** The value of a moment ago: what is still being typed is not asked about. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function Verdict({ proxy, onUse }: { proxy: string | undefined; onUse: (port: number) => void }) {
  const client = useClient();
  const [protocol, address, typed] = useWatch<FormValues, ['protocol', 'listenAddress', 'sourcePort']>({
    name: ['protocol', 'listenAddress', 'sourcePort'],
  });
  const port = useSettled(typed.trim());
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
  const { data } = useQuery({
    queryKey: ['port check', proxy, protocol, address, port],
    queryFn: () => client.ports.check({ protocol, address, port: Number(port), proxy }),
    enabled: isPort,
    staleTime: 2000,
  });
  const verdict = useDeferredValue(data);
  const ownPort = useGateway(({ proxies }) => proxies.get(proxy ?? '')?.status.source?.port);
  return (
    <div className={styles.verdict} role="status">
      {isPort && verdict && String(verdict.port) === typed.trim() && (
        <VerdictText verdict={verdict} isOwn={verdict.port === ownPort} onUse={onUse} />
      )}
    </div>
  );
}

interface VerdictTextProps {
  verdict: PortVerdict;
  /** The proxy being edited listens there now. */
  isOwn: boolean;
  onUse: (port: number) => void;
}

function VerdictText({ verdict, isOwn, onUse }: VerdictTextProps) {
  const { suggestion } = verdict;
  if (verdict.free) {
    return (
      <span className={styles.free}>
        <FreeIcon />
        {isOwn ? 'Open for this proxy' : 'Free on this PC'}
      </span>
    );
  }
  return (
    <>
      <span className={styles.taken}>
        <TakenIcon />
        {verdict.error?.message}
      </span>
      {suggestion !== null && (
        <Button variant="text" color="primary" size="small" onClick={() => onUse(suggestion)}>
          Use {suggestion}
        </Button>
      )}
    </>
  );
}
