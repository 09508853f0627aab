/** The variables that a program gets: the few that every program needs, and its own. Nothing else of the gateway's. */

const kept = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'XDG_RUNTIME_DIR'],
  ...['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE', 'USERNAME'],
  ...['APPDATA', 'LOCALAPPDATA', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)'],
];

export function environmentOf(own: Readonly<Record<string, string>>): Record<string, string> {
  const common = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (kept.includes(name) || name.startsWith('LC_')) ? [[name, value]] : [],
  );
  return { ...Object.fromEntries(common), ...own };
}
