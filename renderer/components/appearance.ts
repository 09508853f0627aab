/** How this browser shows Sluice: theme and density. */
import { z } from 'zod';
import { stored } from './stored.ts';

export const themeChoices = ['system', 'light', 'dark', 'sunlight'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export const themeText: Record<ThemeChoice, string> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
  sunlight: 'Sunlight',
};

const schema = z.object({ theme: z.enum(themeChoices), isTouch: z.boolean(), isRailOpen: z.boolean() });

export const appearance = stored<z.infer<typeof schema>>('sluice.appearance', schema, {
  theme: 'system',
  isTouch: matchMedia('(pointer: coarse)').matches,
  isRailOpen: true,
});
