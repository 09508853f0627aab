/** Filters the list by any word of name, ID, description, port or target. */
import type { Ref } from 'react';
import { SearchBox } from '../../components/search-box.tsx';
import { setFilter, useFilter } from './list-view.ts';

export function SearchField({ inputRef, autoFocus }: { inputRef?: Ref<HTMLInputElement>; autoFocus?: boolean }) {
  return (
    <SearchBox
      label="Filter by name, port, target"
      text={useFilter().text}
      onText={(text) => setFilter({ text })}
      inputRef={inputRef}
      autoFocus={autoFocus}
    />
  );
}
