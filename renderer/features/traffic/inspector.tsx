/** One connection: what went through it, its TLS and its facts. */
import FollowIcon from '@mui/icons-material/ArrowDownward';
import ClearIcon from '@mui/icons-material/ClearAllOutlined';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import CaptureIcon from '@mui/icons-material/FiberManualRecord';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import useMediaQuery from '@mui/material/useMediaQuery';
import { type RefObject, useMemo, useState } from 'react';
import { type DecodedMessage, type Protocol, protocols } from '../../../shared/decoded.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import { copyText } from '../../components/copy-text.ts';

import { MayButton } from '../../components/may.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { type Decoded, protocolName } from './decoded-list.ts';
import { DecodedMessageView } from './decoded-message.tsx';
import { ExportMenu } from './export-menu.tsx';
import styles from './inspector.module.css';
import { MessageList } from './message-list.tsx';
import { copied, copyKinds, findAll, needleOf, type Payload, type View, type Way } from './payload-list.ts';
import { PipeDetails } from './pipe-details.tsx';
import { PipeMenu } from './pipe-menu.tsx';
import { StreamView } from './stream-view.tsx';
import { useArm } from './traffic-calls.ts';
import { useDecoded } from './use-decoded.ts';

const tabs = { stream: 'Stream', messages: 'Messages', decoded: 'Decoded', tls: 'TLS', details: 'Details' } as const;
type Tab = keyof typeof tabs;
const views: Readonly<Record<View, string>> = { auto: 'Auto', text: 'Text', hex: 'Hex', json: 'JSON' };
const ways: Readonly<Record<Way | 'both', string>> = { both: 'Both', received: '→', sent: '←' };
const spoken: Readonly<Record<string, string>> = { received: 'Only to the target', sent: 'Only back to the source' };
const copyWords = { hex: 'Copy as hex', text: 'Copy as text', c: 'Copy as C array' } as const;

interface InspectorProps {
  pipe: Pipe;
  /** Of a kept conversation. */
  name?: string | undefined;
  payload: Payload;
  isFollowing: boolean;
  onFollowing: (isFollowing: boolean) => void;
  findRef: RefObject<HTMLInputElement | null>;
}

export function Inspector({ pipe, name, payload, isFollowing, onFollowing, findRef }: InspectorProps) {
  const [tab, setTab] = useState<Tab>('stream');
  const [protocol, setProtocol] = useState<Protocol | 'auto'>('auto');
  const [chosen, setChosen] = useState<DecodedMessage>();
  const decoded = useDecoded(pipe.pipe, pipe.capture?.capture, protocol);
  const { messages } = decoded;
  const message = chosen ?? messages.at(-1);
  const step = (by: 1 | -1): void => setChosen(messages[messages.indexOf(message as DecodedMessage) + by] ?? message);
  return (
    <section className={styles.inspector} aria-label={`Connection of ${pipe.client}`}>
      <div className={styles.tabs}>
        <div role="tablist" className={styles.tablist}>
          {(Object.keys(tabs) as Tab[]).map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={tab === name}
              onClick={() => setTab(name)}
              disabled={(name === 'tls' && !pipe.tls) || (name === 'decoded' && !message)}
            >
              {tabs[name]}
            </button>
          ))}
        </div>
        <span className={styles.ends}>
          <GuessWords decoded={decoded} />
        </span>
        {(tab === 'stream' || tab === 'messages') && payload.entries.length > 0 && (
          <Button
            variant="text"
            size="small"
            startIcon={<FollowIcon />}
            aria-pressed={isFollowing}
            onClick={() => onFollowing(!isFollowing)}
          >
            {isFollowing ? 'Following' : 'Follow'}
          </Button>
        )}
        {pipe.capture && <ExportMenu pipe={pipe.pipe} />}
        <PipeMenu pipe={pipe} name={name} />
      </div>
      {tab === 'stream' && (
        <Stream
          pipe={pipe}
          payload={payload}
          isFollowing={isFollowing}
          onFollowing={onFollowing}
          findRef={findRef}
          decoded={decoded}
        />
      )}
      {tab === 'messages' && (
        <>
          <div className={styles.tools}>
            <ProtocolSelect protocol={protocol} onProtocol={setProtocol} />
          </div>
          {messages.length === 0 && <p className={styles.empty}>{decoded.failure ?? 'No message so far.'}</p>}
          <MessageList
            messages={messages}
            isFollowing={isFollowing}
            onFollowing={onFollowing}
            onChoose={(one) => {
              setChosen(one);
              setTab('decoded');
            }}
          />
        </>
      )}
      {tab === 'decoded' && message && <DecodedMessageView message={message} onStep={step} />}
      {(tab === 'tls' || tab === 'details') && <PipeDetails pipe={pipe} part={tab} />}
    </section>
  );
}

const findKeys = { shown: 'Ctrl F', spoken: 'Control+F' };

function Stream({ pipe, payload, isFollowing, onFollowing, findRef, decoded }: InspectorProps & { decoded: Decoded }) {
  const isNarrow = useMediaQuery('(max-width: 1100px)');
  const [view, setView] = useState<View>('auto');
  const [way, setWay] = useState<Way | 'both'>('both');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [cleared, setCleared] = useState<string>();
  const entries = useMemo(() => after(payload.entries, cleared), [payload.entries, cleared]);
  const found = useMemo(() => {
    const needle = needleOf(text);
    return needle ? findAll(entries, way, needle) : [];
  }, [entries, way, text]);
  if (payload.entries.length === 0)
    return <NoPayload pipe={pipe} isArmed={payload.armed || pipe.capture?.armed === true} />;
  const at = found[Math.min(chosen, found.length - 1)];
  const clear = () => setCleared(payload.entries.at(-1)?.key);
  return (
    <>
      <div className={styles.tools}>
        <Choice label="How bytes are shown" words={views} value={view} onChange={setView} />
        <Choice label="Which way" words={ways} value={way} onChange={setWay} />
        <span className="space" />
        {text !== '' && (
          <span className={styles.hits} role="status">
            {found.length === 0 ? 'Not found' : `${Math.min(chosen, found.length - 1) + 1} of ${found.length}`}
          </span>
        )}
        {found.length > 1 && (
          <Button size="small" onClick={() => setChosen((chosen + 1) % found.length)}>
            Next
          </Button>
        )}
        <SearchBox
          label="Find text or 0x bytes"
          keys={findKeys}
          width={isNarrow ? 116 : 216}
          text={text}
          inputRef={findRef}
          onText={(next) => {
            setText(next);
            setChosen(0);
            onFollowing(false);
          }}
        />
        <IconButton aria-label="Clear" title="Clear" onClick={clear}>
          <ClearIcon />
        </IconButton>
        <CopyMenu payload={payload} way={way} isNarrow={isNarrow} />
      </div>
      {entries.length < payload.entries.length ? (
        <p className={styles.cut}>
          Cleared. What came before is still captured.{' '}
          <Button size="small" variant="text" onClick={() => setCleared(undefined)}>
            Show it again
          </Button>
        </p>
      ) : (
        payload.isCut && <p className={styles.cut}>Older payload is not shown here. Export has all that is kept.</p>
      )}
      <StreamView
        entries={entries}
        view={view}
        way={way}
        found={found}
        chosen={at}
        isFollowing={isFollowing}
        onFollowing={onFollowing}
        decoded={decoded}
      />
    </>
  );
}

/** What came later than what was cleared. */
function after(entries: Payload['entries'], cleared: string | undefined): Payload['entries'] {
  return cleared === undefined ? entries : entries.slice(entries.findIndex(({ key }) => key === cleared) + 1);
}

function GuessWords({ decoded: { guess } }: { decoded: Decoded }) {
  if (!guess) return null;
  return (
    <span className={styles.hits}>
      Looks like <b>{protocolName[guess.protocol]}</b>, a guess
    </span>
  );
}

interface ProtocolSelectProps {
  protocol: Protocol | 'auto';
  onProtocol: (protocol: Protocol | 'auto') => void;
}

function ProtocolSelect({ protocol, onProtocol }: ProtocolSelectProps) {
  return (
    <Select
      value={protocol}
      onChange={(event) => onProtocol(event.target.value)}
      inputProps={{ 'aria-label': 'Protocol' }}
      sx={{ height: 'var(--control-size)' }}
    >
      <MenuItem value="auto">Auto</MenuItem>
      {protocols.map((one) => (
        <MenuItem key={one} value={one}>
          {protocolName[one]}
        </MenuItem>
      ))}
    </Select>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  words: Readonly<Record<T, string>>;
  value: T;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, words, value, onChange }: ChoiceProps<T>) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={value}
      aria-label={label}
      onChange={(_, next: T | null) => next !== null && onChange(next)}
    >
      {(Object.keys(words) as T[]).map((name) => (
        <ToggleButton key={name} value={name} aria-label={spoken[name] ?? words[name]}>
          {words[name]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function CopyMenu({ payload, way, isNarrow }: { payload: Payload; way: Way | 'both'; isNarrow: boolean }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const bytes = (): Uint8Array => {
    const parts = payload.entries.flatMap((entry) =>
      entry.kind === 'data' && (way === 'both' || entry.way === way) ? [entry.bytes] : [],
    );
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  return (
    <>
      {isNarrow ? (
        <IconButton aria-label="Copy" aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
          <CopyIcon />
        </IconButton>
      ) : (
        <Button startIcon={<CopyIcon />} aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
          Copy
        </Button>
      )}
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)}>
          {copyKinds.map((kind) => (
            <MenuItem
              key={kind}
              onClick={() => {
                setAnchor(null);
                copyText(copied(bytes(), kind)).catch(reportError);
              }}
            >
              {copyWords[kind]}
            </MenuItem>
          ))}
        </Menu>
      )}
    </>
  );
}

function NoPayload({ pipe, isArmed }: { pipe: Pipe; isArmed: boolean }) {
  const arm = useArm();
  if (isArmed) return <p className={styles.empty}>Armed. What passes from now on is shown here.</p>;
  if (pipe.state === 'ended') return <p className={styles.empty}>The payload of this connection was not captured.</p>;
  return (
    <div className={styles.empty}>
      <p>Payload is not captured until somebody arms it; bytes are only counted.</p>
      <p>
        <MayButton
          may="captures.armPipe"
          variant="contained"
          color="primary"
          startIcon={<CaptureIcon />}
          loading={arm.isPending}
          onClick={() => arm.mutate({ pipe: pipe.pipe })}
        >
          Capture payload
        </MayButton>
      </p>
      <p className={styles.remark}>For 10 minutes, the newest 64 MB. Everyone sees that it is armed.</p>
    </div>
  );
}
