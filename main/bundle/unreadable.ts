/** A file that cannot be taken in, and why, as the middle of a sentence. */
export class Unreadable extends Error {}
