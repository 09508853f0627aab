/** The text of an autostart file, as the Desktop Entry Specification wants it. */

export function desktopEntry(command: readonly string[]): string {
  return `${[
    '[Desktop Entry]',
    'Type=Application',
    'Name=Sluice',
    'Comment=Proxies for on-premises IoT gateways',
    `Exec=${escaped(command.map(quoted).join(' '))}`,
    'Icon=sluice-desktop',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ].join('\n')}\n`;
}

/** One argument: what a shell would act on is quoted, and a percent sign begins no field code. */
function quoted(argument: string): string {
  return `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Every value of the file is read with these escapes first. */
function escaped(value: string): string {
  return value.replace(/[\\\n\r\t]/g, (found) => escapes[found] ?? found);
}
