/** What a page that is open asks of a gateway: it follows the live events, and looks at them. */
export async function follow(page: { readonly url: string; readonly token: string }): Promise<void> {
  const answer = await fetch(`${page.url}/v1/events`, {
    headers: { authorization: `Bearer ${page.token}`, accept: 'text/event-stream' },
  });
  if (!answer.ok || !answer.body) throw new Error('The live events cannot be followed.');
  const reading = answer.body.getReader();
  const first = await reading.read();
  if (first.done) throw new Error('There are no live events.');
  const more = async (): Promise<void> => {
    while (!(await reading.read()).done);
  };
  more().catch(() => process.exit(1));
}
