/** Which host serves this page: it writes its name into the page. */

/** Whether the page stands in the window of the desktop application, not in a browser. */
export function isOnDesktop(page: Pick<Document, 'querySelector'> = document): boolean {
  return page.querySelector<HTMLMetaElement>('meta[name="sluice-host"]')?.content === 'desktop';
}
