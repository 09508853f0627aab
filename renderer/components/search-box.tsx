/** The search field of a list. */
import ClearIcon from '@mui/icons-material/Close';
import SearchIcon from '@mui/icons-material/Search';
import IconButton from '@mui/material/IconButton';
import OutlinedInput from '@mui/material/OutlinedInput';
import type { Ref } from 'react';
import { KeyCap } from './key-cap.tsx';

interface SearchBoxProps {
  /** What it looks in. */
  label: string;
  text: string;
  onText: (text: string) => void;
  inputRef?: Ref<HTMLInputElement> | undefined;
  autoFocus?: boolean | undefined;
  /** The key that leads here; null where there is none. */
  keys?: { readonly shown: string; readonly spoken: string } | null;
  width?: number | string;
}

const slash = { shown: '/', spoken: '/' };

export function SearchBox({ label, text, onText, inputRef, autoFocus, keys = slash, width = 240 }: SearchBoxProps) {
  return (
    <OutlinedInput
      inputRef={inputRef}
      autoFocus={autoFocus ?? false}
      value={text}
      placeholder={label}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return;
        event.stopPropagation();
        onText('');
      }}
      startAdornment={<SearchIcon sx={{ color: 'var(--ink2)' }} />}
      endAdornment={
        text === '' ? (
          keys && <KeyCap>{keys.shown}</KeyCap>
        ) : (
          <IconButton aria-label="Clear the filter text" onClick={() => onText('')} sx={{ width: 24, height: 24 }}>
            <ClearIcon />
          </IconButton>
        )
      }
      inputProps={{ role: 'searchbox', 'aria-label': label, 'aria-keyshortcuts': keys?.spoken }}
      sx={{ width, height: 'var(--control-size)', pl: '10px', pr: '8px', '& input': { px: '8px' } }}
    />
  );
}
