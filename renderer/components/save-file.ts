/** Hands a file to the browser or the desktop application to save. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  saveBlob(new File([content], name, { type }));
}

/** The same with a file that the gateway made; it may be large, so its address lives on while it is read. */
export function saveBlob(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
