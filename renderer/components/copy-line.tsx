/** Text to be copied whole: a command, a fingerprint, credentials. */
import DoneIcon from '@mui/icons-material/Check';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import IconButton from '@mui/material/IconButton';
import { Fragment, useEffect, useState } from 'react';
import styles from './copy-line.module.css';
import { copyText } from './copy-text.ts';

const SHOWN_MS = 2000;

/** @param props.what  ends "Copy …" */
export function CopyLine({ text, what }: { text: string; what: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    copyText(text).then(() => setCopied(true), reportError);
  };
  return (
    <div className={styles.line}>
      <code>
        {text.split(' ').map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name, and never change their place
          <Fragment key={index}>
            {index > 0 && ' '}
            <span>{word}</span>
          </Fragment>
        ))}
      </code>
      <IconButton aria-label={`Copy ${what}`} onClick={copy} className={isCopied ? styles.done : undefined}>
        {isCopied ? <DoneIcon /> : <CopyIcon />}
      </IconButton>
    </div>
  );
}
