/**
 * The look of Sluice in one place: colours of the three schemes, sizes of the two densities, and MUI's parts bent to
 * them. Everything else reads the CSS variables declared here (`--ink2`, `--control-size` …).
 */
import { type CSSObject, createTheme, type PaletteOptions } from '@mui/material/styles';

declare module '@mui/material/styles' {
  interface ColorSchemeOverrides {
    sunlight: true;
  }
}

const light = {
  page: '#FFFFFF',
  chrome: '#F4F6F7',
  summary: '#F7F9FA',
  rail: '#E9EDEF',
  hover: '#EEF2F4',
  selected: '#DDECF1',
  line: '#DBE2E5',
  lineStrong: '#B3BFC5',
  control: '#72818A',
  ink: '#0F1E26',
  ink2: '#44545D',
  ink3: '#5C6B74',
  primary: '#0B5A72',
  primaryHover: '#08475A',
  onPrimary: '#FFFFFF',
  primaryTint: '#E3EFF3',
  focus: '#0058D6',
  active: '#0E6B3B',
  listening: '#0B5A72',
  degraded: '#7A4A00',
  degradedFill: '#FCF0D8',
  degradedEdge: '#D9AE5E',
  waiting: '#474699',
  waitingFill: '#EEEEF9',
  waitingEdge: '#B9B8E2',
  fault: '#B01B16',
  faultFill: '#FDF3F2',
  faultEdge: '#E3A5A1',
  onFault: '#FFFFFF',
  off: '#5C6B74',
  toTarget: '#1463A8',
  toSource: '#96337A',
  toTargetFill: '#EAF2FA',
  toSourceFill: '#F8EDF5',
  mark: '#FFE38A',
  navChosen: '#FFFFFF',
  navChosenInk: '#0F1E26',
};

type Tokens = typeof light;
export type SchemeName = 'light' | 'dark' | 'sunlight';

const dark: Tokens = {
  page: '#10191E',
  chrome: '#0C1418',
  summary: '#0C1418',
  rail: '#091014',
  hover: '#18242B',
  selected: '#16333E',
  line: '#24323A',
  lineStrong: '#3C4E58',
  control: '#73858F',
  ink: '#E4ECEF',
  ink2: '#AAB9C1',
  ink3: '#8C9CA5',
  primary: '#6CC4DC',
  primaryHover: '#8DD3E6',
  onPrimary: '#03222C',
  primaryTint: '#12303B',
  focus: '#9CCBFF',
  active: '#6CCB93',
  listening: '#6CC4DC',
  degraded: '#F0BD63',
  degradedFill: '#2E2410',
  degradedEdge: '#7A5B1E',
  waiting: '#B3B2F2',
  waitingFill: '#20213B',
  waitingEdge: '#4D4D86',
  fault: '#FF8F87',
  faultFill: '#221719',
  faultEdge: '#8A3833',
  onFault: '#2B0503',
  off: '#8C9CA5',
  toTarget: '#78B8F2',
  toSource: '#E79AD0',
  toTargetFill: '#101F2D',
  toSourceFill: '#24161F',
  mark: '#6B5300',
  navChosen: '#10191E',
  navChosenInk: '#E4ECEF',
};

const sunlight: Tokens = {
  page: '#FFFFFF',
  chrome: '#FFFFFF',
  summary: '#FFFFFF',
  rail: '#FFFFFF',
  hover: '#E6E6E6',
  selected: '#FFF3B0',
  line: '#000000',
  lineStrong: '#000000',
  control: '#000000',
  ink: '#000000',
  ink2: '#000000',
  ink3: '#000000',
  primary: '#003A4C',
  primaryHover: '#000000',
  onPrimary: '#FFFFFF',
  primaryTint: '#FFFFFF',
  focus: '#0038A8',
  active: '#004D22',
  listening: '#003A4C',
  degraded: '#000000',
  degradedFill: '#FFD75E',
  degradedEdge: '#000000',
  waiting: '#2B2780',
  waitingFill: '#FFFFFF',
  waitingEdge: '#2B2780',
  fault: '#8F0000',
  faultFill: '#FFFFFF',
  faultEdge: '#8F0000',
  onFault: '#FFFFFF',
  off: '#000000',
  toTarget: '#003E7D',
  toSource: '#6E1054',
  toTargetFill: '#FFFFFF',
  toSourceFill: '#FFFFFF',
  mark: '#FFE38A',
  navChosen: '#000000',
  navChosenInk: '#FFFFFF',
};

const ordinaryInk = { '--line-width': '1px', '--focus-width': '2px', '--regular': 400, '--medium': 500, '--bold': 600 };
const heavyInk = { '--line-width': '2px', '--focus-width': '3px', '--regular': 500, '--medium': 600, '--bold': 700 };

const comfortable = {
  '--control-size': '32px',
  '--control-large': '40px',
  '--filter-size': '28px',
  '--field-size': '36px',
  '--row-size': '48px',
  '--bar-size': '48px',
  '--nav-size': '40px',
  '--body': '14px',
  '--second': '12.5px',
  '--mono': '13px',
  '--sentence': '15px',
  '--icon': '18px',
  '--switch-width': '34px',
  '--switch-height': '18px',
  '--check': '18px',
};

const touch = {
  '--control-size': '44px',
  '--control-large': '48px',
  '--filter-size': '44px',
  '--field-size': '44px',
  '--row-size': '56px',
  '--bar-size': '52px',
  '--nav-size': '52px',
  '--body': '15px',
  '--second': '13.5px',
  '--mono': '14px',
  '--sentence': '16px',
  '--icon': '22px',
  '--switch-width': '46px',
  '--switch-height': '26px',
  '--check': '24px',
};

const variables = (tokens: Tokens): CSSObject =>
  Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => [`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, value]),
  );

function palette(tokens: Tokens, mode: 'light' | 'dark'): PaletteOptions {
  const colour = (main: string, contrastText: string) => ({ main, dark: main, light: main, contrastText });
  return {
    mode,
    primary: { ...colour(tokens.primary, tokens.onPrimary), dark: tokens.primaryHover },
    error: colour(tokens.fault, tokens.onFault),
    warning: colour(tokens.degraded, tokens.page),
    success: colour(tokens.active, tokens.page),
    info: colour(tokens.waiting, tokens.page),
    text: { primary: tokens.ink, secondary: tokens.ink2, disabled: tokens.ink3 },
    divider: tokens.line,
    background: { default: tokens.page, paper: tokens.page },
    action: { hover: tokens.hover, selected: tokens.selected },
  };
}

/** MUI completes the palettes of `light` and `dark` only; a scheme of our own has to come complete. */
const sunlightPalette = createTheme({ palette: palette(sunlight, 'light') }).palette;

const sans = '"IBM Plex Sans Variable", sans-serif';
const ring: CSSObject = { outline: 'var(--focus-width) solid var(--focus)', outlineOffset: '2px' };
const menuShadow = '0 6px 18px rgb(0 0 0 / 16%)';
const dialogShadow = '0 12px 32px rgb(0 0 0 / 22%)';
const floating: CSSObject = { border: 'var(--line-width) solid var(--line-strong)', borderRadius: 4 };

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: '[data-scheme="%s"]', cssVarPrefix: 'mui' },
  colorSchemes: {
    light: { palette: palette(light, 'light') },
    dark: { palette: palette(dark, 'dark') },
    sunlight: { palette: sunlightPalette },
  },
  spacing: 4,
  shape: { borderRadius: 3 },
  breakpoints: { values: { xs: 0, sm: 600, md: 900, lg: 1100, xl: 1280 } },
  typography: {
    fontFamily: sans,
    fontSize: 14,
    fontWeightRegular: 'var(--regular)',
    fontWeightMedium: 'var(--medium)',
    fontWeightBold: 'var(--bold)',
    h1: { fontSize: 20, lineHeight: '28px', fontWeight: 'var(--bold)', letterSpacing: '-0.01em' },
    h2: { fontSize: 15, lineHeight: '20px', fontWeight: 'var(--bold)' },
    body1: { fontSize: 'var(--body)', lineHeight: '20px' },
    body2: { fontSize: 'var(--second)', lineHeight: '16px' },
    button: { textTransform: 'none', fontWeight: 'var(--medium)', fontSize: 'var(--body)', lineHeight: '20px' },
  },
  transitions: {
    duration: {
      shortest: 120,
      shorter: 120,
      short: 120,
      standard: 160,
      complex: 160,
      enteringScreen: 160,
      leavingScreen: 120,
    },
    easing: { easeInOut: 'ease-out' },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        ':root': { ...variables(light), ...ordinaryInk, ...comfortable, colorScheme: 'light' },
        '[data-scheme="dark"]': { ...variables(dark), colorScheme: 'dark' },
        '[data-scheme="sunlight"]': { ...variables(sunlight), ...heavyInk },
        '[data-density="touch"]': touch,
        'html, body, #root': { height: '100%' },
        body: {
          fontFamily: sans,
          fontSize: 'var(--body)',
          lineHeight: '20px',
          fontWeight: 'var(--regular)',
          fontVariantNumeric: 'tabular-nums',
          backgroundColor: 'var(--page)',
          color: 'var(--ink)',
          overflow: 'hidden',
        },
        'code, .mono': { fontFamily: '"IBM Plex Mono", monospace', fontSize: 'var(--mono)' },
        'a:focus-visible, button:focus-visible, [tabindex]:focus-visible': ring,
        '@media (prefers-reduced-motion: reduce)': {
          '*, ::before, ::after': { transitionDuration: '0ms !important', animationDuration: '0ms !important' },
        },
      },
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true, disableTouchRipple: true },
      styleOverrides: { root: { '&.Mui-focusVisible, &:focus-visible': ring } },
    },
    MuiButton: {
      defaultProps: { disableElevation: true, variant: 'outlined', color: 'inherit' },
      styleOverrides: {
        root: {
          minHeight: 'var(--control-size)',
          minWidth: 0,
          padding: '0 13px',
          borderWidth: 'var(--line-width)',
          whiteSpace: 'nowrap',
          '&:hover': { backgroundColor: 'var(--hover)' },
          variants: [
            {
              props: { variant: 'outlined', color: 'inherit' },
              style: { borderColor: 'var(--control)', backgroundColor: 'var(--page)' },
            },
            {
              props: { variant: 'outlined', color: 'error' },
              style: { borderColor: 'var(--fault)', backgroundColor: 'var(--page)' },
            },
            {
              props: { variant: 'contained', color: 'primary' },
              style: { '&:hover': { backgroundColor: 'var(--primary-hover)' } },
            },
            {
              props: { variant: 'contained', color: 'error' },
              style: { '&:hover': { backgroundColor: 'var(--fault)' } },
            },
            { props: { variant: 'text' }, style: { '&.Mui-disabled': { border: 0 } } },
            { props: { size: 'large' }, style: { minHeight: 'var(--control-large)', padding: '0 16px' } },
            { props: { size: 'small' }, style: { minHeight: 'var(--filter-size)', padding: '0 9px', fontSize: 13 } },
          ],
          '&.Mui-disabled': {
            color: 'var(--ink3)',
            borderColor: 'var(--line-strong)',
            backgroundColor: 'transparent',
            border: 'var(--line-width) solid var(--line-strong)',
          },
        },
        startIcon: { marginLeft: 0, marginRight: 8, '& > :nth-of-type(1)': { fontSize: 'var(--icon)' } },
        endIcon: { marginRight: -4, marginLeft: 6, '& > :nth-of-type(1)': { fontSize: 18 } },
      },
    },
    MuiIconButton: {
      styleOverrides: {
        root: {
          width: 'var(--control-size)',
          height: 'var(--control-size)',
          padding: 0,
          borderRadius: 3,
          color: 'inherit',
          '&:hover': { backgroundColor: 'var(--hover)' },
        },
      },
    },
    MuiSvgIcon: { styleOverrides: { root: { fontSize: 'var(--icon)' } } },
    MuiOutlinedInput: {
      defaultProps: { notched: false },
      styleOverrides: {
        root: {
          height: 'var(--field-size)',
          fontSize: 'var(--body)',
          backgroundColor: 'var(--page)',
          '&.MuiInputBase-multiline': { height: 'auto', padding: '8px 0' },
          '&:hover .MuiOutlinedInput-notchedOutline': { borderColor: 'var(--ink2)' },
          '&.Mui-focused': { outline: 'var(--focus-width) solid var(--focus)', outlineOffset: '1px' },
          '&.Mui-focused .MuiOutlinedInput-notchedOutline': {
            borderColor: 'var(--control)',
            borderWidth: 'var(--line-width)',
          },
          '&.Mui-error .MuiOutlinedInput-notchedOutline': { borderColor: 'var(--fault)', borderWidth: 2 },
          '&.Mui-disabled': { backgroundColor: 'var(--chrome)' },
          '&.Mui-disabled .MuiOutlinedInput-notchedOutline': { borderColor: 'var(--control)', borderStyle: 'dashed' },
        },
        input: {
          padding: '0 11px',
          height: '100%',
          '&::placeholder': { color: 'var(--ink3)', opacity: 1 },
          '&.Mui-disabled': { WebkitTextFillColor: 'var(--ink2)' },
        },

        notchedOutline: {
          borderColor: 'var(--control)',
          borderWidth: 'var(--line-width)',
          top: 0,
          '& legend': { display: 'none' },
        },
      },
    },
    MuiSwitch: {
      defaultProps: { disableRipple: true },
      styleOverrides: {
        root: {
          width: 'var(--switch-width)',
          height: 'var(--switch-height)',
          padding: 0,
          overflow: 'visible',
          '&:has(:focus-visible)': { ...ring, borderRadius: 5 },
        },
        switchBase: {
          padding: 0,
          top: 0,
          left: 0,
          '&.Mui-focusVisible': { outline: 'none' },
          '&.Mui-checked': { transform: 'translateX(calc(var(--switch-width) - var(--switch-height)))' },
          '&.Mui-checked .MuiSwitch-thumb': { backgroundColor: 'var(--on-primary)' },
          '&.Mui-checked + .MuiSwitch-track': {
            opacity: 1,
            backgroundColor: 'var(--primary)',
            borderColor: 'var(--primary)',
            '&::after': { display: 'block' },
          },
        },
        thumb: {
          boxSizing: 'border-box',
          width: 'calc(var(--switch-height) - 6px)',
          height: 'calc(var(--switch-height) - 6px)',
          margin: 3,
          borderRadius: 1,
          boxShadow: 'none',
          backgroundColor: 'var(--control)',
        },
        track: {
          boxSizing: 'border-box',
          position: 'relative',
          borderRadius: 3,
          opacity: 1,
          backgroundColor: 'var(--page)',
          border: 'var(--line-width) solid var(--control)',
          '&::after': {
            content: '""',
            display: 'none',
            position: 'absolute',
            left: '18%',
            top: 'calc(50% - 1px)',
            width: '22%',
            height: 2,
            backgroundColor: 'var(--on-primary)',
          },
        },
      },
    },
    MuiCheckbox: {
      defaultProps: { disableRipple: true },
      styleOverrides: {
        root: {
          width: 'var(--check)',
          height: 'var(--check)',
          padding: 0,
          border: '1.5px solid var(--control)',
          borderRadius: 2,
          backgroundColor: 'var(--page)',
          '& svg': { display: 'none' },
          '&.Mui-checked, &.MuiCheckbox-indeterminate': {
            borderColor: 'var(--primary)',
            backgroundColor: 'var(--primary)',
          },
          '&.Mui-checked::after': {
            content: '""',
            width: '30%',
            height: '58%',
            marginTop: '-14%',
            border: 'solid var(--on-primary)',
            borderWidth: '0 2px 2px 0',
            transform: 'rotate(45deg)',
          },
          '&.MuiCheckbox-indeterminate::after': {
            content: '""',
            width: '56%',
            height: 2,
            margin: 0,
            border: 0,
            transform: 'none',
            backgroundColor: 'var(--on-primary)',
          },
        },
      },
    },
    MuiToggleButtonGroup: { styleOverrides: { root: { display: 'inline-flex', maxWidth: '100%' } } },
    MuiToggleButton: {
      styleOverrides: {
        root: {
          minHeight: 'var(--field-size)',
          padding: '0 12px',
          color: 'var(--ink)',
          borderColor: 'var(--control)',
          borderWidth: 'var(--line-width)',
          fontWeight: 'var(--regular)',
          '&:hover': { backgroundColor: 'var(--hover)' },
          '&.Mui-selected, &.Mui-selected:hover': {
            color: 'var(--ink)',
            fontWeight: 'var(--bold)',
            backgroundColor: 'var(--primary-tint)',
            boxShadow: 'inset 0 0 0 var(--line-width) var(--primary)',
            borderColor: 'var(--primary)',
          },
          '&.Mui-focusVisible': { zIndex: 1 },
        },
      },
    },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiMenu: { defaultProps: { slotProps: { list: { dense: true } } } },
    MuiAutocomplete: { styleOverrides: { paper: { ...floating, boxShadow: menuShadow } } },
    MuiPopover: { styleOverrides: { paper: { ...floating, boxShadow: menuShadow } } },
    MuiMenuItem: {
      styleOverrides: {
        root: {
          minHeight: 'var(--field-size)',
          gap: 12,
          padding: '0 16px 0 14px',
          fontSize: 'var(--body)',
          '&:hover, &.Mui-focusVisible': { backgroundColor: 'var(--hover)' },
          '&.Mui-focusVisible, &:focus-visible': { outlineOffset: '-3px' },
          '&.Mui-selected, &.Mui-selected:hover, &.Mui-selected.Mui-focusVisible': {
            backgroundColor: 'var(--selected)',
          },
          '& > .MuiSvgIcon-root': { color: 'var(--ink2)' },
        },
      },
    },
    MuiDialog: {
      defaultProps: { transitionDuration: { enter: 160, exit: 120 } },
      styleOverrides: { paper: { ...floating, boxShadow: dialogShadow, margin: 16 } },
    },
    MuiBackdrop: {
      styleOverrides: {
        root: { backgroundColor: 'rgb(15 30 38 / 45%)', '&.MuiBackdrop-invisible': { backgroundColor: 'transparent' } },
      },
    },
    MuiTooltip: {
      defaultProps: { enterDelay: 400 },
      styleOverrides: {
        tooltip: {
          backgroundColor: 'var(--ink)',
          color: 'var(--page)',
          fontSize: 12.5,
          fontWeight: 'var(--regular)',
          borderRadius: 3,
        },
      },
    },
  },
});
