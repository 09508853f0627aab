/** Beside the form: the pipe in one sentence, as a picture, and what should be known before it opens. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import type { ReactNode } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { clientRules, hostAndPort, isHostName, isIpAddress } from '../../../shared/address.ts';
import { deviceLabel } from '../../../shared/device.ts';
import { pluginId, pluginLabel } from '../../../shared/name.ts';
import { isThroughDevice } from '../../../shared/proxy.ts';
import { type Described, describeProxy, plainLegs, whoMayConnect } from '../../../shared/sentence.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { PipePicture } from '../../components/pipe-picture.tsx';
import { deviceState, deviceStateText } from '../../components/shown-device-state.ts';
import { pluginStateLabel } from '../../components/shown-plugin-state.ts';
import {
  type FormValues,
  hasNoPort,
  hasSourceTls,
  hasTargetTls,
  leadsToPlugin,
  listedNetworks,
} from './form-values.ts';
import styles from './summary-pane.module.css';

/** @param children  what follows it in the pane, such as a test */
export function SummaryPane({ children }: { children?: ReactNode }) {
  const { control } = useFormContext<FormValues>();
  const values = useWatch<FormValues>({ control }) as FormValues;
  const port = Number(values.sourcePort);
  const targetPort = Number(values.targetPort);
  const isPlugin = leadsToPlugin(values);
  const plugin = values.targetPlugin.trim();
  const view = useGateway(({ plugins }) =>
    isPlugin ? plugins.get(pluginLabel({ user: values.targetUser.trim(), plugin })) : undefined,
  );
  const address = isPlugin ? (view?.address ?? '127.0.0.1') : values.targetAddress.trim();
  const hasDevice = isThroughDevice(values.protocol);
  const isWithoutPort = hasNoPort(values);
  const device = values.targetDevice.trim();
  const state = useGateway(({ devices }) => {
    const view = devices.get(deviceLabel({ user: values.targetUser.trim(), device }));
    return view && deviceStateText[deviceState(view)].toLowerCase();
  });
  const hasSource = isWithoutPort || isPort(port);
  const hasTarget =
    (isPlugin ? pluginId.safeParse(plugin).success : isHostName(address) || isIpAddress(address)) &&
    isPort(targetPort) &&
    (!hasDevice || device !== '');
  const described: Described = {
    protocol: values.protocol,
    source: {
      ...(!isWithoutPort && { port }),
      address: values.listenAddress,
      allow: listedNetworks(values.allow),
      secure: hasSourceTls(values) && values.sourceSecure,
    },
    target: {
      address,
      port: targetPort,
      ...(isPlugin && { plugin }),
      ...(hasDevice && { device }),
      ...((hasDevice || hasTargetTls(values)) && { secure: values.targetSecure }),
    },
  };
  const plain = plainLegs(described);
  const who = isWithoutPort ? 'this PC only' : whoMayConnect(described.source);
  const isTargetPlain = hasTarget && plain.target;
  return (
    <aside className={styles.pane} aria-label="Summary">
      <section className={styles.part}>
        <h2 className={styles.lead}>This pipe, in one sentence</h2>
        <p className={styles.sentence}>{hasSource && hasTarget ? describeProxy(described) : missingText(hasSource)}</p>
      </section>
      <section className={styles.part} aria-label="Picture of the pipe">
        <PipePicture
          size="small"
          isDashed={values.protocol === 'udp'}
          source={{ detail: who, ...(plain.source && { remark: 'not encrypted', isPlain: true }) }}
          gateway={{
            state: values.enabled ? 'running' : 'stopped',
            detail: isWithoutPort ? 'portal' : hasSource ? `port ${port}` : 'no port yet',
          }}
          {...(hasDevice && {
            device: { detail: device || 'no device yet', ...(state !== undefined && { remark: state }) },
          })}
          target={{
            detail: hasTarget ? hostAndPort(isPlugin ? plugin : address, targetPort) : 'no target yet',
            ...(hasTarget && view && { remark: pluginStateLabel(view).toLowerCase() }),
            isUntried: !hasTarget,
            ...(isTargetPlain && { remark: 'not encrypted', isPlain: true }),
          }}
        />
      </section>
      {(plain.source || isTargetPlain) && (
        <p className={styles.warning}>
          <WarningIcon />
          <span>{warningText(plain.source, isTargetPlain, described)}</span>
        </p>
      )}
      {children}
    </aside>
  );
}

const missingText = (hasSource: boolean): string =>
  hasSource ? 'Choose a target.' : 'Choose a source port and a target.';

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;

/** Says it, and forbids nothing. */
function warningText(isSourcePlain: boolean, isTargetPlain: boolean, { source, target }: Described): string {
  const plain = 'can be read and changed on the way: it is not encrypted.';
  if (!isSourcePlain) return `What passes to ${target.plugin ?? target.address} ${plain}`;
  const passing = `What passes ${isTargetPlain ? 'on both legs' : 'on the first leg'} ${plain}`;
  if (clientRules(source.allow).permitted.length > 0)
    return `Anyone on ${whoMayConnect(source)} can use this port. ${passing}`;
  return `Anyone who can reach this port can use it; Limits and access can name the networks that may. ${passing}`;
}
