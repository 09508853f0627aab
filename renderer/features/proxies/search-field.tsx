/** Filters the list by any word of name, ID, description, port or target. */

import ClearIcon from '@mui/icons-material/Close';
import SearchIcon from '@mui/icons-material/Search';
import IconButton from '@mui/material/IconButton';
import OutlinedInput from '@mui/material/OutlinedInput';
import type { Ref } from 'react';
import { KeyCap } from '../../components/key-cap.tsx';
import { setFilter, useFilter } from './list-view.ts';

export function SearchField({ inputRef, autoFocus }: { inputRef?: Ref<HTMLInputElement>; autoFocus?: boolean }) {
  const { text } = useFilter();
  return (
    <OutlinedInput
      inputRef={inputRef}
      autoFocus={autoFocus ?? false}
      value={text}
      placeholder="Filter by name, port, target"
      onChange={(event) => setFilter({ text: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return;
        event.stopPropagation();
        setFilter({ text: '' });
      }}
      startAdornment={<SearchIcon sx={{ color: 'var(--ink2)' }} />}
      endAdornment={
        text === '' ? (
          <KeyCap>/</KeyCap>
        ) : (
          <IconButton
            aria-label="Clear the filter text"
            onClick={() => setFilter({ text: '' })}
            sx={{ width: 24, height: 24 }}
          >
            <ClearIcon />
          </IconButton>
        )
      }
      inputProps={{ role: 'searchbox', 'aria-label': 'Filter by name, port, target', 'aria-keyshortcuts': '/' }}
      sx={{ width: 240, height: 'var(--control-size)', pl: '10px', pr: '8px', '& input': { px: '8px' } }}
    />
  );
}
