/** Filters the list by any word of name, ID, description, port or target. */
import SearchIcon from '@mui/icons-material/Search';
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
      endAdornment={text === '' && <KeyCap>/</KeyCap>}
      inputProps={{ 'aria-label': 'Filter by name, port, target', type: 'search', 'aria-keyshortcuts': '/' }}
      sx={{ width: 240, height: 'var(--control-size)', pl: '10px', pr: '8px' }}
    />
  );
}
