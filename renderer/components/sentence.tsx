/** A sentence with one name of it in bold. Names come from outside: what they hold cannot turn the text around them. */
interface SentenceProps {
  text: string;
  /** The name; anything but a text that occurs is left as it is. */
  strong: unknown;
}

export function Sentence({ text, strong }: SentenceProps) {
  if (typeof strong !== 'string' || strong === '' || !text.includes(strong)) return text;
  const at = text.lastIndexOf(strong);
  return (
    <>
      {text.slice(0, at)}
      <bdi>
        <b>{strong}</b>
      </bdi>
      {text.slice(at + strong.length)}
    </>
  );
}
