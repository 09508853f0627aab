/** The ⋯ menu of a connection. */

import BlockIcon from '@mui/icons-material/BlockOutlined';
import KillIcon from '@mui/icons-material/CloseOutlined';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import CaptureIcon from '@mui/icons-material/FiberManualRecord';
import AllowIcon from '@mui/icons-material/HowToRegOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import StopIcon from '@mui/icons-material/Stop';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { Pipe } from '../../../shared/pipe.ts';
import { copyText } from '../../components/copy-text.ts';
import { MayItem } from '../../components/may.tsx';
import styles from '../../components/row-menu.module.css';
import { KeepDialog } from './records/keep-dialog.tsx';
import { type RecordAction, recordItems } from './records/record-items.tsx';
import { RemoveRecordDialog } from './records/remove-record-dialog.tsx';
import { ReplayDialog } from './records/replay-dialog.tsx';
import { isRecord } from './records/use-records.ts';
import { addressOf, useAllowOnly, useArm, useBlock, useKillPipes, useStopCapture } from './traffic-calls.ts';

/** @param name  of a kept conversation */
export function PipeMenu({ pipe, name = pipe.client }: { pipe: Pipe; name?: string | undefined }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [action, setAction] = useState<RecordAction>();
  const close = () => setAction(undefined);
  const kill = useKillPipes();
  const arm = useArm();
  const stop = useStopCapture();
  const allowOnly = useAllowOnly();
  const block = useBlock();
  const isOpen = pipe.state !== 'ended' && !isRecord(pipe.pipe);
  const isArmed = pipe.capture?.armed ?? false;
  const address = addressOf(pipe);
  const pick = (action: () => void) => () => {
    setAnchor(null);
    action();
  };
  return (
    <>
      <IconButton
        aria-label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => {
          event.stopPropagation();
          setAnchor(event.currentTarget);
        }}
      >
        <MoreIcon />
      </IconButton>
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)} onClick={(event) => event.stopPropagation()}>
          {isOpen && !isArmed && (
            <MayItem may="captures.armPipe" onClick={pick(() => arm.mutate({ pipe: pipe.pipe }))}>
              <CaptureIcon />
              <span className={styles.text}>Capture payload</span>
            </MayItem>
          )}
          {isArmed && (
            <MayItem may="captures.stopPipe" onClick={pick(() => stop.mutate({ proxy: pipe.proxy, pipe: pipe.pipe }))}>
              <StopIcon />
              <span className={styles.text}>Stop capture</span>
            </MayItem>
          )}
          {pipe.capture && recordItems(pipe.pipe, (chosen) => pick(() => setAction(chosen))())}
          <MenuItem onClick={pick(() => copyText(`${pipe.client} → ${pipe.target}`).catch(reportError))}>
            <CopyIcon />
            <span className={styles.text}>Copy addresses</span>
          </MenuItem>
          {!isRecord(pipe.pipe) && [
            <Divider key="line" />,
            <MayItem may="proxies.update" key="allow" onClick={pick(() => allowOnly.mutate(pipe))}>
              <AllowIcon />
              <span className={styles.text}>Allow only {address}</span>
            </MayItem>,
            <MayItem may="proxies.update" key="block" onClick={pick(() => block.mutate(pipe))}>
              <BlockIcon />
              <span className={styles.text}>Block {address}</span>
            </MayItem>,
          ]}
          {isOpen && (
            <MayItem may="pipes.kill" className={styles.remove} onClick={pick(() => kill.mutate([pipe.pipe]))}>
              <KillIcon />
              <span className={styles.text}>End this connection</span>
            </MayItem>
          )}
        </Menu>
      )}
      {action === 'keep' && <KeepDialog pipe={pipe} onClose={close} />}
      {action === 'replay' && <ReplayDialog pipe={pipe} onClose={close} />}
      {action === 'remove' && <RemoveRecordDialog record={pipe.pipe} name={name} onClose={close} />}
    </>
  );
}
