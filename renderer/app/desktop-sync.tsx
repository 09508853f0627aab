/** Keeps the theme of the page and of the desktop application the same: theirs when the page starts, ours from then on. */
import { useEffect, useRef } from 'react';
import type { DesktopPreferences } from '../../shared/desktop.ts';
import { useChangeDesktop, useDesktop } from '../api/desktop.ts';
import { appearance } from '../components/appearance.ts';

export function DesktopSync() {
  const kept = useDesktop()?.preferences.theme;
  return kept === undefined ? null : <ThemeSync kept={kept} />;
}

function ThemeSync({ kept }: { kept: DesktopPreferences['theme'] }) {
  const { theme } = appearance.use();
  const { mutate } = useChangeDesktop();
  const told = useRef<typeof kept>(undefined);
  useEffect(() => {
    if (told.current === undefined) appearance.set({ theme: kept });
    else if (told.current !== theme) mutate({ theme });
    told.current = appearance.get().theme;
  }, [kept, theme, mutate]);
  return null;
}
