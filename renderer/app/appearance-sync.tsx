/** Carries the choice of theme and density over to the document. */
import { useColorScheme } from '@mui/material/styles';
import { useLayoutEffect } from 'react';
import { appearance } from '../components/appearance.ts';

/** Sunlight is a light scheme of its own, so it takes the place of light. */
export function AppearanceSync() {
  const { theme, isTouch } = appearance.use();
  const { setMode, setColorScheme } = useColorScheme();
  useLayoutEffect(() => {
    setColorScheme({ light: theme === 'sunlight' ? 'sunlight' : 'light', dark: 'dark' });
    setMode(theme === 'sunlight' ? 'light' : theme);
  }, [theme, setMode, setColorScheme]);
  useLayoutEffect(() => {
    document.documentElement.dataset.density = isTouch ? 'touch' : 'comfortable';
  }, [isTouch]);
  return null;
}
